import {
  EFFECT_OF,
  countsFor,
  STRIKES,
  happenedBy,
  isCredibleDanger,
  isFire,
  isHit,
  isStrong,
  isUnresolved,
  touchOf,
  type Attack,
  type AttackEffect,
  type AttackEvent,
} from './attack.js';
import { hasDepartures, isEnded, type Corridor, type CorridorEvent, type Mode, type RuleHoldReason, type Segment } from './corridor.js';
import type { Dossier } from './dossier.js';
import { isFresh, touchWith } from './evidence.js';
import type { DomainEvent, Recorded } from './event.js';
import { distanceToLineKm } from './geometry.js';
import { ruleHold } from './hold.js';
import type { AttackId, CommandId, SegmentId } from './ids.js';
import type { Instant } from './instant.js';
import { STRUCK_CLUSTER_KM, STRUCK_KM } from './settings.js';
import type { IdFor } from './time-effects.js';
import { VIOLATION_EFFECTS, covers, isAhead, type ViolationKind, type WindowEvent } from './window.js';

/**
 * What a fact forces on the corridors it hits, in the same batch as the fact itself (domain 1.5, E2–E5, and the effects by type of
 * 3.2). The system acts, people confirm. Every effect only stops, holds, or makes worse. Idempotent: the same cause sets no hold again
 * that stands or that people lifted.
 *
 * @param dossiers every corridor that the fact touches, names, or shares a window with, as they stand after the fact
 */
export function forcedEffects(cause: Recorded, dossiers: readonly Dossier[], idFor: IdFor): readonly DomainEvent[] {
  return onceSuspended(effectsOf(cause, dossiers, idFor)).filter((event) => !dossiers.some(({ corridor }) => isKnownHold(corridor, event)));
}

function effectsOf(cause: Recorded, dossiers: readonly Dossier[], idFor: IdFor): readonly DomainEvent[] {
  const { body, recordedAt } = cause;
  switch (body.type) {
    case 'AttackReported':
    case 'AttackCorroborated':
      return effectsOfAttack(body.attackId, dossiers, recordedAt, idFor);
    case 'AttackGraded':
      // A grade is a judgement of a report, no news of the road: what an assessor cleared since stays clear (E3).
      return effectsOfAttack(body.attackId, dossiers, recordedAt, idFor, WITHOUT_ORDNANCE);
    case 'AttackTouched':
      return effectsOfAttack(
        body.attackId,
        dossiers.filter((dossier) => dossier.corridor.id === body.touch.corridorId),
        recordedAt,
        idFor,
      );
    case 'ViolationRecorded':
      return body.attackId === null ? effectsOfViolation(body, dossiers, recordedAt, idFor) : []; // from an attack: the attack's own effects
    case 'ConsentRecorded':
      return effectsOfConsent(body, dossiers, idFor, cause);
    default:
      return [];
  }
}

/** Two rules may suspend a corridor for one cause; it is suspended once. */
function onceSuspended(events: readonly DomainEvent[]): readonly DomainEvent[] {
  const suspended = new Set<string>();
  return events.filter((event) => {
    if (event.type !== 'LifecycleChanged') return true;
    if (suspended.has(event.corridorId)) return false;
    suspended.add(event.corridorId);
    return true;
  });
}

// ── E2, E3, E5a and the effects by type ──────────────────────────────────────────────────────────────────────────────────────

const WITHOUT_ORDNANCE: ReadonlySet<AttackEffect> = new Set(['danger', 'protection', 'obstruction']);
const EVERY_EFFECT: ReadonlySet<AttackEffect> = new Set([...WITHOUT_ORDNANCE, 'ordnance']);

