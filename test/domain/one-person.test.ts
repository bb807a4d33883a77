import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { agreeAttempt, closeAttempt, scheduleAttempt, startAttempt, startClosing, startNegotiation } from '../../src/domain/attempt.js';
import {
  cancelWindow,
  extendWindow,
  makeClaim,
  recordOutcome,
  recordViolation,
  setBasis,
  shortenWindow,
} from '../../src/domain/ceasefire.js';
import { EXPOSURES, WATCHES, type Mode } from '../../src/domain/corridor.js';
import { ASSESSED_CRITERIA, CRITERION_CODES } from '../../src/domain/criterion.js';
import type { Decision } from '../../src/domain/decision.js';
import type { Dossier } from '../../src/domain/dossier.js';
import type { DomainEvent } from '../../src/domain/event.js';
import { clearHold, liftHold, setHold, stopCorridor } from '../../src/domain/hold.js';
import type { CommandId, HoldId, OpeningRequestId } from '../../src/domain/ids.js';
import { HOUR_MS, MINUTE_MS, addMs, type Instant } from '../../src/domain/instant.js';
import { approveOpening, countersignOpening, rejectOpening, requestOpening } from '../../src/domain/opening.js';
import { MAY_RAISE, refuseRaise } from '../../src/domain/raising.js';
import { grantWaiver, proposeWaiver, reportPeopleInside, setLightAndCurfew, setLimit, setTransitTime } from '../../src/domain/readiness.js';
import { corroborateAttack, gradeAttack, retractAttack, reviseCounts } from '../../src/domain/report.js';
import { changeRoute } from '../../src/domain/route.js';
import { approveStance, proposeStance } from '../../src/domain/stance.js';
import { EASE } from '../../src/domain/status.js';
import { BASES, type CeasefireWindow, type Edge } from '../../src/domain/window.js';
import {
  FIRST,
  K7,
  NORTH,
  TEXT,
  WINDOW,
  at,
  command,
  consentRecorded,
  fact,
  holdSet,
  hotlineAnswered,
  openCorridor,
  scheduledCorridor,
  segment,
  watched,
} from '../support/facts.js';
import { given, type Fact } from '../support/given.js';
import { corridorHistory, inOrder } from '../support/histories.js';

/** What one coordinator does at 09:45, on what they find; all by the same person. */
type Act = (dossier: Dossier, commandId: CommandId) => Decision;

const NOW = at('09:45');
const instant: fc.Arbitrary<Instant> = fc.integer({ min: -6, max: 14 }).map((hours) => addMs(NOW, hours * HOUR_MS));
const maybe = fc.option(instant);
const mode: fc.Arbitrary<Mode> = fc.constantFrom('bus', 'car');
const edge: fc.Arbitrary<Edge> = fc.oneof(
  instant.map((when): Edge => ({ kind: 'instant', at: when })),
  fc.constant<Edge>({ kind: 'not_stated' }),
);
const NOTHING: Decision = { kind: 'refused', problem: { code: 'no-attempt', details: {} } };
const by = (commandId: CommandId) => ({ commandId, actor: FIRST, reason: null, note: null });
const ofWindow =
  (rule: (window: CeasefireWindow, commandId: CommandId) => Decision): Act =>
  ({ window }, commandId) =>
    window === null ? NOTHING : rule(window, commandId);
const firstHold = ({ corridor }: Dossier): HoldId => corridor.holds[0]?.id ?? ('none' as HoldId);
const firstRequest = ({ corridor }: Dossier): OpeningRequestId => corridor.attempt?.openingRequests[0]?.id ?? ('none' as OpeningRequestId);
const claim = (stated: Edge) => ({ edge: stated, claimedBy: 'ukraine', wording: null });
const STOP = { reason: 'crowd', segmentIds: [] } as const;

