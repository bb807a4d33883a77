import { CRITERIA, type Criterion, type CriterionCode } from './criterion.js';
import type { CorridorEvent, LightAndCurfew, Limit, LimitKind, Mode, OrdnanceStatus, TransitTime } from './corridor.js';
import { isEnded } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import { isForOperation } from './display.js';
import type { Dossier } from './dossier.js';
import { timesOf } from './evidence.js';
import type { TextRef } from './event.js';
import type { CommandId, LimitId, SegmentId } from './ids.js';
import { HOUR_MS, addMs, type Instant } from './instant.js';
import type { Actor } from './permission.js';
import { problem, type Problem } from './problem.js';
import { LONGEST_WAIVER_MS } from './settings.js';

interface Step {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

export interface AssessCriterion extends Step {
  readonly criterion: CriterionCode;
  readonly value: Criterion['value'];
  /** Left out: as long as domain 1.3 says, or the end of the window. */
  readonly validUntil: Instant | null;
  /** `not_applicable` needs one (domain 1.3): it sets the criterion aside as a waiver does. */
  readonly note: TextRef | null;
}

/** Criteria of the operation are asked again after a week at the latest. */
const OPERATION_MS = 7 * 24 * HOUR_MS;

const NO_REASON = { field: 'note', code: 'reason-missing', message: 'note must say why the criterion is not applicable' };

/** People say whether a criterion is met. The computed ones (1, 2, 3, 9, 13) are nobody's to say. */
export function assessCriterion(dossier: Dossier, command: AssessCriterion, now: Instant): Decision<CorridorEvent> {
  const { criterion, value, note } = command;
  const kind = CRITERIA[criterion];
  if (kind.isComputed) return refuse(problem('criterion-computed', { criterion }));
  if (value === 'not_applicable' && kind.class === 'absolute') return refuse(problem('criterion-absolute', { criterion }));
  if (value === 'not_applicable' && note === null) return refuse(problem('invalid-request', { errors: [NO_REASON] }));
  const latest = latestEnd(dossier, criterion, now);
  if (command.validUntil !== null && command.validUntil > latest) return refuse(problem('ends-too-late', { latest }));
  return accept({
    type: 'CriterionAssessed',
    corridorId: dossier.corridor.id,
    criterion,
    value,
    validUntil: command.validUntil ?? latest,
    note,
  });
}

function latestEnd(dossier: Dossier, criterion: CriterionCode, now: Instant): Instant {
  if (isForOperation(criterion)) return addMs(now, OPERATION_MS);
  const { validHours } = CRITERIA[criterion];
  if (validHours !== null) return addMs(now, validHours * HOUR_MS);
  return timesOf(dossier).lastEndAt ?? addMs(now, 24 * HOUR_MS);
}

export interface ProposeWaiver extends Step {
  readonly criterion: CriterionCode;
  readonly until: Instant;
  readonly mitigation: TextRef;
}

/** A named risk owner proposes; a second person grants. Never for an absolute criterion, nor criterion 7 under a party. */
export function proposeWaiver(dossier: Dossier, command: ProposeWaiver, now: Instant): Decision<CorridorEvent> {
  const { criterion, until, mitigation } = command;
  const latest = addMs(now, LONGEST_WAIVER_MS);
  const isBarred = criterion === 'destination_choice' && dossier.corridor.destinationParty !== null;
  if (CRITERIA[criterion].class !== 'waivable' || isBarred) return refuse(problem('criterion-not-waivable', { criterion }));
  if (until > latest || until <= now) return refuse(problem('ends-too-late', { latest }));
  return accept({ type: 'WaiverProposed', corridorId: dossier.corridor.id, waiverId: command.commandId, criterion, until, mitigation });
}

export interface GrantWaiver extends Step {
  readonly waiverId: CommandId;
}

export function grantWaiver(dossier: Dossier, command: GrantWaiver): Decision<CorridorEvent> {
  const proposals = dossier.corridor.waiverProposals;
  const proposal = proposals.find((open) => open.id === command.waiverId);
  if (proposal === undefined) return refuse(problem('proposal-unknown', { open: proposals.map((open) => open.id) }));
  if (proposal.proposedBy === command.actor.id) return refuse(problem('same-person', { firstBy: proposal.proposedBy }));
  const { criterion, until, proposedBy } = proposal;
  return accept({ type: 'WaiverGranted', corridorId: dossier.corridor.id, waiverId: proposal.id, criterion, until, proposedBy });
}

export interface SetLimit extends Step {
  readonly kind: LimitKind;
  readonly modes: Limit['modes'];
  readonly peoplePerHour: number | null;
  readonly until: Instant | null;
  readonly note: TextRef | null;
}

/** One person sets a limit; removing one is an opening (two people). */
export function setLimit(dossier: Dossier, command: SetLimit): Decision<CorridorEvent> {
  const refusal = noRunningAttempt(dossier);
  if (refusal !== null) return refuse(refusal);
  const { kind, modes, peoplePerHour, until, note, commandId } = command;
  return accept({
    type: 'LimitSet',
    corridorId: dossier.corridor.id,
    limitId: commandId as string as LimitId,
    kind,
    modes,
    peoplePerHour,
    until,
    note,
  });
}

export interface SetTransitTime extends Step {
  readonly mode: Mode;
  /** Slow (p90) time, minutes, checkpoint waits included. */
  readonly slowMinutes: number;
  readonly basis: TransitTime['basis'];
}

export function setTransitTime(dossier: Dossier, command: SetTransitTime): Decision<CorridorEvent> {
  const refusal = noRunningAttempt(dossier) ?? unknownMode(dossier, command.mode);
  if (refusal !== null) return refuse(refusal);
  const { mode, slowMinutes, basis } = command;
  return accept({ type: 'TransitTimeSet', corridorId: dossier.corridor.id, mode, slowMinutes, basis });
}

export interface SetLightAndCurfew extends Step, LightAndCurfew {}

export function setLightAndCurfew(dossier: Dossier, command: SetLightAndCurfew): Decision<CorridorEvent> {
  const refusal = noRunningAttempt(dossier);
  if (refusal !== null) return refuse(refusal);
  const { lastLightAt, curfewFrom, curfewTo } = command;
  return accept({ type: 'LightAndCurfewSet', corridorId: dossier.corridor.id, lastLightAt, curfewFrom, curfewTo });
}

export interface ReportPeopleInside extends Step {
  readonly min: number;
  /** null: no upper figure. */
  readonly max: number | null;
  readonly unaccounted: number;
}

/** A count of people on the road, as a range. An attempt that is over may still have people inside. */
export function reportPeopleInside(dossier: Dossier, command: ReportPeopleInside): Decision<CorridorEvent> {
  if (dossier.corridor.attempt === null) return refuse(problem('no-attempt', {}));
  const { min, max, unaccounted } = command;
  return accept({ type: 'PeopleInsideReported', corridorId: dossier.corridor.id, min, max, unaccounted });
}

export interface AssessOrdnance extends Step {
  readonly segmentId: SegmentId;
  readonly status: OrdnanceStatus;
}

/** Only an ordnance assessor says that a segment is clear (E3); the permission table sees to that. */
export function assessOrdnance(dossier: Dossier, command: AssessOrdnance): Decision<CorridorEvent> {
  const { segmentId, status } = command;
  const { segments } = dossier.corridor;
  if (!segments.some((segment) => segment.id === segmentId)) {
    return refuse(problem('segment-unknown', { segmentId, allowed: segments.map((segment) => segment.id) }));
  }
  return accept({ type: 'OrdnanceAssessed', corridorId: dossier.corridor.id, segmentId, status, cause: 'assessor' });
}

function noRunningAttempt({ corridor }: Dossier): Problem | null {
  if (corridor.attempt === null) return problem('no-attempt', {});
  return isEnded(corridor.attempt.lifecycle) ? problem('attempt-ended', { lifecycle: corridor.attempt.lifecycle }) : null;
}

function unknownMode({ corridor }: Dossier, mode: Mode): Problem | null {
  return corridor.permittedModes.includes(mode) ? null : problem('mode-not-permitted', { mode, allowed: corridor.permittedModes });
}