function effectsOfAttack(
  attackId: AttackId,
  dossiers: readonly Dossier[],
  now: Instant,
  idFor: IdFor,
  counting = EVERY_EFFECT,
): readonly DomainEvent[] {
  const hit = dossiers.flatMap((dossier) => {
    const attack = dossier.attacks.find((candidate) => candidate.id === attackId);
    const touch = attack === undefined ? null : touchWith(attack, dossier.corridor);
    return attack !== undefined && touch !== null && isHit(touch) && countsFor(attack, dossier.corridor.id)
      ? [{ dossier, attack, touch }]
      : [];
  });
  const own = hit.flatMap(({ dossier, attack, touch }) => {
    const effects = new Set(attack.types.map((type) => EFFECT_OF[type]).filter((effect) => counting.has(effect)));
    return effectsOnHit(dossier, { attack, effects, segmentIds: touch.segmentIds }, now, idFor);
  });
  return [...own, ...violationsBy(hit, dossiers, now, idFor)];
}

interface Effects {
  readonly attack: Attack;
  readonly effects: ReadonlySet<AttackEffect>;
  readonly segmentIds: readonly SegmentId[];
}

function effectsOnHit(dossier: Dossier, { attack, effects, segmentIds }: Effects, now: Instant, idFor: IdFor): readonly CorridorEvent[] {
  const { corridor } = dossier;
  const events: CorridorEvent[] = [];
  const hold = (why: RuleHoldReason, modes: readonly Mode[] | null): CorridorEvent =>
    ruleHold(corridor, why, idFor(`${why} ${attack.id} ${corridor.id}`), { modes, segmentIds, attackId: attack.id });
  const isOfTeam = attack.teamOf.includes(corridor.id);
  if (effects.has('danger') && isCredibleDanger(attack) && isFresh(attack, now)) {
    if (isOfTeam || isStrong(attack)) events.push(...suspendOrHold(corridor, 'E2', hold('attack', null)));
  }
  if (effects.has('danger') && isCredibleDanger(attack)) events.push(...struckSegments(corridor, attack, now));
  if (effects.has('ordnance')) {
    events.push(...suspectedSegments(corridor, segmentIds), ...suspendOrHold(corridor, 'E3', hold('ordnance', null)));
  }
  if (effects.has('protection') && isRunning(corridor)) events.push(hold('protection', attack.modes));
  if (effects.has('obstruction') && isRunning(corridor)) events.push(hold('obstruction', attack.modes));
  return events;
}

/** E3: suspected on each segment it lies on; on all of them when it names only the corridor. Only an assessor says otherwise. */
function suspectedSegments(corridor: Corridor, segmentIds: readonly SegmentId[]): readonly CorridorEvent[] {
  return corridor.segments
    .filter((segment) => segmentIds.length === 0 || segmentIds.includes(segment.id))
    .filter((segment) => segment.ordnance.status !== 'suspected' && segment.ordnance.status !== 'confirmed')
    .map((segment) => ({ type: 'OrdnanceAssessed', corridorId: corridor.id, segmentId: segment.id, status: 'suspected', cause: 'E3' }));
}

/** A strike on or near a segment that was clear makes it clear no longer, however late it is told, unless the ground was assessed after it. */
function struckSegments(corridor: Corridor, attack: Attack, now: Instant): readonly CorridorEvent[] {
  const { place } = attack;
  if (place === null || !attack.types.some((type) => STRIKES.has(type))) return [];
  const reachKm = attack.types.includes('cluster_munition') ? STRUCK_CLUSTER_KM : STRUCK_KM;
  const isAssessedSince = ({ ordnance }: Segment): boolean =>
    !isFresh(attack, now) && ordnance.assessedAt !== null && ordnance.assessedAt > happenedBy(attack);
  return corridor.segments
    .filter(({ ordnance: { status } }) => status === 'cleared' || status === 'surveyed_no_evidence' || status === 'used_no_incident')
    .filter((segment) => distanceToLineKm(place.position, segment.line) - place.precisionKm <= reachKm)
    .filter((segment) => !isAssessedSince(segment))
    .map((segment) => ({ type: 'OrdnanceAssessed', corridorId: corridor.id, segmentId: segment.id, status: 'struck_since', cause: 'E3' }));
}

