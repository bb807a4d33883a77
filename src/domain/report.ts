import {
  CREDIBILITIES,
  countsFor,
  countsFrom,
  isCredibleDanger,
  touchOf,
  type Attack,
  type AttackEvent,
  type AttackType,
  type Casualties,
  type Grade,
  type Verification,
  type DISCOUNTS,
} from './attack.js';
import type { Corridor, Mode, Passability, Provenance, Watch } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import type { TextRef } from './event.js';
import type { AttackId, CommandId, CorridorId, ObservationId, SegmentId } from './ids.js';
import type { Instant } from './instant.js';
import { dangersOf, isLookedAt } from './evidence.js';
import { hasSegment, isTrusted, judgeObservedAt, type Condition, type ObservationEvent } from './observation.js';
import { isOfTeam, type Actor } from './permission.js';
import { problem } from './problem.js';
import type { LocalDate, Zone } from './zone.js';

interface Step {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

export interface RecordObservation extends Step {
  readonly segmentId: SegmentId;
  readonly seen: Watch;
  readonly condition: Condition;
  readonly passability: Readonly<Partial<Record<Mode, Passability>>>;
  readonly roadLookedAt: boolean;
  /** When it was seen; left out: at its receipt. */
  readonly observedAt: Instant | null;
  readonly enteredAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly note: TextRef | null;
  readonly provenance: Provenance;
}

/** Somebody saw a segment. Kept whatever it says and whenever it says it was; only a trusted one may ever be good news. */
export function recordObservation(corridor: Corridor, command: RecordObservation, now: Instant): Decision<ObservationEvent> {
  const { commandId, actor, segmentId, observedAt, seen, ...rest } = command;
  if (!hasSegment(corridor, segmentId)) {
    return refuse(problem('segment-unknown', { segmentId, allowed: corridor.segments.map((segment) => segment.id) }));
  }
  return accept({
    type: 'ObservationRecorded',
    observationId: commandId as string as ObservationId,
    organisationId: corridor.organisationId,
    corridorId: corridor.id,
    segmentId,
    seen,
    receivedAt: now,
    ...judgeObservedAt(observedAt, now),
    isTrusted: isTrusted(seen, isOfTeam(actor, corridor)),
    ...rest,
  });
}

export interface ReportAttack extends Step {
  readonly externalId: string | null;
  readonly types: readonly [AttackType, ...AttackType[]];
  readonly modes: readonly Mode[] | null;
  readonly place: Attack['place'];
  readonly occurredAt: Instant | null;
  readonly occurredOn: LocalDate | null;
  readonly zone: Zone;
  readonly targets: Attack['targets'];
  readonly casualties: Casualties;
  /** Corridors that the report names. */
  readonly corridorIds: readonly CorridorId[];
  /** Whose words these are; two reports that cite one post have one origin. Left out: the sender is the origin. */
  readonly originGroup: string | null;
  readonly note: TextRef | null;
  readonly provenance: Provenance;
}

/**
 * Somebody reports an attack. Every corridor that it names or whose rings it reaches is touched in the same batch.
 *
 * @param corridors those named, and those whose boxes lie near the place; others can't be touched
 */
export function reportAttack(corridors: readonly Corridor[], command: ReportAttack, now: Instant): Decision<AttackEvent> {
  const { commandId, actor, corridorIds, originGroup, ...reported } = command;
  const counts = countsFrom({ ...reported, receivedAt: now });
  const touches = corridors.flatMap((corridor) => {
    const touch = touchOf(reported, corridor, corridorIds.includes(corridor.id));
    return touch === null ? [] : [touch];
  });
  return accept({
    type: 'AttackReported',
    attackId: commandId as string as AttackId,
    organisationId: actor.organisationId,
    ...reported,
    receivedAt: now,
    countsFrom: counts.at,
    isFutureDated: counts.isFutureDated,
    touches,
    isAuthenticated: true,
    teamOf: corridors
      .filter((corridor) => isOfTeam(actor, corridor) && touches.some((touch) => touch.corridorId === corridor.id))
      .map(({ id }) => id),
    originGroups: [originGroup ?? actor.id],
  });
}

export interface GradeAttack extends Step {
  readonly grade: Grade;
  readonly verification: Exclude<Verification, 'discounted' | 'withdrawn'>;
  readonly note: TextRef | null;
}

/**
 * A verifier's judgement. What would take the report out of the dangers (improbable, a duplicate, a lower grade on which alone the danger
 * rested) is a discount, and takes coordinators.
 */
export function gradeAttack(attack: Attack, command: GradeAttack): Decision<AttackEvent> {
  const { grade, verification, note } = command;
  const isDangerNoMore = isCredibleDanger(attack) && !isCredibleDanger({ ...attack, grade });
  if (isDangerNoMore || grade.credibility === CREDIBILITIES[4] || verification === 'duplicate')
    return refuse(problem('discount-instead', { use: 'discounts' }));
  return accept({ type: 'AttackGraded', attackId: attack.id, grade, verification, place: attack.place, note });
}

export interface CorroborateAttack extends Step {
  readonly originGroup: string;
  readonly note: TextRef | null;
}

export function corroborateAttack(attack: Attack, command: CorroborateAttack): Decision<AttackEvent> {
  if (attack.originGroups.includes(command.originGroup)) return refuse(problem('already-decided', { was: 'an origin of this report' }));
  return accept({ type: 'AttackCorroborated', attackId: attack.id, originGroup: command.originGroup, note: command.note });
}

export interface DiscountAttack extends Step {
  readonly effect: (typeof DISCOUNTS)[number];
  readonly reason: TextRef;
}

/**
 * Coordinators decide, with a reason, that the report has no effect on their corridors; it counts for the others as before, and what it had
 * set stays until people lift it. One is enough for a single unknown sender, which was no danger, and for what touches no corridor; with the
 * team's "clear" for two unjudged origins. A report that is signed in or graded takes two who say the same effect (domain 1.5, false stop).
 *
 * @param dossiers of the corridors that it touches and on which the actor decides
 * @returns `AttackDiscounted`, `AttackDiscountProposed` where a second must say so, or both; `already-decided`, `same-person`
 */
export function discountAttack(attack: Attack, dossiers: readonly Dossier[], command: DiscountAttack): Decision<AttackEvent> {
  const { actor, effect, reason } = command;
  const open = dossiers.filter(({ corridor }) => countsFor(attack, corridor.id));
  if (attack.discount !== null || (attack.touches.length > 0 && open.length === 0))
    return refuse(problem('already-decided', { was: attack.discount ?? 'discounted here' }));
  const isProposed = ({ corridor }: Dossier, isByActor: boolean): boolean =>
    attack.discountProposals.some(
      (known) => (known.proposedBy === actor.id) === isByActor && known.effect === effect && known.corridorIds.includes(corridor.id),
    );
  const settled = open
    .filter((dossier) => takesOne(attack, dossier, actor) || isProposed(dossier, false))
    .map(({ corridor }) => corridor.id);
  const proposed = open.filter((dossier) => !settled.includes(dossier.corridor.id) && !isProposed(dossier, true));
  if (open.length > 0 && settled.length === 0 && proposed.length === 0) return refuse(problem('same-person', { firstBy: actor.id }));
  const isEverywhere = attack.touches.every((touch) => !countsFor(attack, touch.corridorId) || settled.includes(touch.corridorId));
  const discounted: AttackEvent[] =
    settled.length === 0 && open.length > 0
      ? []
      : [{ type: 'AttackDiscounted', attackId: attack.id, effect, corridorIds: settled, isEverywhere, place: attack.place, reason }];
  const corridorIds = proposed.map(({ corridor }) => corridor.id);
  return corridorIds.length === 0
    ? accept(...discounted)
    : accept<AttackEvent>(...discounted, { type: 'AttackDiscountProposed', attackId: attack.id, effect, corridorIds, reason });
}

/** One coordinator is enough: for a mere warning, and for two origins nobody judged once the corridor's team gave its "clear". */
function takesOne(attack: Attack, dossier: Dossier, actor: Actor): boolean {
  const isJudged = attack.grade.reliability !== 'F' || attack.grade.credibility !== '6';
  if (attack.isAuthenticated || isJudged) return false;
  if (attack.originGroups.length < 2) return true;
  const isHoldCleared = dossier.corridor.holds.some(
    (hold) => hold.attackId === attack.id && hold.clearedBy !== null && hold.clearedBy !== actor.id,
  );
  return isHoldCleared || dangersOf(dossier).some((hit) => hit.attack.id === attack.id && isLookedAt(hit, dossier));
}

export interface RetractAttack extends Step {
  readonly reason: TextRef | null;
}

/** The sender takes it back: a request for a discount, which changes no word. */
export function retractAttack(attack: Attack, command: RetractAttack): Decision<AttackEvent> {
  if (attack.isRetracted) return refuse(problem('already-decided', { was: 'retracted' }));
  return accept({ type: 'AttackRetracted', attackId: attack.id, place: attack.place, reason: command.reason });
}

export interface ReviseCounts extends Step {
  readonly casualties: Casualties;
  readonly note: TextRef | null;
}

/** Later figures add a revision; the earlier ones stay in the log. */
export function reviseCounts(attack: Attack, command: ReviseCounts): Decision<AttackEvent> {
  return accept({ type: 'AttackCountsRevised', attackId: attack.id, casualties: command.casualties, note: command.note });
}
