import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainEvent, Recorded } from '../../src/domain/event.js';
import { timesOf } from '../../src/domain/evidence.js';
import { forcedEffects } from '../../src/domain/forced-effects.js';
import type { HoldId, LimitId } from '../../src/domain/ids.js';
import { HOUR_MS, MINUTE_MS, addMs, type Instant } from '../../src/domain/instant.js';
import { EASE, type Status } from '../../src/domain/status.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import { CONSENTS, VIOLATION_KINDS } from '../../src/domain/window.js';
import {
  FIRST,
  K7,
  NORTH,
  WINDOW,
  at,
  attackReported,
  claim,
  command,
  consentRecorded,
  fact,
  id,
  observed,
  openCorridor,
} from '../support/facts.js';
import { given, type Fact } from '../support/given.js';
import { AFTERWARDS, attack, corridorHistory } from '../support/histories.js';

const idFor = (name: string): HoldId => id<HoldId>(name);
const recorded = ({ body, at: recordedAt, actorId }: Fact): Recorded => ({ body, version: 1, recordedAt, actorId });
const bySystem =
  (now: Instant) =>
  (body: DomainEvent): Fact => ({ body, at: now, actorId: null });

/** What the last fact of the history forces on its corridor. */
function forcedBy(facts: readonly Fact[]): readonly Fact[] {
  const cause = facts.at(-1) as Fact;
  return forcedEffects(recorded(cause), [given(...facts).dossier], idFor).map(bySystem(cause.at));
}
/** The history with the causes and what each forces, one after the other, as a batch is written. */
function batch(facts: readonly Fact[], causes: readonly Fact[]): readonly Fact[] {
  return causes.reduce((so, cause) => [...so, cause, ...forcedBy([...so, cause])], facts);
}

type Change = (fact: Fact) => readonly Fact[];
const startsAtTen: Change = (known) =>
  known.body.type === 'WindowAnnounced'
    ? [
        {
          ...known,
          body: {
            ...known.body,
            claims: [claim('start', { kind: 'instant', at: at('10:00') }), claim('end', { kind: 'instant', at: at('19:00') })],
          },
        },
      ]
    : [known];
const isStep = ({ body }: Fact, ...to: readonly string[]): boolean => body.type === 'LifecycleChanged' && to.includes(body.to);
const notOpened: Change = (known) => (known.body.type === 'CorridorOpened' || isStep(known, 'open') ? [] : startsAtTen(known));
const onlyAgreed: Change = (known) => (isStep(known, 'scheduled') ? [] : notOpened(known));

/** Open; decided but not begun; scheduled; agreed. */
const change = fc.constantFrom<Change>((known) => [known], startsAtTen, notOpened, onlyAgreed);
const histories = fc.tuple(corridorHistory, change).map(([facts, to]) => facts.flatMap(to));

/** What ends by itself: a limit, a waiver, the three hours of fire whose road was looked at, a warning that nobody called back about. */
const soon = fc.integer({ min: 1, max: 50 }).map((minutes) => addMs(at('08:55'), minutes * MINUTE_MS));
const ending: fc.Arbitrary<readonly Fact[]> = fc.oneof(
  soon.map((until) => [
    fact('LimitSet', at('08:52'), {
      corridorId: K7,
      limitId: id<LimitId>('a limit'),
      kind: 'daylight_only',
      modes: null,
      peoplePerHour: null,
      until,
      note: null,
    }),
  ]),
  fc
    .tuple(soon, fc.constantFrom('met' as const, 'not_met' as const))
    .map(([until, value]) => [
      fact('CriterionAssessed', at('08:51'), { corridorId: K7, criterion: 'transport', value, validUntil: at('19:00'), note: null }),
      fact('WaiverGranted', at('08:52'), { corridorId: K7, waiverId: command('w'), criterion: 'transport', until, proposedBy: FIRST.id }),
    ]),
  fc.tuple(soon, fc.subarray([K7])).map(([endsAt, teamOf]) => {
    const when = addMs(endsAt, -3 * HOUR_MS);
    const looked = { ...observed(NORTH, at('08:53'), { roadLookedAt: true }), at: at('08:53') };
    return [attackReported('shells', when, { teamOf, place: null }), looked];
  }),
  fc.constant([attackReported('a rumour', at('08:52'), { isAuthenticated: false, teamOf: [] })]),
);
/** The attempt was started late, so that some of the fire lies before it. */
const startedLate: Change = (known) => [known.body.type === 'AttemptStarted' ? { ...known, at: at('06:30') } : known];
/** Fire is told when it falls, or hours later. */
const toldLate: Change = (known) => [known.body.type === 'AttackReported' ? { ...known, at: at('08:54') } : known];
const otherwise = fc.subarray([startedLate, toldLate]);
const endings = fc
  .tuple(fc.array(ending, { maxLength: 2 }), change, otherwise)
  .map(([facts, to, more]) => [to, ...more].reduce<readonly Fact[]>((so, next) => so.flatMap(next), [...openCorridor(), ...facts.flat()]));