/**
 * E5 (a): an authenticated attack with fire that hits a corridor while its attempt's window, agreed or only announced, covers the
 * attack's time is a violation of that window: corridors hit are suspended, the others of the window are held until reconfirmed.
 */
function violationsBy(
  hit: readonly { readonly dossier: Dossier; readonly attack: Attack }[],
  dossiers: readonly Dossier[],
  now: Instant,
  idFor: IdFor,
): readonly DomainEvent[] {
  const events: DomainEvent[] = [];
  const seen = new Set<string>();
  for (const { dossier, attack } of hit) {
    const { window } = dossier;
    if (window === null || seen.has(window.id) || !attack.isAuthenticated || !isCredibleDanger(attack) || !attack.types.some(isFire))
      continue;
    if (!covers(window, happenedBy(attack)) || window.violations.some((violation) => violation.attackId === attack.id)) continue;
    seen.add(window.id);
    const hitCorridorIds = hit.filter((other) => other.dossier.window?.id === window.id).map((other) => other.dossier.corridor.id);
    const violation: WindowEvent = {
      type: 'ViolationRecorded',
      windowId: window.id,
      violationId: idFor(`violation ${attack.id} ${window.id}`) as string as CommandId,
      kind: VIOLATION_OF[attack.types[0]] ?? 'attack_civilians',
      hitCorridorIds,
      attackId: attack.id,
      note: null,
    };
    events.push(violation);
    if (covers(window, now)) events.push(...effectsOfViolation(violation, dossiers, now, idFor));
  }
  return events;
}

const VIOLATION_OF: Readonly<Partial<Record<string, ViolationKind>>> = {
  small_arms: 'fire_small_arms',
  sniper: 'fire_small_arms',
  shooting_at_checkpoint: 'fire_small_arms',
  shelling_artillery_mortar: 'fire_indirect',
  mlrs_rocket: 'fire_indirect',
  cluster_munition: 'fire_indirect',
  armoured_vehicle_fire: 'fire_indirect',
  missile: 'air_strike',
  airstrike: 'air_strike',
  drone_strike: 'uav_strike',
};

// ── E5 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One table of kinds, `VIOLATION_EFFECTS`. Fire acts while the window runs, a mine whenever it is told, the rest until the window ends. */
function effectsOfViolation(
  violation: Extract<WindowEvent, { readonly type: 'ViolationRecorded' }>,
  dossiers: readonly Dossier[],
  now: Instant,
  idFor: IdFor,
): readonly CorridorEvent[] {
  const { windowId, violationId, attackId, hitCorridorIds } = violation;
  const effect = VIOLATION_EFFECTS[violation.kind];
  return dossiers.flatMap((dossier): readonly CorridorEvent[] => {
    const { window, corridor } = dossier;
    const isHitOne = hitCorridorIds.includes(corridor.id);
    const hold = (why: RuleHoldReason): CorridorEvent =>
      ruleHold(corridor, why, idFor(`violated ${violationId} ${corridor.id}`), { attackId });
    // A mine lies on the road, whichever window the attempt uses.
    if (effect === 'ordnance')
      return isHitOne ? [...suspectedSegments(corridor, []), ...suspendOrHold(corridor, 'E3', hold('ordnance'))] : [];
    if (window?.id !== windowId || !isRunning(corridor)) return [];
    if (!(effect === 'fire' ? covers(window, now) : isAhead(window, now))) return [];
    if (effect === 'fire' || effect === 'broken_word') {
      return isHitOne ? suspendOrHold(corridor, 'E5', hold('window_violated')) : [hold('window_violated')];
    }
    if (!isHitOne) return [];
    return effect === 'protection' ? [hold('protection'), ...coercionNotExcluded(corridor)] : [hold('obstruction')];
  });
}

