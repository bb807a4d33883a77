import { assertNever } from './assert-never.js';
import type { Corridor, Mode, Provenance } from './corridor.js';
import type { Recorded, TextRef } from './event.js';
import { distanceToLineKm, type Position } from './geometry.js';
import type { AttackId, CorridorId, OrganisationId, PersonId, SegmentId } from './ids.js';
import { HOUR_MS, MINUTE_MS, addMs, msBetween, type Instant } from './instant.js';
import { dayBounds, type LocalDate, type Zone } from './zone.js';

export const ATTACK_TYPES = [
  'shelling_artillery_mortar',
  'mlrs_rocket',
  'missile',
  'airstrike',
  'drone_strike',
  'cluster_munition',
  'small_arms',
  'sniper',
  'armoured_vehicle_fire',
  'mine_uxo_ied',
  'chemical_incendiary',
  'shooting_at_checkpoint',
  'abduction',
  'execution',
  'torture_ill_treatment',
  'sexual_violence',
  'arrest_detention',
  'obstruction',
  'looting',
  'accident',
  'other',
  'unknown',
] as const;
export type AttackType = (typeof ATTACK_TYPES)[number];

/** What a report of this type does to a corridor in whose stop ring it lies, or which it names (domain 3.2). Unknown means of attack count as fire. */
export type AttackEffect = 'danger' | 'ordnance' | 'protection' | 'obstruction';

export const EFFECT_OF: Readonly<Record<AttackType, AttackEffect>> = {
  shelling_artillery_mortar: 'danger',
  mlrs_rocket: 'danger',
  missile: 'danger',
  airstrike: 'danger',
  drone_strike: 'danger',
  cluster_munition: 'danger',
  small_arms: 'danger',
  sniper: 'danger',
  armoured_vehicle_fire: 'danger',
  mine_uxo_ied: 'ordnance',
  chemical_incendiary: 'danger',
  shooting_at_checkpoint: 'danger',
  abduction: 'protection',
  execution: 'danger',
  torture_ill_treatment: 'protection',
  sexual_violence: 'protection',
  arrest_detention: 'protection',
  obstruction: 'obstruction',
  looting: 'obstruction',
  accident: 'danger',
  other: 'danger',
  unknown: 'danger',
};

/** An accident is danger, but nobody broke the ceasefire by it. */
export function isFire(type: AttackType): boolean {
  return EFFECT_OF[type] === 'danger' && type !== 'accident';
}

/** Stop and watch ring around a segment, km (domain 1.5, Rings; defaults of an operation). */
export const RINGS_KM: Readonly<Record<AttackType, { readonly stop: number; readonly watch: number }>> = {
  shelling_artillery_mortar: { stop: 2, watch: 10 },
  mlrs_rocket: { stop: 2, watch: 10 },
  missile: { stop: 3, watch: 10 },
  airstrike: { stop: 3, watch: 10 },
  drone_strike: { stop: 3, watch: 10 },
  cluster_munition: { stop: 2, watch: 10 },
  small_arms: { stop: 1, watch: 5 },
  sniper: { stop: 1, watch: 5 },
  armoured_vehicle_fire: { stop: 2, watch: 5 },
  mine_uxo_ied: { stop: 0.5, watch: 5 },
  chemical_incendiary: { stop: 2, watch: 10 },
  shooting_at_checkpoint: { stop: 1, watch: 5 },
  abduction: { stop: 1, watch: 5 },
  execution: { stop: 1, watch: 5 },
  torture_ill_treatment: { stop: 1, watch: 5 },
  sexual_violence: { stop: 1, watch: 5 },
  arrest_detention: { stop: 1, watch: 5 },
  obstruction: { stop: 1, watch: 5 },
  looting: { stop: 1, watch: 5 },
  accident: { stop: 1, watch: 5 },
  other: { stop: 3, watch: 10 },
  unknown: { stop: 3, watch: 10 },
};
export const WIDEST_RING_KM = 10;
/** A circle larger than this that reaches a ring is "fire near, place uncertain", unless the report names the corridor. */
export const CERTAIN_PRECISION_KM = 5;

export const TARGET_TYPES = [
  'civilians_fleeing',
  'queue_assembly_point',
  'evacuation_vehicle',
  'convoy_humanitarian',
  'medical_vehicle',
  'medical_facility',
  'shelter',
  'school',
  'market',
  'housing',
  'road_bridge',
  'checkpoint',
  'rail_station',
  'power',
  'water',
  'telecom',
  'aid_warehouse',
  'aid_worker',
  'journalist',
  'rescuers',
  'other',
  'unknown',
] as const;
export type TargetType = (typeof TARGET_TYPES)[number];

export const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const CREDIBILITIES = ['1', '2', '3', '4', '5', '6'] as const;
/** Admiralty grade. F and 6 are "not judged", not low. */
export interface Grade {
  readonly reliability: (typeof RELIABILITIES)[number];
  readonly credibility: (typeof CREDIBILITIES)[number];
}