const consent = fc.tuple(fc.constantFrom('ukraine', 'russia'), fc.constantFrom(...CONSENTS));
const cause: fc.Arbitrary<Fact> = fc.oneof(
  attack.map((known) => ({ ...known, at: AFTERWARDS })),
  consent.map(([party, word]) => consentRecorded(party, word, AFTERWARDS)),
  fc.tuple(fc.constantFrom(...VIOLATION_KINDS), fc.boolean()).map(([kind, isHit]) =>
    fact('ViolationRecorded', AFTERWARDS, {
      windowId: WINDOW,
      violationId: command('violation'),
      kind,
      hitCorridorIds: isHit ? [K7] : [],
      attackId: null,
      note: null,
    }),
  ),
);

const attackIdOf = ({ body }: Fact): string => (body as Extract<DomainEvent, { readonly type: 'AttackReported' }>).attackId;

describe('what a fact forces (E2–E5)', () => {
  it('never makes a corridor easier to use', () => {
    fc.assert(
      fc.property(histories, cause, (facts, last) => {
        const before = given(...facts, last).statusAt(AFTERWARDS);
        const after = given(...batch(facts, [last])).statusAt(AFTERWARDS);
        expect(EASE[after.display]).toBeLessThanOrEqual(EASE[before.display]);
        for (const mode of after.modes) {
          const same = before.modes.find((known) => known.mode === mode.mode) as Status['modes'][number];
          expect(EASE[mode.display]).toBeLessThanOrEqual(EASE[same.display]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is forced once: asked again, on what came of it, it changes nothing', () => {
    fc.assert(
      fc.property(histories, cause, (facts, last) => {
        const after = batch(facts, [last]);
        const again = forcedEffects(recorded(last), [given(...after).dossier], idFor).map(bySystem(last.at));
        expect(given(...after, ...again).dossier).toEqual(given(...after).dossier);
      }),
      { numRuns: 100 },
    );
  });

  it('comes to the same word, steps and holds in whatever order two attacks of one batch are written', () => {
    const told = (facts: readonly Fact[]): object => {
      const { corridor } = given(...facts).dossier;
      const { display, row, modes, attempt } = given(...facts).statusAt(AFTERWARDS);
      return {
        display,
        row,
        modes: modes.map((mode) => [mode.mode, mode.display]),
        lifecycle: attempt?.lifecycle,
        holds: corridor.holds.map((hold) => hold.id).toSorted(),
        ordnance: corridor.segments.map((segment) => segment.ordnance.status),
      };
    };
    const together = attack.map((known) => ({ ...known, at: AFTERWARDS }));
    fc.assert(
      fc.property(histories, together, together, (facts, one, other) => {
        fc.pre(attackIdOf(one) !== attackIdOf(other));
        expect(told(batch(facts, [other, one]))).toEqual(told(batch(facts, [one, other])));
      }),
      { numRuns: 100 },
    );
  });
});

/** Where time alone makes the corridor easier to use, from then on, with all that time causes written down at each edge. */
function raisedByTime(history: readonly Fact[], from: Instant): readonly string[] {
  const raised: string[] = [];
  let facts = history;
  let before = given(...facts).statusAt(from);
  for (let edges = 0; edges < 30 && before.validUntil !== null; edges += 1) {
    const now: Instant = before.validUntil;
    const { dossier } = given(...facts);
    facts = [...facts, ...timeEffects(dossier, now, idFor).map(bySystem(now))];
    const after = given(...facts).statusAt(now);
    const isStart = now === timesOf(dossier).startsAt;
    if (!isStart && EASE[after.display] > EASE[before.display]) raised.push(`${now}: ${before.display} → ${after.display}`);
    before = after;
  }
  return raised;
}

describe('the passing of time (1.5, `ease`)', () => {
  it('never makes a corridor easier to use, except that a window’s start comes', () => {
    fc.assert(
      fc.property(endings, (history) => {
        expect(raisedByTime(history, at('08:55'))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