/** E10: whether people go of their own will is known no more, until somebody has assessed it again. */
function coercionNotExcluded(corridor: Corridor): readonly CorridorEvent[] {
  const known = corridor.criteria.no_forced_transfer;
  if (known === undefined || known.value === 'unknown' || known.value === 'not_met') return [];
  const { validUntil } = known;
  return [
    { type: 'CriterionAssessed', corridorId: corridor.id, criterion: 'no_forced_transfer', value: 'unknown', validUntil, note: null },
  ];
}

// ── E4 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A relevant party's consent fell from agreement to anything less: the attempt is suspended, or held where nobody departs yet, in
 * negotiation too. A refusal where there never was agreement is no fall.
 */
function effectsOfConsent(
  body: Extract<WindowEvent, { readonly type: 'ConsentRecorded' }>,
  dossiers: readonly Dossier[],
  idFor: IdFor,
  cause: Recorded,
): readonly CorridorEvent[] {
  return dossiers
    .filter(({ window, corridor }) => window?.id === body.windowId && corridor.relevantParties.includes(body.party))
    .filter(({ window }) => window?.consents[body.party]?.fellAt === cause.recordedAt)
    .flatMap(({ corridor }) =>
      suspendOrHold(
        corridor,
        'E4',
        ruleHold(corridor, 'consent_fell', idFor(`consent ${body.windowId} ${body.party} ${String(cause.version)} ${corridor.id}`)),
      ),
    );
}

// ── Common ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where the attempt has no departures yet, "suspended" means a hold; where it has, both: it reopens only when the hold is lifted. */
function suspendOrHold(corridor: Corridor, cause: 'E2' | 'E3' | 'E4' | 'E5', hold: CorridorEvent): readonly CorridorEvent[] {
  const { attempt } = corridor;
  if (attempt === null || isEnded(attempt.lifecycle) || attempt.lifecycle === 'closed') return [];
  if (!hasDepartures(attempt.lifecycle)) return [hold];
  return [
    hold,
    {
      type: 'LifecycleChanged',
      corridorId: corridor.id,
      from: attempt.lifecycle,
      to: 'suspended',
      cause,
      endReason: null,
      unaccounted: 0,
      reason: null,
    },
  ];
}

function isRunning(corridor: Corridor): boolean {
  return corridor.attempt !== null && !isEnded(corridor.attempt.lifecycle) && corridor.attempt.lifecycle !== 'closed';
}

function isKnownHold(corridor: Corridor, event: DomainEvent): boolean {
  if (event.type !== 'HoldSet' || event.corridorId !== corridor.id) return false;
  return corridor.liftedHoldIds.includes(event.holdId) || corridor.holds.some((hold) => hold.id === event.holdId);
}

// ── The look back ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A declaration, a change of route and a new attempt look back at every unresolved attack (danger) and ordnance record in their rings,
 * in the same batch. Attacks that named the corridor keep their touch. What was discounted was judged for other corridors, or for
 * another way of this one: it counts here until it is judged here (ADR 13).
 */
export function lookBack(corridor: Corridor, attacks: readonly Attack[]): readonly AttackEvent[] {
  return attacks.flatMap((attack) => {
    const effects = attack.types.map((type) => EFFECT_OF[type]);
    if (!isUnresolved(attack) || !(effects.includes('danger') || effects.includes('ordnance'))) return [];
    const known = touchWith(attack, corridor);
    const touch = touchOf(attack, corridor, known?.how === 'named');
    if (touch === null || (known !== null && known.how === touch.how && sameSegments(known.segmentIds, touch.segmentIds))) return [];
    const {
      id: attackId,
      version: _version,
      touches: _touches,
      reportedBy: _reportedBy,
      discountedFor: _for,
      discountProposals: _proposals,
      ...report
    } = attack;
    const standing = report.discount === null ? report : { ...report, discount: null, verification: 'under_review' as const };
    return [{ type: 'AttackTouched', attackId, touch, attack: standing }];
  });
}

function sameSegments(a: readonly SegmentId[], b: readonly SegmentId[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}
