import { assertNever } from './assert-never.js';
import type { CriterionCode, Criterion } from './criterion.js';
import type { Recorded, TextRef } from './event.js';
import type { Position } from './geometry.js';
import type {
  AttackId,
  CorridorCode,
  CorridorId,
  HoldId,
  LimitId,
  OpeningRequestId,
  OrganisationId,
  PersonId,
  SegmentId,
  CommandId,
  WindowId,
} from './ids.js';
import type { Instant } from './instant.js';
import type { Zone } from './zone.js';

export const LIFECYCLES = [
  'proposed',
  'under_negotiation',
  'agreed',
  'scheduled',
  'open',
  'closing',
  'suspended',
  'closed',
  'completed',
  'cancelled',
  'failed',
] as const;
/** What people decided about one attempt (domain 1.5). Never what is shown: that is `display`. */
export type Lifecycle = (typeof LIFECYCLES)[number];

/**
 * The steps people may take. `open` from `suspended` and from `scheduled` are openings: two people (see opening.ts).
 * Forced effects (E1, E2–E5) are not steps of people and don't ask this table.
 * The last four rows go on with a new attempt (`attempts`), which is not a step of the old one.
 */
export const TRANSITIONS: Readonly<Record<Lifecycle, readonly Lifecycle[]>> = {
  proposed: ['under_negotiation', 'cancelled'],
  under_negotiation: ['agreed', 'cancelled', 'failed'],
  agreed: ['scheduled', 'under_negotiation', 'cancelled', 'failed'],
  scheduled: ['open', 'suspended', 'closed', 'cancelled', 'failed'],
  open: ['suspended', 'closing', 'closed'],
  suspended: ['open', 'closing', 'closed', 'cancelled'],
  closing: ['completed', 'suspended', 'closed'],
  closed: ['completed'],
  completed: [],
  cancelled: [],
  failed: [],
};

/** Completed, cancelled, failed: nothing moves any more; a stop has nothing to stop. */
export function isEnded(lifecycle: Lifecycle): boolean {
  return lifecycle === 'completed' || lifecycle === 'cancelled' || lifecycle === 'failed';
}

/** Over for departures: a new attempt may follow. */
export function isOver(lifecycle: Lifecycle): boolean {
  return lifecycle === 'closed' || isEnded(lifecycle);
}

/** The steps in which somebody may depart or soon will: only these can be suspended; elsewhere "suspended" means a hold. */
export function hasDepartures(lifecycle: Lifecycle): boolean {
  return lifecycle === 'scheduled' || lifecycle === 'open' || lifecycle === 'closing';
}

export const STANCES = ['supported', 'observed', 'not_supported'] as const;
/** Our own stance to a corridor. Only `supported` may show PLANNED, LIMITED or OPEN or stand in a list of ways out. */
export type Stance = (typeof STANCES)[number];