export const VERIFICATIONS = [
  'received',
  'under_review',
  'credible',
  'corroborated',
  'confirmed',
  'disputed',
  'discounted',
  'duplicate',
  'withdrawn',
] as const;
/** Operational use starts at `received`; counting starts at `corroborated`. */
export type Verification = (typeof VERIFICATIONS)[number];

export const CASUALTY_STATUSES = ['civilian', 'combatant', 'unknown'] as const;
/** A range; `max` null: no upper figure; the whole count null: not stated, which is not zero. */
export interface Count {
  readonly min: number;
  readonly max: number | null;
}
export interface Casualties {
  readonly killed: Count | null;
  readonly injured: Count | null;
  readonly childrenKilled: Count | null;
  readonly childrenInjured: Count | null;
  readonly missing: Count | null;
  readonly status: (typeof CASUALTY_STATUSES)[number];
}

export const TOUCHES = ['named', 'stop', 'watch', 'uncertain'] as const;
/** How a report touches a corridor: it names it; it lies in the stop or the watch ring; a large circle reaches a ring. */
export interface Touch {
  readonly corridorId: CorridorId;
  readonly how: (typeof TOUCHES)[number];
  /** Segments in whose ring it lies; empty for a named corridor that it is nowhere near: then it counts for every segment. */
  readonly segmentIds: readonly SegmentId[];
  /** From the line to the edge of the precision circle, 0 inside; null: no place is known. */
  readonly distanceKm: number | null;
}

export const DISCOUNTS = ['no_effect', 'outside_effect', 'false_report'] as const;
/** The first of two coordinators: the report has no effect on these corridors. */
export interface DiscountProposal {
  readonly corridorIds: readonly CorridorId[];
  readonly effect: (typeof DISCOUNTS)[number];
  readonly proposedBy: PersonId;
}

export interface Attack {
  readonly id: AttackId;
  readonly version: number;
  readonly organisationId: OrganisationId;
  readonly externalId: string | null;
  readonly types: readonly [AttackType, ...AttackType[]];
  readonly modes: readonly Mode[] | null;
  readonly place: { readonly name: string | null; readonly position: Position; readonly precisionKm: number } | null;
  /** When it happened, as an instant or only as a day of the zone; both null: not stated. */
  readonly occurredAt: Instant | null;
  readonly occurredOn: LocalDate | null;
  readonly zone: Zone;
  readonly receivedAt: Instant;
  readonly recordedAt: Instant;
  /** What its age is counted from: see `countsFrom`. */
  readonly countsFrom: Instant;
  readonly isFutureDated: boolean;
  readonly targets: readonly TargetType[];
  readonly casualties: Casualties;
  readonly touches: readonly Touch[];
  readonly reportedBy: PersonId | null;
  /** A signed-in sender. */
  readonly isAuthenticated: boolean;
  /** The corridors of whose own team the sender is. */
  readonly teamOf: readonly CorridorId[];
  /** Independent origins: two reports that cite one post count as one. */
  readonly originGroups: readonly string[];
  readonly grade: Grade;
  readonly verification: Verification;
  /** Set while it is discounted for every corridor that it touches. */
  readonly discount: (typeof DISCOUNTS)[number] | null;
  /** Corridors on which their own coordinators decided that it has no effect; it counts for the others as before. */
  readonly discountedFor: readonly CorridorId[];
  readonly discountProposals: readonly DiscountProposal[];
  readonly isRetracted: boolean;
  readonly provenance: Provenance;
}

export type AttackEvent =
  | ({
      readonly type: 'AttackReported';
      readonly attackId: AttackId;
      readonly note: TextRef | null;
    } & Omit<Attack, 'id' | 'version' | 'recordedAt' | 'grade' | 'verification' | 'isRetracted' | 'reportedBy' | Discounting>)
  | {
      readonly type: 'AttackGraded';
      readonly attackId: AttackId;
      readonly grade: Grade;
      readonly verification: Verification;
      readonly place: SaidAgain;
      readonly note: TextRef | null;
    }
  | { readonly type: 'AttackCorroborated'; readonly attackId: AttackId; readonly originGroup: string; readonly note: TextRef | null }
  | {
      readonly type: 'AttackDiscountProposed';
      readonly attackId: AttackId;
      readonly effect: (typeof DISCOUNTS)[number];
      readonly corridorIds: readonly CorridorId[];
      readonly reason: TextRef;
    }
  | {
      readonly type: 'AttackDiscounted';
      readonly attackId: AttackId;
      readonly effect: (typeof DISCOUNTS)[number];
      readonly corridorIds: readonly CorridorId[];
      /** No corridor that it touched is left for which it counts. */
      readonly isEverywhere: boolean;
      readonly place: SaidAgain;
      readonly reason: TextRef;
    }
  | { readonly type: 'AttackRetracted'; readonly attackId: AttackId; readonly place: SaidAgain; readonly reason: TextRef | null }
  | { readonly type: 'AttackCountsRevised'; readonly attackId: AttackId; readonly casualties: Casualties; readonly note: TextRef | null }
  /** The look back: a new or changed route came into its rings. Says the report again, as it stands from here on, for those who see it through this corridor only. */
  | { readonly type: 'AttackTouched'; readonly attackId: AttackId; readonly touch: Touch; readonly attack: TouchingAttack };

