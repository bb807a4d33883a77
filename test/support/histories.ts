import fc from 'fast-check';
import { ATTACK_TYPES, type Touch } from '../../src/domain/attack.js';
import { ORDNANCE_STATUSES, PASSABILITIES, STOP_REASONS, WATCHES } from '../../src/domain/corridor.js';
import { ASSESSED_CRITERIA, CRITERION_VALUES } from '../../src/domain/criterion.js';
import type { LimitId } from '../../src/domain/ids.js';
import { addMs, MINUTE_MS, type Instant } from '../../src/domain/instant.js';
import { CONDITIONS } from '../../src/domain/observation.js';
import { BASES, CONSENTS } from '../../src/domain/window.js';
import {
  K7,
  NORTH,
  SOUTH,
  WINDOW,
  at,
  attackReported,
  consentRecorded,
  corridorStopped,
  fact,
  holdSet,
  hotlineAnswered,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
} from './facts.js';
import type { Fact } from './given.js';

/** The hour around nine, when the corridor would be open: so facts meet each other, and a word that can get worse. */
export const time: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 70 }).map((minutes) => addMs(at('08:30'), minutes * MINUTE_MS));
/** Later than all of them. */
export const AFTERWARDS = at('09:41');
const segmentId = fc.constantFrom(NORTH, SOUTH);
const modes = fc.option(fc.subarray(['bus', 'car'] as const, { minLength: 1 }));
const party = fc.constantFrom('ukraine', 'russia');
const name = fc.integer({ min: 0, max: 9_999 }).map((number) => `number ${String(number)}`);
const passability = fc.dictionary(fc.constantFrom('bus', 'car'), fc.constantFrom(...PASSABILITIES), { maxKeys: 2, noNullPrototype: true });
const touch: fc.Arbitrary<Touch> = fc.record({
  corridorId: fc.constant(K7),
  how: fc.constantFrom('named', 'stop', 'watch', 'uncertain'),
  segmentIds: fc.subarray([NORTH, SOUTH]),
  distanceKm: fc.option(fc.double({ min: 0, max: 10, noNaN: true })),
});

/** What anybody may send about a segment; whether it is to be trusted is decided by `changes`. */
export const report: fc.Arbitrary<Fact> = fc
  .record({
    segmentId,
    receivedAt: time,
    ageMin: fc.integer({ min: 0, max: 180 }),
    seen: fc.constantFrom(...WATCHES),
    condition: fc.constantFrom(...CONDITIONS),
    passability,
    roadLookedAt: fc.boolean(),
    isTrusted: fc.boolean(),
  })
  .map(({ segmentId: where, receivedAt, ageMin, ...changes }) =>
    observed(where, receivedAt, { ...changes, observedAt: addMs(receivedAt, -ageMin * MINUTE_MS) }),
  );

export const attack: fc.Arbitrary<Fact> = fc
  .record({
    name,
    receivedAt: time,
    type: fc.constantFrom(...ATTACK_TYPES),
    touch,
    isAuthenticated: fc.boolean(),
    modes,
    origins: fc.uniqueArray(fc.constantFrom('one', 'two', 'three'), { minLength: 1, maxLength: 2 }),
  })
  .map(({ name: called, receivedAt, type, touch: how, isAuthenticated, modes: which, origins }) =>
    attackReported(called, receivedAt, {
      types: [type],
      touches: [how],
      isAuthenticated,
      teamOf: isAuthenticated ? [K7] : [],
      modes: which,
      originGroups: origins,
    }),
  );

const decision: fc.Arbitrary<Fact> = fc.oneof(
  fc
    .tuple(name, time, modes)
    .map(([called, when, which]) => corridorStopped(called, when, { modes: which, lifecycle: which === null ? 'suspended' : null })),
  fc
    .tuple(name, time, modes, fc.constantFrom(...STOP_REASONS))
    .map(([called, when, which, reason]) => holdSet(called, when, { modes: which, reason })),
  fc.tuple(party, time, fc.constantFrom(...CONSENTS)).map(([who, when, consent]) => consentRecorded(who, consent, when)),
  fc.tuple(party, time).map(([who, when]) => hotlineAnswered(who, when)),
  fc.tuple(time, fc.constantFrom(...BASES)).map(([when, basis]) => fact('BasisSet', when, { windowId: WINDOW, basis })),
  fc
    .tuple(time, segmentId, fc.constantFrom(...ORDNANCE_STATUSES))
    .map(([when, where, ordnance]) =>
      fact('OrdnanceAssessed', when, { corridorId: K7, segmentId: where, status: ordnance, cause: 'assessor' }),
    ),
  fc
    .tuple(time, fc.constantFrom(...ASSESSED_CRITERIA), fc.constantFrom(...CRITERION_VALUES), time)
    .map(([when, criterion, value, validUntil]) =>
      fact('CriterionAssessed', when, { corridorId: K7, criterion, value, validUntil, note: null }),
    ),
  fc.tuple(name, time, modes, fc.option(time)).map(([called, when, which, until]) =>
    fact('LimitSet', when, {
      corridorId: K7,
      limitId: id<LimitId>(called),
      kind: 'daylight_only',
      modes: which,
      peoplePerHour: null,
      until,
      note: null,
    }),
  ),
  fc
    .tuple(time, fc.option(time), fc.option(time))
    .map(([when, lastLightAt, curfewFrom]) => fact('LightAndCurfewSet', when, { corridorId: K7, lastLightAt, curfewFrom, curfewTo: null })),
  fc
    .tuple(time, fc.nat({ max: 50 }))
    .map(([when, max]) => fact('PeopleInsideReported', when, { corridorId: K7, min: 0, max, unaccounted: 0 })),
  fc.tuple(time, fc.constantFrom('closing', 'closed', 'suspended', 'open')).map(([when, to]) => lifecycleChanged('open', to, when)),
);

/** A corridor that two people opened at 06:55, and what happened to it around nine, in the order of the log. */
export const corridorHistory: fc.Arbitrary<readonly Fact[]> = fc
  .array(fc.oneof({ weight: 3, arbitrary: report }, { weight: 1, arbitrary: attack }, { weight: 2, arbitrary: decision }), { maxLength: 8 })
  .map((facts) => inOrder([...openCorridor(), ...facts]));

/** Sorted by log time; facts of one instant keep their order. */
export function inOrder(facts: readonly Fact[]): readonly Fact[] {
  return [...facts].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Any second from the opening to an hour after the window's end, most of them while it may be open. */
export const anyNow: fc.Arbitrary<Instant> = fc
  .oneof(
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 * 60 * 60 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 13 * 60 * 60 }) },
  )
  .map((seconds) => addMs(at('07:00'), seconds * 1_000));
