import { PASSABILITIES, type Corridor, type Mode, type Passability, type Provenance, type Watch } from './corridor.js';
import type { Recorded, TextRef } from './event.js';
import { FUTURE_TOLERANCE_MS } from './attack.js';
import type { CorridorId, ObservationId, OrganisationId, PersonId, SegmentId } from './ids.js';
import { msBetween, type Instant } from './instant.js';

export const CONDITIONS = ['quiet', 'slow', 'blocked', 'fire_heard'] as const;
/** What was seen on the segment. `blocked` and `fire_heard` are worse news and never refresh evidence. */
export type Condition = (typeof CONDITIONS)[number];

/** What somebody saw of one segment. Append-only: a correction is a new observation. */
export interface Observation {
  readonly id: ObservationId;
  readonly organisationId: OrganisationId;
  readonly corridorId: CorridorId;
  readonly segmentId: SegmentId;
  readonly seen: Watch;
  readonly condition: Condition;
  readonly passability: Readonly<Partial<Record<Mode, Passability>>>;
  /** Somebody trusted went and looked at the road after an attack, and says so. */
  readonly roadLookedAt: boolean;
  readonly observedAt: Instant;
  readonly enteredAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly receivedAt: Instant;
  /** More than 2 min ahead of its receipt: kept, and never good news, also not when its time has come. */
  readonly isFutureDated: boolean;
  readonly isTrusted: boolean;
  readonly observedBy: PersonId | null;
  readonly provenance: Provenance;
}

export type ObservationEvent = {
  readonly type: 'ObservationRecorded';
  readonly observationId: ObservationId;
  readonly note: TextRef | null;
} & Omit<Observation, 'id' | 'observedBy'>;

export function evolveObservation(event: Recorded<ObservationEvent>): Observation {
  const { type: _type, observationId, note: _note, ...seen } = event.body;
  return { ...seen, id: observationId, observedBy: event.actorId };
}

const FIRST_HAND: readonly Watch[] = ['manned_post', 'passage', 'seen_from'];

/** Only who is there refreshes evidence; a party's word is an assurance, shown, never an observation. */
export function isFirstHand(seen: Watch): boolean {
  return FIRST_HAND.includes(seen);
}

/** Judged once, at receipt: up to 2 min ahead is cut to the receipt, more is flagged. */
export function judgeObservedAt(
  observedAt: Instant | null,
  receivedAt: Instant,
): { readonly observedAt: Instant; readonly isFutureDated: boolean } {
  if (observedAt === null || observedAt <= receivedAt) return { observedAt: observedAt ?? receivedAt, isFutureDated: false };
  return msBetween(receivedAt, observedAt) > FUTURE_TOLERANCE_MS
    ? { observedAt, isFutureDated: true }
    : { observedAt: receivedAt, isFutureDated: false };
}

/** What the observations of one segment come to. A fold that commutes: order and repetition of the reports change nothing (S9). */
export interface SegmentEvidence {
  /** Newest trusted, first-hand, not future-dated "quiet" or "slow". */
  readonly goodAt: Instant | null;
  /** The newest of them by `passage`. */
  readonly passageAt: Instant | null;
  /** Newest trusted "road looked at". */
  readonly lookedAt: Instant | null;
  /** Newest worse news of the segment from anybody; a good report seen before it is late. */
  readonly worseAt: Instant | null;
  /** Newest trusted word for each mode. */
  readonly passability: Words;
  /** Newest bad news for each mode, from anybody: it may make a mode worse, never better. */
  readonly badNews: Readonly<Partial<Record<Mode, BadNews>>>;
  /** Newest word of a party for each mode: shown, never an observation. */
  readonly assurance: Words;
}
type Words = Readonly<Partial<Record<Mode, ReportedPassability>>>;
type BadNews = Readonly<Partial<Record<'passable_difficult' | 'not_passable', Instant>>>;
export interface ReportedPassability {
  readonly value: Passability;
  readonly at: Instant;
}