const acts: Readonly<Record<string, fc.Arbitrary<Act>>> = {
  setBasis: fc.constantFrom(...BASES, null).map((basis) => ofWindow((window, commandId) => setBasis(window, { ...by(commandId), basis }))),
  setTransitTime: fc.tuple(mode, fc.integer({ min: 5, max: 300 })).map(
    ([of, slowMinutes]): Act =>
      (dossier, commandId) =>
        setTransitTime(dossier, { ...by(commandId), mode: of, slowMinutes, basis: 'measured' }),
  ),
  setLightAndCurfew: fc.record({ lastLightAt: maybe, curfewFrom: maybe, curfewTo: maybe }).map(
    (times): Act =>
      (dossier, commandId) =>
        setLightAndCurfew(dossier, { ...by(commandId), ...times }),
  ),
  changeRoute: fc
    .record({
      watch: fc.constantFrom(...WATCHES),
      exposure: fc.constantFrom(...EXPOSURES),
      modes: fc.subarray(['bus', 'car'] as const, { minLength: 1 }),
    })
    .map(
      ({ watch, exposure, modes }): Act =>
        (dossier, commandId) =>
          changeRoute(dossier, {
            ...by(commandId),
            geometryKind: 'traced',
            permittedModes: modes,
            segments: [segment({ watch, exposure })],
          }),
    ),
  makeClaim: fc
    .tuple(fc.constantFrom('start', 'end'), edge)
    .map(([about, stated]) => ofWindow((window, commandId) => makeClaim(window, { ...by(commandId), claim: { ...claim(stated), about } }))),
  shortenWindow: edge.map((stated) => ofWindow((window, commandId) => shortenWindow(window, { ...by(commandId), claim: claim(stated) }))),
  extendWindow: edge.map((stated) =>
    ofWindow((window, commandId) => extendWindow(window, { ...by(commandId), claim: claim(stated), approvedBy: null })),
  ),
  approveOwnExtension: edge.map((stated) =>
    ofWindow((window, commandId) => extendWindow(window, { ...by(commandId), claim: claim(stated), approvedBy: FIRST.id })),
  ),
  cancelWindow: fc.constant(ofWindow((window, commandId) => cancelWindow(window, by(commandId)))),
  recordViolation: fc.constant(
    ofWindow((window, commandId) => recordViolation(window, { ...by(commandId), kind: 'delay', hitCorridorIds: [K7], attackId: null })),
  ),
  recordOutcome: fc.constant(
    ofWindow((window, commandId) => recordOutcome(window, { ...by(commandId), outcome: 'held', violationKind: null, detail: null })),
  ),
  reportPeopleInside: fc.option(fc.nat({ max: 3 })).map(
    (max): Act =>
      (dossier, commandId) =>
        reportPeopleInside(dossier, { ...by(commandId), min: 0, max, unaccounted: 0 }),
  ),
  setLimit: fc
    .record({
      kind: fc.constantFrom('modes_only' as const, 'capacity' as const),
      modes: fc.option(fc.subarray(['bus', 'car'] as const, { minLength: 1 })),
      until: maybe,
    })
    .map(
      (limit): Act =>
        (dossier, commandId) =>
          setLimit(dossier, { ...by(commandId), ...limit, peoplePerHour: null }),
    ),
  setHold: fc.option(fc.subarray(['bus', 'car'] as const, { minLength: 1 })).map(
    (modes): Act =>
      (dossier, commandId) =>
        setHold(dossier, { ...by(commandId), ...STOP, modes }),
  ),
  stopCorridor: fc.option(fc.subarray(['bus', 'car'] as const, { minLength: 1 })).map(
    (modes): Act =>
      (dossier, commandId) =>
        stopCorridor(dossier, { ...by(commandId), ...STOP, modes }),
  ),
  clearHold: fc.constant((dossier, commandId) => clearHold(dossier, { ...by(commandId), holdId: firstHold(dossier) })),
  liftHold: fc.constant((dossier, commandId) => liftHold(dossier, { ...by(commandId), holdId: firstHold(dossier) }, NOW)),
  proposeStance: fc.constant((dossier, commandId) => proposeStance(dossier, { ...by(commandId), stance: 'observed', reason: TEXT })),
  approveStance: fc.constant((dossier, commandId) =>
    approveStance(dossier, { ...by(commandId), proposalId: dossier.corridor.stanceProposal?.id ?? commandId }),
  ),
  proposeWaiver: fc.constantFrom(...CRITERION_CODES).map(
    (criterion): Act =>
      (dossier, commandId) =>
        proposeWaiver(dossier, { ...by(commandId), criterion, until: addMs(NOW, HOUR_MS), mitigation: TEXT }, NOW),
  ),
  grantWaiver: fc.constant((dossier, commandId) =>
    grantWaiver(dossier, { ...by(commandId), waiverId: dossier.corridor.waiverProposals[0]?.id ?? commandId }),
  ),
  requestOpening: fc.constantFrom('open' as const, 'reopen' as const, 'remove_limit' as const).map(
    (kind): Act =>
      (dossier, commandId) =>
        requestOpening(
          dossier,
          {
            ...by(commandId),
            kind,
            limitId: dossier.corridor.attempt?.limits[0]?.id ?? null,
            overrides: [],
            isByVoice: false,
            boundDigest: '',
            realNow: NOW,
          },
          NOW,
        ),
  ),
  approveOpening: fc.constant((dossier, commandId) =>
    approveOpening(dossier, { ...by(commandId), requestId: firstRequest(dossier), realNow: NOW, isRequesterActive: true }, NOW),
  ),
  rejectOpening: fc.constant((dossier, commandId) => rejectOpening(dossier, { ...by(commandId), requestId: firstRequest(dossier) })),
  countersignOpening: fc.constant((dossier, commandId) =>
    countersignOpening(dossier, { ...by(commandId), requestId: firstRequest(dossier) }),
  ),
  startClosing: fc.constant((dossier, commandId) => startClosing(dossier, by(commandId))),
  closeAttempt: fc.constant((dossier, commandId) => closeAttempt(dossier, by(commandId))),
  startAttempt: fc.constant((dossier, commandId) => startAttempt(dossier, { ...by(commandId), window: dossier.window }, NOW)),
  startNegotiation: fc.constant((dossier, commandId) => startNegotiation(dossier, { ...by(commandId), window: dossier.window }, NOW)),
  agreeAttempt: fc.constant((dossier, commandId) => agreeAttempt(dossier, by(commandId))),
  scheduleAttempt: fc.constant((dossier, commandId) => scheduleAttempt(dossier, by(commandId))),
  gradeAttack: fc.constantFrom('A' as const, 'D' as const, 'F' as const).map(
    (reliability): Act =>
      ({ attacks: [attack] }, commandId) =>
        attack === undefined
          ? NOTHING
          : gradeAttack(attack, { ...by(commandId), grade: { reliability, credibility: '3' }, verification: 'disputed' }),
  ),
  corroborateAttack: fc.constant(({ attacks: [attack] }, commandId) =>
    attack === undefined ? NOTHING : corroborateAttack(attack, { ...by(commandId), originGroup: 'one more' }),
  ),
  retractAttack: fc.constant(({ attacks: [attack] }, commandId) => (attack === undefined ? NOTHING : retractAttack(attack, by(commandId)))),
  reviseCounts: fc.constant(({ attacks: [attack] }, commandId) =>
    attack === undefined ? NOTHING : reviseCounts(attack, { ...by(commandId), casualties: attack.casualties }),
  ),
};

