import type {
  EndReason,
  Hold,
  Lifecycle,
  Limit,
  Mode,
  Opening,
  OpeningRequest,
  OrdnanceStatus,
  Party,
  Passability,
  PeopleInside,
  Stance,
  Watch,
} from './corridor.js';
import type { AttackId, CorridorId, SegmentId, WindowId } from './ids.js';
import type { Instant } from './instant.js';
import type { Basis, Consent, Outcome } from './window.js';

export const DISPLAYS = ['danger', 'suspended', 'closed', 'not_agreed', 'planned', 'hold', 'unknown', 'limited', 'open'] as const;
/** The word that is shown. Computed here and nowhere else; never stored by hand. */
export type Display = (typeof DISPLAYS)[number];

/** How usable a word is (promise 6). Not the order of the decision table, which is no order of safety. */
export const EASE: Readonly<Record<Display, number>> = {
  open: 3,
  limited: 2,
  planned: 1,
  danger: 0,
  suspended: 0,
  closed: 0,
  not_agreed: 0,
  hold: 0,
  unknown: 0,
};

/**
 * Why a row fits, and what would lift it. `row` is the row of the decision table of domain 1.5; 0: a note beside the word.
 * `liftedBy` names the act that would take the reason away; the screens have a sentence for each.
 */
export const REASONS = {
  danger: { row: 1, liftedBy: 'discount' },
  locked_down: { row: 2, liftedBy: 'lift_lock_down' },
  suspended: { row: 2, liftedBy: 'reopen' },
  mode_stopped: { row: 2, liftedBy: 'lift_hold' },
  older_danger: { row: 2, liftedBy: 'new_attempt_after_look' },
  closing: { row: 3, liftedBy: 'new_attempt' },
  closed: { row: 3, liftedBy: 'new_attempt' },
  not_opened: { row: 3, liftedBy: 'new_attempt' },
  window_expired: { row: 3, liftedBy: 'new_attempt' },
  window_cancelled: { row: 3, liftedBy: 'new_attempt' },
  window_over: { row: 3, liftedBy: 'extend_window' },
  completed: { row: 3, liftedBy: 'new_attempt' },
  cancelled: { row: 3, liftedBy: 'new_attempt' },
  failed: { row: 3, liftedBy: 'new_attempt' },
  nothing_announced: { row: 4, liftedBy: 'start_attempt' },
  not_supported: { row: 4, liftedBy: 'support' },
  proposed: { row: 4, liftedBy: 'negotiate' },
  under_negotiation: { row: 4, liftedBy: 'agree' },
  consent_missing: { row: 4, liftedBy: 'consent' },
  hold: { row: 5, liftedBy: 'lift_hold' },
  mode_left_out: { row: 5, liftedBy: 'remove_limit' },
  not_passable: { row: 5, liftedBy: 'passable_report' },
  starts_later: { row: 6, liftedBy: 'wait_for_start' },
  no_window: { row: 7, liftedBy: 'choose_window' },
  not_yet_opened: { row: 7, liftedBy: 'open' },
  edge_not_instant: { row: 7, liftedBy: 'claim_instant' },
  ends_disputed: { row: 7, liftedBy: 'settle_end' },
  earlier_danger: { row: 7, liftedBy: 'look_at_road' },
  last_departure_passed: { row: 8, liftedBy: 'extend_window' },
  window_too_short: { row: 8, liftedBy: 'extend_window' },
  evidence_missing: { row: 9, liftedBy: 'observe' },
  evidence_stale: { row: 9, liftedBy: 'observe' },
  worse_news_since: { row: 9, liftedBy: 'observe' },
  passage_stale: { row: 9, liftedBy: 'pass_through' },
  criterion_missing: { row: 9, liftedBy: 'assess' },
  criterion_expired: { row: 9, liftedBy: 'assess' },
  ordnance_not_clear: { row: 9, liftedBy: 'assess_ordnance' },
  green_light_missing: { row: 9, liftedBy: 'green_light' },
  green_light_expired: { row: 9, liftedBy: 'green_light' },
  hotline_silent: { row: 9, liftedBy: 'call_party' },
  transit_time_missing: { row: 9, liftedBy: 'set_transit_time' },
  basis_not_set: { row: 9, liftedBy: 'set_basis' },
  notification_only: { row: 9, liftedBy: 'agree' },
  limit: { row: 10, liftedBy: 'remove_limit' },
  basis_limits: { row: 10, liftedBy: 'agree' },
  waiver: { row: 10, liftedBy: 'assess' },
  override: { row: 10, liftedBy: 'evidence_instead' },
  opened_by_voice: { row: 10, liftedBy: 'countersign' },
  blind_segment: { row: 10, liftedBy: 'watch_segment' },
  used_no_incident: { row: 10, liftedBy: 'assess_ordnance' },
  passable_difficult: { row: 10, liftedBy: 'passable_report' },
  some_modes_only: { row: 10, liftedBy: 'see_modes' },
  agreed_and_checked: { row: 11, liftedBy: 'nothing' },
  // Beside the word, never deciding it:
  fire_near: { row: 0, liftedBy: 'nothing' },
  fire_near_place_uncertain: { row: 0, liftedBy: 'nothing' },
  unverified_warning: { row: 0, liftedBy: 'call_back' },
  protection_alarm: { row: 0, liftedBy: 'nothing' },
  destination_outside_country: { row: 0, liftedBy: 'nothing' },
  road_not_looked_at: { row: 0, liftedBy: 'look_at_road' },
  evidence_ageing: { row: 0, liftedBy: 'observe' },
  hotline_ageing: { row: 0, liftedBy: 'call_party' },
  other_window: { row: 0, liftedBy: 'nothing' },
  window_contradicted: { row: 0, liftedBy: 'nothing' },
  hold_beside: { row: 0, liftedBy: 'lift_hold' },
  schematic_line: { row: 0, liftedBy: 'nothing' },
  synthetic_reports: { row: 0, liftedBy: 'nothing' },
} as const satisfies Readonly<Record<string, { readonly row: number; readonly liftedBy: string }>>;

