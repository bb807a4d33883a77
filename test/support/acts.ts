import { closeAttempt, startAttempt } from '../../src/domain/attempt.js';
import type { Attack } from '../../src/domain/attack.js';
import { answerHotline, announceWindow, extendWindow, recordConsent, setBasis } from '../../src/domain/ceasefire.js';
import type { Mode } from '../../src/domain/corridor.js';
import type { CriterionCode } from '../../src/domain/criterion.js';
import type { Decision } from '../../src/domain/decision.js';
import type { Dossier } from '../../src/domain/dossier.js';
import type { TextRef } from '../../src/domain/event.js';
import { clearHold, liftHold, stopCorridor } from '../../src/domain/hold.js';
import type { CommandId, HoldId, LimitId, OpeningRequestId, SegmentId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { approveOpening, requestOpening, type RequestOpening } from '../../src/domain/opening.js';
import type { Actor } from '../../src/domain/permission.js';
import { refuseRaise } from '../../src/domain/raising.js';
import { assessCriterion, assessOrdnance, setTransitTime } from '../../src/domain/readiness.js';
import { discountAttack, recordObservation, type RecordObservation } from '../../src/domain/report.js';
import { approveStance, proposeStance } from '../../src/domain/stance.js';
import type { CeasefireWindow } from '../../src/domain/window.js';
import type { Zone } from '../../src/domain/zone.js';
import { FIELD_LEAD, FIRST, K7, NORTH, SECOND, SOUTH, TEXT, actor, command } from './facts.js';
import type { History } from './given.js';

/** What people do to a corridor, by the commands themselves. */
export type Act = (history: History, now: Instant) => History;
interface Step {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly reason: TextRef;
}

/** One person gives one command, which must be accepted, and be one person's to give. */
export function act(who: Actor, decide: (dossier: Dossier, step: Step, now: Instant) => Decision): Act {
  const step = { commandId: command('a step'), actor: who, reason: TEXT };
  const asTheWriterDoes = (dossier: Dossier, given: Step, now: Instant): Decision => {
    const decision = decide(dossier, given, now);
    if (decision.kind === 'refused') return decision;
    const refusals = decision.events.map((body) => refuseRaise(dossier, { body, version: 99, recordedAt: now, actorId: who.id }));
    const refusal = refusals.find((known) => known !== null);
    return refusal == null ? decision : { kind: 'refused', problem: refusal };
  };
  return (history, now) => history.when(asTheWriterDoes, step, now).expectCorridor({}).after;
}

export function inTurn(...acts: readonly Act[]): Act {
  return (history, now) => acts.reduce((so, next) => next(so, now), history);
}

export const windowOf = (dossier: Dossier): CeasefireWindow => dossier.window as CeasefireWindow;
export const discountBy = (who: Actor): Act =>
  act(who, (dossier, step) => discountAttack(dossier.attacks[0] as Attack, [dossier], { ...step, effect: 'false_report' }));
export const discountByTwo = inTurn(discountBy(FIRST), discountBy(SECOND));
export const liftHoldByTwo = inTurn(
  act(FIELD_LEAD, (dossier, step) => clearHold(dossier, { ...step, holdId: dossier.corridor.holds[0]?.id as HoldId })),
  act(FIRST, (dossier, step, now) => liftHold(dossier, { ...step, holdId: dossier.corridor.holds[0]?.id as HoldId }, now)),
);
export const support = inTurn(
  act(FIRST, (dossier, step) => proposeStance(dossier, { ...step, stance: 'supported' })),
  act(SECOND, (dossier, step) => approveStance(dossier, { ...step, proposalId: step.commandId })),
);
export const close = act(FIRST, closeAttempt);
/** With the window of the next day, where there is one. */
export const startAnew = act(FIRST, (dossier, step, now) =>
  startAttempt(dossier, { ...step, window: dossier.otherWindows[0] ?? null }, now),
);
export const survey = act(actor('assessor', 'ordnance_assessor'), (dossier, step) =>
  assessOrdnance(dossier, { ...step, segmentId: NORTH, status: 'cleared' }),
);
export const restOnAll = act(FIRST, (dossier, step) => setBasis(windowOf(dossier), { ...step, basis: 'all_party' }));

export function openByTwo(kind: RequestOpening['kind'], limitId: LimitId | null = null): Act {
  const what = { kind, limitId, overrides: [], isByVoice: false, boundDigest: 'digest' };
  return inTurn(
    act(FIRST, (dossier, step, now) => requestOpening(dossier, { ...step, ...what, realNow: now }, now)),
    act(SECOND, (dossier, step, now) => {
      const requestId = step.commandId as string as OpeningRequestId;
      return approveOpening(dossier, { ...step, requestId, realNow: now, isRequesterActive: true }, now);
    }),
  );
}

/** What two people opened with is bettered by two: stopped, changed, opened again. */
export function reopenedAfter(...changes: readonly Act[]): Act {
  const stop = act(FIELD_LEAD, (dossier, step) =>
    stopCorridor(dossier, { ...step, reason: 'other', modes: null, segmentIds: [], note: null }),
  );
  return inTurn(stop, liftHoldByTwo, ...changes, greenLight('ukraine', 'russia'), openByTwo('reopen'));
}

export function greenLight(...parties: readonly string[]): Act {
  return inTurn(
    ...parties.map((party) =>
      act(FIRST, (dossier, step) =>
        recordConsent(windowOf(dossier), [dossier.corridor], { ...step, party, consent: 'green_light', voice: TEXT }),
      ),
    ),
  );
}

export function call(...parties: readonly string[]): Act {
  return inTurn(
    ...parties.map((party) => act(FIRST, (dossier, step) => answerHotline(windowOf(dossier), [dossier.corridor], { ...step, party }))),
  );
}

export function extend(end: Instant): Act {
  const agreed = { claim: { edge: { kind: 'instant', at: end }, claimedBy: 'both', wording: null }, approvedBy: SECOND.id } as const;
  return act(FIRST, (dossier, step) => extendWindow(windowOf(dossier), { ...step, ...agreed }));
}

export function see(segmentId: SegmentId, changes: Partial<RecordObservation> = {}): Act {
  const quiet = { seen: 'manned_post', condition: 'quiet', passability: {}, roadLookedAt: false, provenance: 'reported' } as const;
  const times = { observedAt: null, enteredAt: null, sentAt: null };
  return act(FIELD_LEAD, ({ corridor }, step, now) =>
    recordObservation(corridor, { ...step, segmentId, ...quiet, ...times, note: null, ...changes }, now),
  );
}
export const seeAll = inTurn(see(NORTH), see(SOUTH));
export const lookAtRoad = see(NORTH, { roadLookedAt: true });

export function assess(criterion: CriterionCode): Act {
  return act(FIRST, (dossier, step, now) =>
    assessCriterion(dossier, { ...step, criterion, value: 'met', validUntil: null, note: null }, now),
  );
}

export function setTransit(mode: Mode): Act {
  return act(FIRST, (dossier, step) => setTransitTime(dossier, { ...step, mode, slowMinutes: 60, basis: 'estimated' }));
}

export const announce = act(FIRST, (_dossier, step) =>
  announceWindow({
    ...step,
    externalId: null,
    kind: 'daily_corridor',
    corridorIds: [K7],
    zone: 'Europe/Kyiv' as Zone,
    announcedBy: ['ukraine'],
    basis: null,
    claims: [],
    provenance: 'reported',
  }),
);