/** What the writer does with a decision, as far as one corridor is concerned: null where it is refused. */
function taken(history: readonly Fact[], act: Act, commandId: CommandId): readonly Fact[] | null {
  const { dossier } = given(...history);
  const decision = act(dossier, commandId);
  if (decision.kind === 'refused') return null;
  const facts = decision.events.map((body: DomainEvent): Fact => ({ body, at: NOW, actorId: FIRST.id }));
  const refusals = facts.map(({ body }) => refuseRaise(dossier, { body, version: 99, recordedAt: NOW, actorId: FIRST.id }));
  return refusals.some((refusal) => refusal !== null) ? null : [...history, ...facts];
}

/** Everything that fresh words can better: what was only hidden by their lack shows. */
const FRESH: readonly Fact[] = [
  ...watched(NOW),
  consentRecorded('ukraine', 'green_light', NOW),
  consentRecorded('russia', 'green_light', NOW),
  hotlineAnswered('ukraine', NOW),
  hotlineAnswered('russia', NOW),
  ...ASSESSED_CRITERIA.map((criterion) =>
    fact('CriterionAssessed', NOW, { corridorId: K7, criterion, value: 'met', validUntil: at('22:00'), note: null }),
  ),
];
/** PLANNED is no use of a road: one coordinator may record an agreement. */
function easeOf(history: readonly Fact[], now: Instant): number {
  const ease = EASE[given(...history).statusAt(now).display];
  return ease > EASE.planned ? ease : 0;
}

/** Some of what could be better when it was opened, so that there is something to better. */
const SINGLE_CONTROL = fact('BasisSet', at('06:30'), { windowId: WINDOW, basis: 'single_control' });
const EVENING = fact('LightAndCurfewSet', at('06:30'), { corridorId: K7, lastLightAt: null, curfewFrom: at('11:05'), curfewTo: null });
const history: fc.Arbitrary<readonly Fact[]> = fc
  .tuple(corridorHistory, fc.subarray([SINGLE_CONTROL, EVENING]))
  .map(([facts, poor]) => inOrder([...facts, ...poor]));