/** The place, said again with each new verification, since an audience may know it as closely as the verification allows. */
type SaidAgain = Attack['place'];

type Discounting = 'discount' | 'discountedFor' | 'discountProposals';

/** An attack as it stood when a corridor came into its rings. */
export type TouchingAttack = Omit<Attack, 'id' | 'version' | 'touches' | 'reportedBy' | 'discountedFor' | 'discountProposals'>;

export function evolveAttack(before: Attack | null, event: Recorded<AttackEvent>): Attack {
  const { body } = event;
  if (body.type === 'AttackReported') {
    const { type: _type, attackId, note: _note, ...reported } = body;
    return {
      ...reported,
      id: attackId,
      version: event.version,
      recordedAt: event.recordedAt,
      reportedBy: event.actorId,
      grade: { reliability: 'F', credibility: '6' },
      verification: 'received',
      discount: null,
      discountedFor: [],
      discountProposals: [],
      isRetracted: false,
    };
  }
  if (before === null) throw new TypeError(`${body.type} before AttackReported`);
  const attack = { ...before, version: event.version };
  switch (body.type) {
    case 'AttackGraded':
      return { ...attack, grade: body.grade, verification: body.verification };
    case 'AttackCorroborated':
      return { ...attack, originGroups: [...new Set([...before.originGroups, body.originGroup])] };
    case 'AttackDiscountProposed': {
      const { corridorIds, effect } = body;
      if (event.actorId === null) throw new TypeError('a decision without a person');
      return { ...attack, discountProposals: [...before.discountProposals, { corridorIds, effect, proposedBy: event.actorId }] };
    }
    case 'AttackDiscounted': {
      const discountedFor = [...before.discountedFor, ...body.corridorIds];
      return body.isEverywhere
        ? { ...attack, discountedFor, discount: body.effect, verification: 'discounted' }
        : { ...attack, discountedFor };
    }
    case 'AttackRetracted':
      // The sender's own retraction asks for a discount; it changes no word (E2).
      return { ...attack, isRetracted: true, verification: 'withdrawn' };
    case 'AttackCountsRevised':
      return { ...attack, casualties: body.casualties };
    case 'AttackTouched': {
      const { touch, attack: report } = body;
      return {
        ...attack,
        touches: [...before.touches.filter((known) => known.corridorId !== touch.corridorId), touch],
        // Judged for this corridor it was on another way, or never.
        discountedFor: before.discountedFor.filter((id) => id !== touch.corridorId),
        discountProposals: before.discountProposals.map((proposal) => ({
          ...proposal,
          corridorIds: proposal.corridorIds.filter((id) => id !== touch.corridorId),
        })),
        discount: report.discount,
        verification: report.verification,
      };
    }
    default:
      return assertNever(body);
  }
}

/** Danger is fresh for 3 h without a new report; then it is an older danger until the road was looked at. */
export const DANGER_MS = 3 * HOUR_MS;
/** A single unknown sender is called back within 5 min; unanswered, the rule sets a hold. */
export const CALL_BACK_MS = 5 * MINUTE_MS;
/** A report from further ahead is kept, flagged, and never counts as good news. */
export const FUTURE_TOLERANCE_MS = 2 * MINUTE_MS;

/**
 * What the attack's age is counted from: when it happened, never after its receipt; where the hour is unknown, its receipt (domain 1.5,
 * Rings), also when it comes days later.
 */
export function countsFrom(time: Pick<Attack, 'occurredAt' | 'occurredOn' | 'zone' | 'receivedAt'>): {
  readonly at: Instant;
  readonly isFutureDated: boolean;
} {
  const { occurredAt, occurredOn, receivedAt, zone } = time;
  if (occurredAt !== null) {
    const isFutureDated = msBetween(receivedAt, occurredAt) > FUTURE_TOLERANCE_MS;
    return { at: occurredAt < receivedAt ? occurredAt : receivedAt, isFutureDated };
  }
  if (occurredOn === null) return { at: receivedAt, isFutureDated: false };
  return { at: receivedAt, isFutureDated: msBetween(receivedAt, dayBounds(occurredOn, zone).from) > FUTURE_TOLERANCE_MS };
}