export type ReasonCode = keyof typeof REASONS;

/** The plain values that a sentence about a reason may name: instants, parties, names of segments, codes. */
export const REASON_INPUTS = [
  'agreeing',
  'answeredAt',
  'assessedAt',
  'attackId',
  'basis',
  'by',
  'cancelledAt',
  'clearedBy',
  'consent',
  'country',
  'countsFrom',
  'criterion',
  'distanceKm',
  'ends',
  'endsAt',
  'firstEndAt',
  'grade',
  'holdId',
  'how',
  'kind',
  'lastDepartureAt',
  'lastEndAt',
  'lifecycle',
  'limitId',
  'mode',
  'modes',
  'no',
  'ordnance',
  'parties',
  'party',
  'passageAt',
  'peoplePerHour',
  'place',
  'precisionKm',
  'riskOwner',
  'seenAt',
  'segment',
  'segments',
  'setAt',
  'setBy',
  'since',
  'staleFrom',
  'stance',
  'starts',
  'startsAt',
  'subject',
  'type',
  'until',
  'value',
  'watch',
  'what',
  'why',
  'windowId',
  'worseAt',
] as const;
export type ReasonInput = (typeof REASON_INPUTS)[number];

export interface Reason {
  readonly code: ReasonCode;
  readonly row: number;
  readonly liftedBy: string;
  /** The modes it holds for; null: all. */
  readonly modes: readonly Mode[] | null;
  readonly inputs: { readonly [Input in ReasonInput]?: string | number | null };
}

export const FRESHNESS = ['live', 'ageing', 'stale', 'missing'] as const;
export type Freshness = (typeof FRESHNESS)[number];

export interface SegmentStatus {
  readonly segmentId: SegmentId;
  readonly no: number;
  readonly name: string;
  readonly watch: Watch;
  readonly freshness: Freshness;
  /** Newest first-hand good report that counts; null: none. */
  readonly seenAt: Instant | null;
  readonly ordnance: OrdnanceStatus;
  readonly isInDanger: boolean;
}

export interface ModeStatus {
  readonly mode: Mode;
  readonly display: Display;
  readonly passability: Passability;
  /** Last safe departure; null: can't be worked out, because no end is known. */
  readonly lastDepartureAt: Instant | null;
  readonly reasons: readonly Reason[];
}

/** One status of one corridor: what the log, the board and every feed carry. Good until `validUntil`, exclusive. */
export interface Status {
  readonly corridorId: CorridorId;
  readonly display: Display;
  /** Row of the decision table, 1–11. */
  readonly row: number;
  readonly reasons: readonly Reason[];
  /** Shown beside the word, whatever it is. */
  readonly beside: readonly Reason[];
  readonly decidedAt: Instant;
  /** The first instant at which time alone could change the answer; null: never. Past it a reader draws anything usable as UNKNOWN. */
  readonly validUntil: Instant | null;
  readonly stance: Stance;
  readonly attempt: {
    readonly no: number;
    readonly lifecycle: Lifecycle;
    readonly windowId: WindowId | null;
    readonly endReason: EndReason | null;
    readonly startedAt: Instant;
  } | null;
  readonly window: {
    readonly startClaims: readonly Instant[];
    readonly endClaims: readonly Instant[];
    readonly startsAt: Instant | null;
    readonly lastEndAt: Instant | null;
    readonly hasBothInstants: boolean;
    readonly basis: Basis | null;
    readonly isCancelled: boolean;
    readonly outcome: Outcome | null;
    readonly zone: string;
  } | null;
  readonly consents: readonly {
    readonly party: Party;
    readonly consent: Consent;
    readonly since: Instant | null;
    readonly hotlineAnsweredAt: Instant | null;
  }[];
  readonly lastDepartureAt: Instant | null;
  readonly segments: readonly SegmentStatus[];
  readonly modes: readonly ModeStatus[];
  /** Passability as reported, also of modes that are not permitted; a party's word of "passable" stands here as its assurance. */
  readonly passability: Readonly<Partial<Record<Mode, Passability>>>;
  readonly holds: readonly Hold[];
  readonly limits: readonly Limit[];
  readonly peopleInside: PeopleInside | null;
  readonly openingRequests: readonly Omit<OpeningRequest, 'boundContent'>[];
  readonly opening: Opening | null;
  readonly attackIds: readonly AttackId[];
}

export interface StatusEvent {
  readonly type: 'CorridorStatusChanged';
  readonly corridorId: CorridorId;
  readonly status: Status;
}