/** Folded beside the corridor: observations never move its version. */
export interface CorridorEvidence {
  readonly corridorId: CorridorId;
  readonly segments: Readonly<Record<SegmentId, SegmentEvidence>>;
  readonly observationCount: number;
  /** Some of it is invented for the demo; every reader says so. */
  readonly isSynthetic: boolean;
  /** Newest observation of any kind, for "who is watching". */
  readonly newestAt: Instant | null;
}

export const NO_EVIDENCE: SegmentEvidence = {
  goodAt: null,
  passageAt: null,
  lookedAt: null,
  worseAt: null,
  passability: {},
  badNews: {},
  assurance: {},
};

export function noEvidence(corridorId: CorridorId): CorridorEvidence {
  return { corridorId, segments: {}, observationCount: 0, isSynthetic: false, newestAt: null };
}

export function evolveEvidence(before: CorridorEvidence, observation: Observation): CorridorEvidence {
  const segment = before.segments[observation.segmentId] ?? NO_EVIDENCE;
  return {
    ...before,
    observationCount: before.observationCount + 1,
    isSynthetic: before.isSynthetic || observation.provenance === 'synthetic',
    newestAt: observation.isFutureDated ? before.newestAt : later(before.newestAt, observation.observedAt),
    segments: { ...before.segments, [observation.segmentId]: evolveSegmentEvidence(segment, observation) },
  };
}

function evolveSegmentEvidence(before: SegmentEvidence, observation: Observation): SegmentEvidence {
  const { condition, observedAt, receivedAt } = observation;
  const isWorse = condition === 'blocked' || condition === 'fire_heard';
  // Named, not "anything else": a condition that this version does not know is no good news (S14).
  const isGood = (condition === 'quiet' || condition === 'slow') && observation.isTrusted && !observation.isFutureDated;
  // Bad news from the future counts from its receipt; good news from the future counts for nothing.
  const at = observation.isFutureDated ? receivedAt : observedAt;
  return {
    goodAt: isGood ? later(before.goodAt, at) : before.goodAt,
    passageAt: isGood && observation.seen === 'passage' ? later(before.passageAt, at) : before.passageAt,
    lookedAt: isGood && observation.roadLookedAt ? later(before.lookedAt, at) : before.lookedAt,
    worseAt: isWorse ? later(before.worseAt, at) : before.worseAt,
    passability: isGood ? mergeWords(before.passability, observation, at) : before.passability,
    badNews: mergeBadNews(before.badNews, observation, at),
    assurance: observation.seen === 'party_only' ? mergeWords(before.assurance, observation, at) : before.assurance,
  };
}

/** The newest word counts; at one instant the worse. "Unknown" says nothing, and so takes no earlier word away. */
function mergeWords(before: Words, observation: Observation, at: Instant): Words {
  const after: Partial<Record<Mode, ReportedPassability>> = { ...before };
  for (const [mode, value] of Object.entries(observation.passability) as [Mode, Passability][]) {
    if (value === 'unknown') continue;
    const known = before[mode];
    if (known === undefined || at > known.at || (at === known.at && rank(value) > rank(known.value))) after[mode] = { value, at };
  }
  return after;
}

function mergeBadNews(before: SegmentEvidence['badNews'], observation: Observation, at: Instant): SegmentEvidence['badNews'] {
  const after: Partial<Record<Mode, BadNews>> = { ...before };
  for (const [mode, value] of Object.entries(observation.passability) as [Mode, Passability][]) {
    if (value !== 'not_passable' && value !== 'passable_difficult') continue;
    const known = before[mode];
    after[mode] = { ...known, [value]: later(known?.[value] ?? null, at) };
  }
  return after;
}

function rank(value: Passability): number {
  return value === 'unknown' ? -1 : PASSABILITIES.indexOf(value);
}

function later(a: Instant | null, b: Instant): Instant {
  return a === null || b > a ? b : a;
}

/** Signed in, of the corridor's team, seen first-hand: the only reports that may refresh evidence. */
export function isTrusted(seen: Watch, isOfTeam: boolean): boolean {
  return isOfTeam && isFirstHand(seen);
}

/** Whether the corridor has this segment. */
export function hasSegment(corridor: Corridor, segmentId: SegmentId): boolean {
  return corridor.segments.some((segment) => segment.id === segmentId);
}