/** The latest instant at which it can have happened: in an hour that nobody told, the end of its day. What windows are asked about (E5). */
export function happenedBy(attack: Pick<Attack, 'occurredAt' | 'occurredOn' | 'zone' | 'countsFrom'>): Instant {
  const { occurredAt, occurredOn, zone, countsFrom: at } = attack;
  if (occurredAt !== null || occurredOn === null) return at;
  const { to } = dayBounds(occurredOn, zone);
  return to < at ? to : at;
}

/**
 * Whether the report may count for some corridor, be it one that is declared tomorrow: a discount holds where it was judged (ADR 13). Over
 * are a duplicate, whose original counts, and what was discounted everywhere and taken back by its own sender: nobody says it any more. A
 * retraction alone changes nothing.
 */
export function isUnresolved(attack: Attack): boolean {
  return attack.verification !== 'duplicate' && !(attack.isRetracted && attack.discount !== null);
}

/** Whether it still counts for this corridor, on which only its own coordinators decide. */
export function countsFor(attack: Attack, corridorId: CorridorId): boolean {
  return isUnresolved(attack) && !attack.discountedFor.includes(corridorId);
}

/** Authenticated, graded A–C, or two independent origins; credibility 5 ("improbable") never. */
export function isCredibleDanger(attack: Attack): boolean {
  if (attack.grade.credibility === '5') return false;
  return attack.isAuthenticated || isStrong(attack);
}

/** A–C or two origins: enough to suspend as well (E2). */
export function isStrong(attack: Attack): boolean {
  return (attack.grade.reliability <= 'C' && attack.grade.credibility !== '5') || attack.originGroups.length >= 2;
}

/** The strongest ring of all its types: a report of two things has the wider of both. */
function ringsOf(types: readonly AttackType[]): { readonly stop: number; readonly watch: number } {
  return { stop: Math.max(...types.map((type) => RINGS_KM[type].stop)), watch: Math.max(...types.map((type) => RINGS_KM[type].watch)) };
}

/** A distance within 1 % of a ring counts as inside. */
const RING_TOLERANCE = 1.01;

/**
 * How a report touches a corridor, or null. Distance runs from the line to the edge of the precision circle when its radius is
 * ≤ 5 km; a larger circle that reaches the ring is `uncertain` unless the report names the corridor.
 */
export function touchOf(
  attack: Pick<Attack, 'types' | 'place'>,
  corridor: Pick<Corridor, 'id' | 'segments'>,
  isNamed: boolean,
): Touch | null {
  const { place } = attack;
  if (place === null) return isNamed ? { corridorId: corridor.id, how: 'named', segmentIds: [], distanceKm: null } : null;
  const rings = ringsOf(attack.types);
  // Only who names a corridor asks how far a far road is; a kilometre more than the ring, so that no rounding decides.
  const askedKm = isNamed ? Number.POSITIVE_INFINITY : rings.watch * RING_TOLERANCE + 1;
  const distances = corridor.segments.map((segment) => {
    const edgesKm = segment.widthM / 2000 + place.precisionKm; // the road has a width: the ring starts at its edge
    return { id: segment.id, km: Math.max(0, distanceToLineKm(place.position, segment.line, askedKm + edgesKm) - edgesKm) };
  });
  const within = (km: number): readonly SegmentId[] =>
    distances.filter((distance) => distance.km <= km * RING_TOLERANCE).map((distance) => distance.id);
  const distanceKm = distances.length === 0 ? null : Math.min(...distances.map((distance) => distance.km));
  const touch = (how: Touch['how'], segmentIds: readonly SegmentId[]): Touch => ({ corridorId: corridor.id, how, segmentIds, distanceKm });
  const inStopRing = within(rings.stop);
  if (isNamed) return touch('named', place.precisionKm <= CERTAIN_PRECISION_KM ? inStopRing : []);
  if (place.precisionKm > CERTAIN_PRECISION_KM) return within(rings.watch).length > 0 ? touch('uncertain', within(rings.watch)) : null;
  if (inStopRing.length > 0) return touch('stop', inStopRing);
  const inWatchRing = within(rings.watch);
  return inWatchRing.length > 0 ? touch('watch', inWatchRing) : null;
}

export function isHit(touch: Touch): boolean {
  return touch.how === 'named' || touch.how === 'stop';
}

/** The end of its freshness: from here it is an older danger. */
export function dangerEndsAt(attack: Attack): Instant {
  return addMs(attack.countsFrom, DANGER_MS);
}

/** What leaves unexploded ordnance behind. */
export const STRIKES: ReadonlySet<AttackType> = new Set<AttackType>([
  'shelling_artillery_mortar',
  'mlrs_rocket',
  'missile',
  'airstrike',
  'drone_strike',
  'cluster_munition',
  'armoured_vehicle_fire',
  'chemical_incendiary',
]);