export const DIRECTIONS = ['out', 'in', 'both'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const PURPOSES = ['evacuation_out', 'aid_in', 'medevac', 'exchange_detainees', 'recovery_of_dead', 'repair', 'mixed'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const MODES = ['foot', 'car', 'bus', 'truck', 'ambulance', 'rail', 'boat', 'air'] as const;
export type Mode = (typeof MODES)[number];

export const PASSABILITIES = ['passable', 'passable_difficult', 'not_passable', 'unknown'] as const;
export type Passability = (typeof PASSABILITIES)[number];

export const WATCHES = ['manned_post', 'passage', 'seen_from', 'remote', 'party_only', 'blind'] as const;
/** How a segment is watched. Only the first three refresh evidence: who is not there can't. */
export type Watch = (typeof WATCHES)[number];

export const EXPOSURES = ['line', 'fire_risk', 'quiet'] as const;
/** `line`: front line or crossing; `fire_risk`: under fire risk; `quiet`. Chooses the column of the evidence table. */
export type Exposure = (typeof EXPOSURES)[number];

export const ORDNANCE_STATUSES = [
  'cleared',
  'surveyed_no_evidence',
  'used_no_incident',
  'not_assessed',
  'suspected',
  'confirmed',
  'struck_since',
] as const;
/** Explosive ordnance on a segment (IMAS terms), from best to worst. */
export type OrdnanceStatus = (typeof ORDNANCE_STATUSES)[number];

export const GEOMETRY_KINDS = ['traced', 'schematic'] as const;
/** A schematic line joins named places; it is not the road, and never leaves as a line. */
export type GeometryKind = (typeof GEOMETRY_KINDS)[number];

export const PROVENANCES = ['reported', 'history', 'synthetic'] as const;
/** Where a record comes from; `synthetic` is invented for the demo and says so wherever it shows. */
export type Provenance = (typeof PROVENANCES)[number];

/** A party to the conflict, lower-case code of the operation (`ukraine`, `russia`). */
export type Party = string;

export interface Place {
  readonly name: string;
  readonly position: Position;
  /** Radius of the circle in which the place lies, km. */
  readonly precisionKm: number;
}

export interface Ordnance {
  readonly status: OrdnanceStatus;
  readonly assessedBy: PersonId | null;
  readonly assessedAt: Instant | null;
}

export interface Segment {
  readonly id: SegmentId;
  /** Place in the order of travel, from 1. */
  readonly no: number;
  readonly name: string;
  readonly line: readonly Position[];
  readonly widthM: number;
  readonly watch: Watch;
  readonly exposure: Exposure;
  /** Party that controls it, or `contested`, `no_mans_land`, `unknown`. */
  readonly control: string;
  readonly checkpoints: number;
  readonly ordnance: Ordnance;
}

export const STOP_REASONS = [
  'shelling',
  'air',
  'drone',
  'mine',
  'sniper',
  'checkpoint',
  'bridge',
  'fuel',
  'medical',
  'weather',
  'crowd',
  'comms',
  'other',
] as const;
/** The reasons a person may give for a stop or a hold; the reason tokens of the SMS grammar (domain 6.2). */
export type StopReason = (typeof STOP_REASONS)[number];

export const RULE_HOLD_REASONS = [
  'attack',
  'ordnance',
  'consent_fell',
  'window_violated',
  'obstruction',
  'protection',
  'no_contact',
  'unverified_warning',
  'criterion_lapsed',
  'voice_not_countersigned',
  'route_changed',
] as const;
/** The reasons a rule gives: E2, E3, E4, E5, 3.2, E10, E6, E2, E8, the 60 minutes of an opening by voice, and another road after an agreement. */
export type RuleHoldReason = (typeof RULE_HOLD_REASONS)[number];

export interface Hold {
  readonly id: HoldId;
  readonly reason: StopReason | RuleHoldReason;
  readonly origin: 'person' | 'rule';
  /** null: all modes. */
  readonly modes: readonly Mode[] | null;
  /** A stop also suspends: the attempt when it names no mode, the named modes otherwise. */
  readonly isStop: boolean;
  readonly setBy: PersonId | null;
  readonly setAt: Instant;
  readonly segmentIds: readonly SegmentId[];
  readonly attackId: AttackId | null;
  readonly clearedBy: PersonId | null;
  readonly clearedAt: Instant | null;
  /** The attempt in which it was set; a rule's hold ends with it, a person's is inherited. */
  readonly attemptNo: number;
}

export const LIMIT_KINDS = [
  'modes_only',
  'hard_surface_only',
  'released_one_by_one',
  'daylight_only',
  'escorted_only',
  'capacity',
  'groups_only',
  'other',
] as const;
export type LimitKind = (typeof LIMIT_KINDS)[number];

export interface Limit {
  readonly id: LimitId;
  readonly kind: LimitKind;
  /** null: all modes. */
  readonly modes: readonly Mode[] | null;
  readonly peoplePerHour: number | null;
  readonly until: Instant | null;
  readonly note: TextRef | null;
  readonly setBy: PersonId | null;
  readonly setAt: Instant;
}

export const OVERRIDABLES = ['evidence', 'green_light', 'hotline', 'transit_time', 'criterion'] as const;
/** What an opening may override, by name, with two names and an end (≤ 6 h, S2). Never a hold, a danger, or a consent. */
export interface Override {
  readonly what: (typeof OVERRIDABLES)[number];
  /** Segment id, party, mode or criterion code, according to `what`. */
  readonly subject: string;
  readonly until: Instant;
}

export const OPENING_KINDS = ['open', 'reopen', 'remove_limit'] as const;
export interface OpeningRequest {
  readonly id: OpeningRequestId;
  readonly kind: (typeof OPENING_KINDS)[number];
  readonly limitId: LimitId | null;
  readonly overrides: readonly Override[];
  readonly isByVoice: boolean;
  readonly requestedBy: PersonId;
  readonly requestedAt: Instant;
  /** Real time, also in an exercise: the approval must come within 15 real minutes. */
  readonly requestedRealAt: Instant;
  /** SHA-256 of what decides, as the requester saw it. */
  readonly boundDigest: string;
  /** The same content, so that an approval can tell "better" from "worse". */
  readonly boundContent: unknown;
}

export interface Opening {
  readonly requestId: OpeningRequestId;
  readonly requestedBy: PersonId;
  readonly approvedBy: PersonId;
  readonly openedAt: Instant;
  readonly isByVoice: boolean;
  readonly countersignedAt: Instant | null;
  readonly overrides: readonly Override[];
}

/** Slow (p90) time from entry to exit, checkpoint waits included, minutes. */
export interface TransitTime {
  readonly slowMinutes: number;
  readonly basis: 'measured' | 'estimated';
  readonly setAt: Instant;
}

export interface LightAndCurfew {
  readonly lastLightAt: Instant | null;
  readonly curfewFrom: Instant | null;
  readonly curfewTo: Instant | null;
}

export interface PeopleInside {
  /** Range; `max` null: no upper figure. From 0 without an upper figure: nobody knows whether anybody is inside. */
  readonly min: number;
  readonly max: number | null;
  readonly asOf: Instant;
  readonly unaccounted: number;
}

export const END_REASONS = ['window_expired', 'window_cancelled', 'not_opened', 'decided'] as const;
export type EndReason = (typeof END_REASONS)[number];

/** One try at using a corridor; exactly one window once chosen. Twenty days are twenty attempts. */
export interface Attempt {
  readonly no: number;
  readonly windowId: WindowId | null;
  readonly lifecycle: Lifecycle;
  readonly startedAt: Instant;
  readonly scheduledAt: Instant | null;
  readonly opening: Opening | null;
  readonly wasEverOpen: boolean;
  readonly endReason: EndReason | null;
  readonly limits: readonly Limit[];
  readonly openingRequests: readonly OpeningRequest[];
  readonly transitTimes: Readonly<Partial<Record<Mode, TransitTime>>>;
  readonly lightAndCurfew: LightAndCurfew;
  readonly peopleInside: PeopleInside | null;
}

export interface StanceProposal {
  readonly id: CommandId;
  readonly stance: Stance;
  readonly proposedBy: PersonId;
  readonly proposedAt: Instant;
}

export interface WaiverProposal {
  readonly id: CommandId;
  readonly criterion: CriterionCode;
  readonly until: Instant;
  readonly proposedBy: PersonId;
}

/** A route with its people's decisions. It keeps its id, segments and holds while attempts come and go. */
export interface Corridor {
  readonly id: CorridorId;
  readonly version: number;
  readonly organisationId: OrganisationId;
  readonly code: CorridorCode;
  readonly externalId: string | null;
  readonly name: string;
  readonly direction: Direction;
  readonly purpose: Purpose;
  readonly zone: Zone;
  /** ISO 3166-1 alpha-2 of the country it starts in, and of its destination where that is known. */
  readonly country: string;
  readonly destinationCountry: string | null;
  /** The party to the conflict (or its ally) under whose control the destination lies; null: none, or not known. */
  readonly destinationParty: Party | null;
  readonly origin: Place;
  readonly destination: Place | null;
  readonly via: readonly Place[];
  readonly declaredBy: readonly string[];
  /** Each controls a segment or can hit it. Facilitators (ICRC, UN) are not parties. */
  readonly relevantParties: readonly Party[];
  readonly permittedModes: readonly Mode[];
  readonly geometryKind: GeometryKind;
  readonly routeVersion: number;
  readonly segments: readonly Segment[];
  readonly alternativeIds: readonly CorridorId[];
  readonly provenance: Provenance;
  readonly stance: Stance;
  readonly stanceProposal: StanceProposal | null;
  readonly holds: readonly Hold[];
  /** Rules' holds that people lifted in this attempt: the same cause sets none of them again. */
  readonly liftedHoldIds: readonly HoldId[];
  readonly criteria: Readonly<Partial<Record<CriterionCode, Criterion>>>;
  readonly waiverProposals: readonly WaiverProposal[];
  readonly attempt: Attempt | null;
}

// ── Facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type CorridorEvent =
  | ({ readonly type: 'CorridorDeclared'; readonly corridorId: CorridorId } & Omit<
      Corridor,
      | 'id'
      | 'version'
      | 'stance'
      | 'stanceProposal'
      | 'holds'
      | 'liftedHoldIds'
      | 'criteria'
      | 'waiverProposals'
      | 'attempt'
      | 'routeVersion'
    >)
  | {
      readonly type: 'RouteChanged';
      readonly corridorId: CorridorId;
      readonly geometryKind: GeometryKind;
      readonly segments: readonly Segment[];
      readonly permittedModes: readonly Mode[];
    }
  | {
      readonly type: 'StanceProposed';
      readonly corridorId: CorridorId;
      readonly proposalId: CommandId;
      readonly stance: Stance;
      readonly reason: TextRef;
    }
  | {
      readonly type: 'StanceSet';
      readonly corridorId: CorridorId;
      readonly proposalId: CommandId;
      readonly stance: Stance;
      readonly proposedBy: PersonId;
    }
  | {
      readonly type: 'AttemptStarted';
      readonly corridorId: CorridorId;
      readonly attemptNo: number;
      readonly windowId: WindowId | null;
      readonly lifecycle: Lifecycle;
    }
  | { readonly type: 'WindowChosen'; readonly corridorId: CorridorId; readonly windowId: WindowId }
  | {
      readonly type: 'LifecycleChanged';
      readonly corridorId: CorridorId;
      readonly from: Lifecycle;
      readonly to: Lifecycle;
      /** A step of people, or the rule that forced it. */
      readonly cause: 'decision' | 'E1' | 'E2' | 'E3' | 'E4' | 'E5' | 'hold_unlifted';
      readonly endReason: EndReason | null;
      readonly unaccounted: number;
      readonly reason: TextRef | null;
    }
  | {
      readonly type: 'CorridorStopped';
      readonly corridorId: CorridorId;
      readonly holdId: HoldId;
      readonly reason: StopReason;
      readonly modes: readonly Mode[] | null;
      readonly segmentIds: readonly SegmentId[];
      readonly lifecycle: Lifecycle | null;
      readonly note: TextRef | null;
    }
  | {
      readonly type: 'HoldSet';
      readonly corridorId: CorridorId;
      readonly holdId: HoldId;
      readonly reason: StopReason | RuleHoldReason;
      readonly origin: 'person' | 'rule';
      readonly modes: readonly Mode[] | null;
      readonly segmentIds: readonly SegmentId[];
      readonly attackId: AttackId | null;
      readonly note: TextRef | null;
    }
  | { readonly type: 'HoldCleared'; readonly corridorId: CorridorId; readonly holdId: HoldId; readonly note: TextRef | null }
  | {
      readonly type: 'HoldLifted';
      readonly corridorId: CorridorId;
      readonly holdId: HoldId;
      readonly because: 'decision' | 'reconfirmed' | 'covered';
      readonly reason: TextRef | null;
    }
  | {
      readonly type: 'LimitSet';
      readonly corridorId: CorridorId;
      readonly limitId: LimitId;
      readonly kind: LimitKind;
      readonly modes: readonly Mode[] | null;
      readonly peoplePerHour: number | null;
      readonly until: Instant | null;
      readonly note: TextRef | null;
    }
  | {
      readonly type: 'CriterionAssessed';
      readonly corridorId: CorridorId;
      readonly criterion: CriterionCode;
      readonly value: Criterion['value'];
      readonly validUntil: Instant;
      readonly note: TextRef | null;
    }
  | {
      readonly type: 'WaiverProposed';
      readonly corridorId: CorridorId;
      readonly waiverId: CommandId;
      readonly criterion: CriterionCode;
      readonly until: Instant;
      readonly mitigation: TextRef;
    }
  | {
      readonly type: 'WaiverGranted';
      readonly corridorId: CorridorId;
      readonly waiverId: CommandId;
      readonly criterion: CriterionCode;
      readonly until: Instant;
      readonly proposedBy: PersonId;
    }
  | {
      readonly type: 'OpeningRequested';
      readonly corridorId: CorridorId;
      readonly requestId: OpeningRequestId;
      readonly kind: OpeningRequest['kind'];
      readonly limitId: LimitId | null;
      readonly overrides: readonly Override[];
      readonly isByVoice: boolean;
      readonly requestedRealAt: Instant;
      readonly boundDigest: string;
      readonly boundContent: unknown;
      readonly reason: TextRef | null;
    }
  | {
      readonly type: 'OpeningRejected';
      readonly corridorId: CorridorId;
      readonly requestId: OpeningRequestId;
      readonly reason: TextRef | null;
    }
  | {
      readonly type: 'CorridorOpened';
      readonly corridorId: CorridorId;
      readonly requestId: OpeningRequestId;
      readonly requestedBy: PersonId;
      readonly approvedBy: PersonId;
      readonly isByVoice: boolean;
      readonly overrides: readonly Override[];
    }
  | { readonly type: 'OpeningCountersigned'; readonly corridorId: CorridorId; readonly requestId: OpeningRequestId }
  | {
      readonly type: 'LimitRemoved';
      readonly corridorId: CorridorId;
      readonly limitId: LimitId;
      readonly requestId: OpeningRequestId;
      readonly requestedBy: PersonId;
      readonly approvedBy: PersonId;
    }
  | {
      readonly type: 'TransitTimeSet';
      readonly corridorId: CorridorId;
      readonly mode: Mode;
      readonly slowMinutes: number;
      readonly basis: TransitTime['basis'];
    }
  | ({ readonly type: 'LightAndCurfewSet'; readonly corridorId: CorridorId } & LightAndCurfew)
  | {
      readonly type: 'PeopleInsideReported';
      readonly corridorId: CorridorId;
      readonly min: number;
      readonly max: number | null;
      readonly unaccounted: number;
    }
  | {
      readonly type: 'OrdnanceAssessed';
      readonly corridorId: CorridorId;
      readonly segmentId: SegmentId;
      readonly status: OrdnanceStatus;
      readonly cause: 'assessor' | 'E3';
    };

const NO_LIGHT: LightAndCurfew = { lastLightAt: null, curfewFrom: null, curfewTo: null };

/** The corridor after the fact. The row to flush is `toRow()` of it; nobody builds a row any other way. */
export function evolveCorridor(before: Corridor | null, event: Recorded<CorridorEvent>): Corridor {
  const { body, recordedAt, actorId } = event;
  if (body.type === 'CorridorDeclared') {
    const { type: _type, corridorId, ...declared } = body;
    return {
      ...declared,
      id: corridorId,
      version: event.version,
      routeVersion: 1,
      stance: 'observed',
      stanceProposal: null,
      holds: [],
      liftedHoldIds: [],
      criteria: {},
      waiverProposals: [],
      attempt: null,
    };
  }
  if (before === null) throw new TypeError(`${body.type} before CorridorDeclared`);
  const corridor = { ...before, version: event.version };
  const attempt = before.attempt;
  switch (body.type) {
    case 'RouteChanged':
      return {
        ...corridor,
        geometryKind: body.geometryKind,
        segments: body.segments,
        permittedModes: body.permittedModes,
        routeVersion: before.routeVersion + 1,
        ...(isSameRoad(before.segments, body.segments) ? {} : onAnotherRoad(before)),
      };
    case 'StanceProposed':
      return {
        ...corridor,
        stanceProposal: { id: body.proposalId, stance: body.stance, proposedBy: knownActor(actorId), proposedAt: recordedAt },
      };
    case 'StanceSet':
      return { ...corridor, stance: body.stance, stanceProposal: null };
    case 'AttemptStarted':
      return {
        ...corridor,
        // People's holds are inherited; a rule's hold ends with the attempt in which it was set.
        holds: before.holds.filter((hold) => hold.origin === 'person').map((hold) => ({ ...hold, clearedBy: null, clearedAt: null })),
        liftedHoldIds: [],
        criteria: inheritedCriteria(before),
        waiverProposals: [],
        attempt: {
          no: body.attemptNo,
          windowId: body.windowId,
          lifecycle: body.lifecycle,
          startedAt: recordedAt,
          scheduledAt: null,
          opening: null,
          wasEverOpen: false,
          endReason: null,
          limits: [],
          openingRequests: [],
          transitTimes: {},
          lightAndCurfew: NO_LIGHT,
          peopleInside: peopleLeftBy(attempt),
        },
      };
    case 'WindowChosen':
      return withAttempt(corridor, { windowId: body.windowId });
    case 'LifecycleChanged':
      return withAttempt(corridor, {
        lifecycle: body.to,
        endReason: body.endReason ?? attempt?.endReason ?? null,
        scheduledAt: body.to === 'scheduled' ? recordedAt : (attempt?.scheduledAt ?? null),
        ...(body.to === 'suspended' || isOver(body.to) ? { openingRequests: [] } : {}),
        // E1 closes only what was counted empty after its last departure.
        ...(body.cause === 'E1' && body.to === 'closed' ? {} : { peopleInside: peopleOnceLeft(attempt) }),
        ...(body.to === 'completed' ? { peopleInside: { min: 0, max: 0, asOf: recordedAt, unaccounted: body.unaccounted } } : {}),
      });
    case 'CorridorStopped': {
      const hold: Hold = {
        id: body.holdId,
        reason: body.reason,
        origin: 'person',
        modes: body.modes,
        isStop: true,
        setBy: actorId,
        setAt: recordedAt,
        segmentIds: body.segmentIds,
        attackId: null,
        clearedBy: null,
        clearedAt: null,
        attemptNo: attempt?.no ?? 0,
      };
      const stopped = { ...corridor, holds: [...before.holds, hold] };
      return body.lifecycle === null
        ? stopped
        : withAttempt(stopped, {
            lifecycle: body.lifecycle,
            peopleInside: peopleOnceLeft(attempt),
            ...(body.lifecycle === 'suspended' ? { openingRequests: [] } : {}),
          });
    }
    case 'HoldSet':
      return {
        ...corridor,
        holds: [
          ...before.holds,
          {
            id: body.holdId,
            reason: body.reason,
            origin: body.origin,
            modes: body.modes,
            isStop: false,
            setBy: actorId,
            setAt: recordedAt,
            segmentIds: body.segmentIds,
            attackId: body.attackId,
            clearedBy: null,
            clearedAt: null,
            attemptNo: attempt?.no ?? 0,
          },
        ],
      };
    case 'HoldCleared':
      return {
        ...corridor,
        holds: before.holds.map((hold) => (hold.id === body.holdId ? { ...hold, clearedBy: actorId, clearedAt: recordedAt } : hold)),
      };
    case 'HoldLifted':
      return {
        ...corridor,
        holds: before.holds.filter((hold) => hold.id !== body.holdId),
        liftedHoldIds: [...before.liftedHoldIds, body.holdId],
      };
    case 'LimitSet': {
      const { type: _type, corridorId: _id, limitId, ...limit } = body;
      return withAttempt(corridor, { limits: [...(attempt?.limits ?? []), { ...limit, id: limitId, setBy: actorId, setAt: recordedAt }] });
    }
    case 'LimitRemoved':
      return withAttempt(corridor, {
        limits: (attempt?.limits ?? []).filter((limit) => limit.id !== body.limitId),
        openingRequests: withoutRequest(attempt, body.requestId),
      });
    case 'CriterionAssessed':
      return {
        ...corridor,
        criteria: {
          ...before.criteria,
          [body.criterion]: { value: body.value, assessedBy: actorId, assessedAt: recordedAt, validUntil: body.validUntil, waiver: null },
        },
      };
    case 'WaiverProposed':
      return {
        ...corridor,
        waiverProposals: [
          ...before.waiverProposals,
          { id: body.waiverId, criterion: body.criterion, until: body.until, proposedBy: knownActor(actorId) },
        ],
      };
    case 'WaiverGranted': {
      const assessed = before.criteria[body.criterion] ?? {
        value: 'unknown' as const,
        assessedBy: null,
        assessedAt: recordedAt,
        validUntil: recordedAt,
        waiver: null,
      };
      return {
        ...corridor,
        waiverProposals: before.waiverProposals.filter((proposal) => proposal.id !== body.waiverId),
        criteria: {
          ...before.criteria,
          [body.criterion]: { ...assessed, waiver: { riskOwner: body.proposedBy, grantedBy: knownActor(actorId), until: body.until } },
        },
      };
    }
    case 'OpeningRequested': {
      const { type: _type, corridorId: _id, requestId, reason: _reason, ...request } = body;
      return withAttempt(corridor, {
        openingRequests: [
          ...(attempt?.openingRequests ?? []),
          { ...request, id: requestId, requestedBy: knownActor(actorId), requestedAt: recordedAt },
        ],
      });
    }
    case 'OpeningRejected':
      return withAttempt(corridor, { openingRequests: withoutRequest(attempt, body.requestId) });
    case 'CorridorOpened':
      return withAttempt(corridor, {
        lifecycle: 'open',
        wasEverOpen: true,
        peopleInside: uncounted(attempt?.peopleInside ?? null),
        openingRequests: withoutRequest(attempt, body.requestId),
        opening: {
          requestId: body.requestId,
          requestedBy: body.requestedBy,
          approvedBy: body.approvedBy,
          openedAt: recordedAt,
          isByVoice: body.isByVoice,
          countersignedAt: null,
          overrides: body.overrides,
        },
      });
    case 'OpeningCountersigned':
      return withAttempt(corridor, attempt?.opening == null ? {} : { opening: { ...attempt.opening, countersignedAt: recordedAt } });
    case 'TransitTimeSet':
      return withAttempt(corridor, {
        transitTimes: { ...attempt?.transitTimes, [body.mode]: { slowMinutes: body.slowMinutes, basis: body.basis, setAt: recordedAt } },
      });
    case 'LightAndCurfewSet':
      return withAttempt(corridor, {
        lightAndCurfew: { lastLightAt: body.lastLightAt, curfewFrom: body.curfewFrom, curfewTo: body.curfewTo },
      });
    case 'PeopleInsideReported':
      return withAttempt(corridor, { peopleInside: { min: body.min, max: body.max, asOf: recordedAt, unaccounted: body.unaccounted } });
    case 'OrdnanceAssessed':
      return {
        ...corridor,
        segments: before.segments.map((segment) =>
          segment.id === body.segmentId
            ? { ...segment, ordnance: { status: body.status, assessedBy: actorId, assessedAt: recordedAt } }
            : segment,
        ),
      };
    default:
      return assertNever(body);
  }
}

function withAttempt(corridor: Corridor, change: Partial<Attempt>): Corridor {
  return corridor.attempt === null ? corridor : { ...corridor, attempt: { ...corridor.attempt, ...change } };
}

function withoutRequest(attempt: Attempt | null, id: OpeningRequestId): readonly OpeningRequest[] {
  return (attempt?.openingRequests ?? []).filter((request) => request.id !== id);
}

/** The same ways with the same checkpoints, one after the other: what was measured and assessed of the road goes on. */
export function isSameRoad(a: readonly Segment[], b: readonly Segment[]): boolean {
  const roadOf = (segments: readonly Segment[]): string =>
    JSON.stringify(segments.map(({ id, line, widthM, checkpoints }) => [id, line, widthM, checkpoints]));
  return roadOf(a) === roadOf(b);
}

/** What speaks of the road itself: its definition, its surface, the net with its checkpoints, its shelters and turn-round points. */
const OF_THE_ROAD: readonly CriterionCode[] = ['route_defined', 'route_trafficable', 'comms_net', 'abort_plan'];

/** Transit times and criteria of the old road say nothing of another one. */
function onAnotherRoad({ criteria, attempt }: Corridor): Pick<Corridor, 'criteria' | 'attempt'> {
  return {
    criteria: Object.fromEntries(Object.entries(criteria).filter(([code]) => !(OF_THE_ROAD as readonly string[]).includes(code))),
    attempt: attempt === null ? null : { ...attempt, transitTimes: {} },
  };
}

/** Criteria 5, 14, 16–23 are assessed once for an operation and inherited; the others belong to the attempt. */
const INHERITED: readonly CriterionCode[] = [
  'users_defined',
  'comms_to_civilians',
  'medical',
  'monitoring',
  'notified_hns',
  'family_unity',
  'special_needs',
  'belongings_docs',
  'screening_rules',
  'reception',
];

function inheritedCriteria(corridor: Corridor): Corridor['criteria'] {
  return Object.fromEntries(Object.entries(corridor.criteria).filter(([code]) => (INHERITED as readonly string[]).includes(code)));
}

/** People are on the road, not in an attempt: whoever the last one left there, and nobody counted, goes on being unknown. */
function peopleLeftBy(attempt: Attempt | null): PeopleInside | null {
  if (attempt === null || attempt.peopleInside !== null || !attempt.wasEverOpen) return attempt?.peopleInside ?? null;
  return { min: 0, max: null, asOf: attempt.opening?.openedAt ?? attempt.startedAt, unaccounted: 0 };
}

/** Whoever departed since "nobody inside" was counted is on the road: counted before the opening or while it was open, it is known no more. */
function peopleOnceLeft(attempt: Attempt | null): PeopleInside | null {
  const people = attempt?.peopleInside ?? null;
  return attempt?.lifecycle === 'open' ? uncounted(people) : people;
}

function uncounted(people: PeopleInside | null): PeopleInside | null {
  return people?.max === 0 && people.unaccounted === 0 ? { ...people, max: null } : people;
}

/** Facts that only a person can cause carry that person; a log without is broken. */
function knownActor(actorId: PersonId | null): PersonId {
  if (actorId === null) throw new TypeError('a decision without a person');
  return actorId;
}