describe('one coordinator alone', () => {
  const anything = fc.oneof(...Object.values(acts));

  it('makes nothing easier to use by any few commands, at once or when everything else is fresh again', () => {
    let accepted = 0;
    fc.assert(
      fc.property(history, fc.array(anything, { minLength: 1, maxLength: 4 }), (before, few) => {
        const after = few.reduce<readonly Fact[]>(
          (facts, act, index) => taken(facts, act, command(`act ${String(index)}`)) ?? facts,
          before,
        );
        if (after.length > before.length) accepted += 1;
        expect(easeOf(after, NOW)).toBeLessThanOrEqual(easeOf(before, NOW));
        const later = addMs(NOW, MINUTE_MS);
        expect(easeOf([...after, ...FRESH], later)).toBeLessThanOrEqual(easeOf([...before, ...FRESH], later));
      }),
      { numRuns: 400 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it.each(Object.entries(acts))('makes nothing easier by %s', (_name, acting) => {
    fc.assert(
      fc.property(history, acting, (before, act) => {
        const after = taken(before, act, command('the act'));
        if (after === null) return;
        const later = addMs(NOW, MINUTE_MS);
        expect(easeOf(after, NOW)).toBeLessThanOrEqual(easeOf(before, NOW));
        expect(easeOf([...after, ...FRESH], later)).toBeLessThanOrEqual(easeOf([...before, ...FRESH], later));
      }),
      { numRuns: 40 },
    );
  });
});

describe('what two people answered for when they opened', () => {
  const lightAndCurfew = (curfewFrom: Instant | null): Fact =>
    fact('LightAndCurfewSet', NOW, { corridorId: K7, lastLightAt: null, curfewFrom, curfewTo: null });
  const transit = (slowMinutes: number): Fact =>
    fact('TransitTimeSet', NOW, { corridorId: K7, mode: 'bus', slowMinutes, basis: 'measured' });
  const basis = (next: (typeof BASES)[number] | null): Fact => fact('BasisSet', NOW, { windowId: WINDOW, basis: next });
  const route = (changes: Parameters<typeof segment>[0]): Fact =>
    fact('RouteChanged', NOW, { corridorId: K7, geometryKind: 'traced', permittedModes: ['bus', 'car'], segments: [segment(changes)] });
  const refusalOf = (history: readonly Fact[], { body }: Fact): ReturnType<typeof refuseRaise> =>
    refuseRaise(given(...history).dossier, { body, version: 99, recordedAt: NOW, actorId: FIRST.id });
  const evening = lightAndCurfew(at('18:00'));
  const noBusTime = openCorridor().filter(({ body }) => !(body.type === 'TransitTimeSet' && body.mode === 'bus'));

  it.each([
    ['a better basis', openCorridor().concat(SINGLE_CONTROL), basis('all_party'), 'basis'],
    [
      'a better basis in the dark of a hold',
      openCorridor().concat(SINGLE_CONTROL, holdSet('a hold', at('09:00'))),
      basis('all_party'),
      'basis',
    ],
    ['a shorter transit', openCorridor(), transit(50), 'last_departure'],
    ['a transit time where none was known, and an override stood for it', noBusTime, transit(600), 'transit_time'],
    ['a later curfew', openCorridor().concat(evening), lightAndCurfew(at('18:30')), 'last_departure'],
    ['no curfew any more', openCorridor().concat(evening), lightAndCurfew(null), 'last_departure'],
    ['a segment that is watched otherwise', openCorridor(), route({ watch: 'passage' }), 'route'],
  ])('is not bettered by one: %s', (_what, history, change, easier) => {
    expect(refusalOf(history, change)).toEqual({
      code: 'takes-two-people',
      details: { corridorId: K7, easier: expect.arrayContaining([easier]) },
    });
  });

  it.each([
    ['a worse basis', openCorridor(), basis('single_control')],
    ['a longer transit', openCorridor(), transit(90)],
    ['an earlier curfew', openCorridor().concat(evening), lightAndCurfew(at('17:00'))],
    ['the same once more', openCorridor(), transit(60)],
  ])('may be made worse by one: %s', (_what, history, change) => {
    expect(refusalOf(history, change)).toBeNull();
  });

  it('is anybody’s to prepare before the opening, and again once it is suspended', () => {
    const suspended = openCorridor().concat(
      fact('CorridorStopped', at('09:00'), {
        corridorId: K7,
        holdId: 'a stop' as HoldId,
        reason: 'crowd',
        modes: null,
        segmentIds: [NORTH],
        lifecycle: 'suspended',
        note: null,
      }),
    );
    for (const history of [scheduledCorridor(), suspended]) {
      for (const change of [basis('all_party'), transit(5), lightAndCurfew(null), route({ watch: 'passage' })]) {
        expect(refusalOf(history, change)).toBeNull();
      }
    }
  });

  it('is never in the way of a stop, a hold, or a report', () => {
    const never = Object.entries(MAY_RAISE)
      .filter(([, who]) => who === 'no')
      .map(([type]) => type);
    expect(never).toEqual(expect.arrayContaining(['CorridorStopped', 'HoldSet', 'AttackReported', 'LifecycleChanged']));
    const stop = taken(
      openCorridor(),
      (dossier, commandId) => stopCorridor(dossier, { ...by(commandId), ...STOP, modes: null }),
      command('stop'),
    );
    expect(stop).not.toBeNull();
  });
});
