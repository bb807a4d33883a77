import { EFFECT_OF, countsFor, dangerEndsAt, isCredibleDanger, isHit, type Attack, type Touch } from './attack.js';
import {
  MODES,
  hasDepartures,
  isEnded,
  isOver,
  type Attempt,
  type Corridor,
  type Mode,
  type Passability,
  type Segment,
} from './corridor.js';
import type { Dossier } from './dossier.js';
import { NO_EVIDENCE, type ReportedPassability, type SegmentEvidence } from './observation.js';
import type { SegmentId } from './ids.js';
import { addMs, latestOf, msBetween, type Instant } from './instant.js';
import { EVIDENCE, EVIDENCE_LINE_OCCUPIED, PRE_OPENING_MS, type Phase } from './settings.js';
import type { Freshness } from './status.js';
import { windowTimes, type WindowTimes } from './window.js';

/** The times of the attempt's window, or of none. */
export function timesOf(dossier: Dossier): WindowTimes {
  if (dossier.window === null) return NO_TIMES;
  return windowTimes(dossier.window);
}
const NO_TIMES: WindowTimes = {
  startClaims: [],
  endClaims: [],
  startsAt: null,
  firstEndAt: null,
  lastEndAt: null,
  hasBothInstants: false,
  goNoGoAt: [],
};

export function phaseOf(attempt: Attempt | null, startsAt: Instant | null, now: Instant): Phase {
  if (attempt === null) return 'planning';
  // Closed by a person while somebody is or may be inside: the last one is still to be accounted for.
  if (attempt.lifecycle === 'closing' || (attempt.lifecycle === 'closed' && insideOf(attempt) !== 'nobody')) return 'closing';
  if (startsAt === null || isOver(attempt.lifecycle)) return 'planning';
  if (now >= startsAt) return 'running';
  return msBetween(now, startsAt) <= PRE_OPENING_MS ? 'pre_opening' : 'planning';
}

/** Who is on the road: nobody as far as anyone could have left; somebody; or not known. */
export function inside({ attempt }: Corridor): 'nobody' | 'somebody' | 'unknown' {
  return attempt === null ? 'nobody' : insideOf(attempt);
}

function insideOf(attempt: Attempt): 'nobody' | 'somebody' | 'unknown' {
  const people = attempt.peopleInside;
  if (people === null) return attempt.wasEverOpen ? 'unknown' : 'nobody';
  if (people.min === 0 && people.max === null && people.unaccounted === 0) return 'unknown';
  return people.max === 0 && people.unaccounted === 0 ? 'nobody' : 'somebody';
}

/**
 * Whether evidence and hotlines are being asked for: from two hours before the start to the last person out, also where it is suspended or
 * closed meanwhile (E6).
 */
export function isUnderWatch(dossier: Dossier, now: Instant): boolean {
  const { attempt } = dossier.corridor;
  if (attempt === null || isEnded(attempt.lifecycle) || phaseOf(attempt, timesOf(dossier).startsAt, now) === 'planning') return false;
  return hasDepartures(attempt.lifecycle) || insideOf(attempt) !== 'nobody';
}

// ── Attacks as this corridor sees them ───────────────────────────────────────────────────────────────────────────────────────

export function touchWith(attack: Attack, corridor: Corridor): Touch | null {
  return attack.touches.find((touch) => touch.corridorId === corridor.id) ?? null;
}

export interface Hit {
  readonly attack: Attack;
  readonly touch: Touch;
  /** Segments it counts for: those in its ring, or all of a corridor that it only names. */
  readonly segments: readonly Segment[];
}

function hitsOf(dossier: Dossier, effect: (typeof EFFECT_OF)[keyof typeof EFFECT_OF]): readonly Hit[] {
  return dossier.attacks.flatMap((attack) => {
    const touch = touchWith(attack, dossier.corridor);
    if (
      touch === null ||
      !isHit(touch) ||
      !countsFor(attack, dossier.corridor.id) ||
      !attack.types.some((type) => EFFECT_OF[type] === effect)
    )
      return [];
    const named = dossier.corridor.segments.filter((segment) => touch.segmentIds.includes(segment.id));
    return [{ attack, touch, segments: named.length > 0 ? named : dossier.corridor.segments }];
  });
}

/** Reports of fire that hit this corridor and count: authenticated, graded A–C, or of two origins. */
export function dangersOf(dossier: Dossier): readonly Hit[] {
  return hitsOf(dossier, 'danger').filter((hit) => isCredibleDanger(hit.attack));
}

/** Hits from a single unknown sender: a warning until somebody calls back. */
export function warningsOf(dossier: Dossier): readonly Hit[] {
  return hitsOf(dossier, 'danger').filter((hit) => !isCredibleDanger(hit.attack) && hit.attack.grade.credibility !== '5');
}

export function obstructionsOf(dossier: Dossier): readonly Hit[] {
  return hitsOf(dossier, 'obstruction');
}

export function protectionHitsOf(dossier: Dossier): readonly Hit[] {
  return hitsOf(dossier, 'protection');
}

export function isFresh(attack: Attack, now: Instant): boolean {
  return now < dangerEndsAt(attack);
}

/** Somebody trusted looked at every segment it counts for, after it happened and after whatever worse came since: fire heard, another attack. */
export function isLookedAt(hit: Hit, dossier: Dossier): boolean {
  return hit.segments.every((segment) => {
    const { lookedAt } = evidenceOf(dossier, segment);
    return lookedAt !== null && lookedAt > hit.attack.countsFrom && !isLate(lookedAt, dossier, segment);
  });
}

/** Fresh at some moment of this attempt: its own fire, that of the three hours before it, and either told late (ADR 13). */
export function isOfAttempt(hit: Hit, attempt: Attempt): boolean {
  return attempt.startedAt < dangerEndsAt(hit.attack);
}

/** Two people opened after it was over, knew of it, and somebody had looked at the road. */
export function isAnsweredFor(hit: Hit, attempt: Attempt, dossier: Dossier): boolean {
  const { opening } = attempt;
  if (opening === null || opening.openedAt < dangerEndsAt(hit.attack) || opening.openedAt < hit.attack.recordedAt) return false;
  return hit.segments.every((segment) => (evidenceOf(dossier, segment).lookedAt ?? '') > hit.attack.countsFrom);
}

// ── Evidence of segments ─────────────────────────────────────────────────────────────────────────────────────────────────────

export function evidenceOf(dossier: Dossier, segment: Segment): SegmentEvidence {
  return dossier.evidence.segments[segment.id] ?? NO_EVIDENCE;
}

const worseBySegment = new WeakMap<Dossier, ReadonlyMap<SegmentId, Instant | null>>();

/** The newest worse fact of the segment: what anybody said of it, or fire that counts. Worked out once for a dossier. */
export function worseAtOn(dossier: Dossier, segment: Segment): Instant | null {
  const known = worseBySegment.get(dossier) ?? worseTimes(dossier);
  worseBySegment.set(dossier, known);
  return known.get(segment.id) ?? null;
}

function worseTimes(dossier: Dossier): ReadonlyMap<SegmentId, Instant | null> {
  const dangers = dangersOf(dossier);
  return new Map(
    dossier.corridor.segments.map((segment) => {
      const struck = dangers.filter((hit) => hit.segments.includes(segment)).map((hit) => hit.attack.countsFrom);
      const { worseAt } = evidenceOf(dossier, segment);
      return [segment.id, latestOf([...struck, ...(worseAt === null ? [] : [worseAt])])];
    }),
  );
}

/** Seen no later than the newest worse fact of its segment: good news of that age betters nothing (promise 6). */
function isLate(seenAt: Instant, dossier: Dossier, segment: Segment): boolean {
  const worseAt = worseAtOn(dossier, segment);
  return worseAt !== null && seenAt <= worseAt;
}

export interface SegmentView {
  readonly segment: Segment;
  readonly evidence: SegmentEvidence;
  /** The good report that counts: none when worse news is newer ("late" means seen before the newest worse fact). */
  readonly seenAt: Instant | null;
  readonly worseAt: Instant | null;
  readonly freshness: Freshness;
  readonly liveUntil: Instant | null;
  readonly staleFrom: Instant | null;
  readonly lostFrom: Instant | null;
}

const viewsOfDossier = new WeakMap<Dossier, { readonly now: Instant; readonly views: readonly SegmentView[] }>();

/** The segments as they stand at `now`. Worked out once for a dossier and an instant: the word, its end and time's effects all ask. */
export function segmentViews(dossier: Dossier, now: Instant): readonly SegmentView[] {
  const known = viewsOfDossier.get(dossier);
  if (known?.now === now) return known.views;
  const views = viewSegments(dossier, now);
  viewsOfDossier.set(dossier, { now, views });
  return views;
}

function viewSegments(dossier: Dossier, now: Instant): readonly SegmentView[] {
  const { corridor } = dossier;
  const phase = phaseOf(corridor.attempt, timesOf(dossier).startsAt, now);
  const isOccupied = inside(corridor) !== 'nobody' || corridor.attempt?.lifecycle === 'open';
  return corridor.segments.map((segment) => {
    const evidence = evidenceOf(dossier, segment);
    const worseAt = worseAtOn(dossier, segment);
    const seenAt = evidence.goodAt !== null && !isLate(evidence.goodAt, dossier, segment) ? evidence.goodAt : null;
    const limits =
      phase === 'running' && segment.exposure === 'line' && isOccupied ? EVIDENCE_LINE_OCCUPIED : EVIDENCE[phase][segment.exposure];
    const liveUntil = seenAt === null ? null : addMs(seenAt, limits.liveMs);
    const staleFrom = seenAt === null ? null : addMs(seenAt, limits.staleMs);
    return {
      segment,
      evidence,
      seenAt,
      worseAt,
      freshness: freshnessAt(now, liveUntil, staleFrom),
      liveUntil,
      staleFrom,
      // E6 counts from an observation, also one that worse news has overtaken: silence after it is silence.
      lostFrom: evidence.goodAt === null ? null : addMs(evidence.goodAt, 2 * limits.staleMs),
    };
  });
}

/** Live, then ageing, then stale; missing where nothing is known. */
export function freshnessAt(now: Instant, liveUntil: Instant | null, staleFrom: Instant | null): Freshness {
  if (liveUntil === null || staleFrom === null) return 'missing';
  if (now >= staleFrom) return 'stale';
  return now >= liveUntil ? 'ageing' : 'live';
}

// ── Passability ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

const BADNESS: Readonly<Record<Passability, number>> = { unknown: 0, passable: 1, passable_difficult: 2, not_passable: 3 };

/**
 * What is reported of one mode on one segment: the newest trusted word, or worse news that is not older, whoever brought it. A bad word
 * never betters a worse one, so an outsider's "difficult" doesn't lift a "not passable"; and a word from before the newest fire betters
 * no earlier one, though it was seen after it.
 */
export function passabilityOn(dossier: Dossier, segment: Segment, mode: Mode): ReportedPassability | null {
  const evidence = evidenceOf(dossier, segment);
  const trusted = evidence.passability[mode];
  const reported = Object.entries(evidence.badNews[mode] ?? {}).map(([value, at]): ReportedPassability => ({
    value: value as Passability,
    at,
  }));
  const obstructed = obstructionsOf(dossier)
    .filter((hit) => hit.segments.includes(segment) && (hit.attack.modes === null || hit.attack.modes.includes(mode)))
    .map((hit): ReportedPassability => ({ value: 'not_passable', at: hit.attack.countsFrom }));
  const isBettering = trusted !== undefined && !isLate(trusted.at, dossier, segment);
  const worse = [...reported, ...obstructed].filter(({ at }) => !isBettering || at >= trusted.at);
  return worse.reduce<ReportedPassability | null>(
    (worst, next) => (worst === null || BADNESS[next.value] > BADNESS[worst.value] ? next : worst),
    trusted ?? null,
  );
}

/** Segments that a mode can't pass, for the sentence that names them. */
export function blockedSegments(dossier: Dossier, mode: Mode): readonly Segment[] {
  return dossier.corridor.segments.filter((segment) => passabilityOn(dossier, segment, mode)?.value === 'not_passable');
}

const passabilityByMode = new WeakMap<Dossier, Map<Mode, Passability>>();

/**
 * The worst word on any segment; where nobody trusted spoke, a party's assurance, marked as nothing better than shown. Worked out once for
 * a dossier.
 */
export function passabilityOf(dossier: Dossier, mode: Mode): Passability {
  const known = passabilityByMode.get(dossier) ?? new Map<Mode, Passability>();
  passabilityByMode.set(dossier, known);
  const passability = known.get(mode) ?? worstPassability(dossier, mode);
  known.set(mode, passability);
  return passability;
}

function worstPassability(dossier: Dossier, mode: Mode): Passability {
  const values = dossier.corridor.segments.map(
    (segment) => passabilityOn(dossier, segment, mode)?.value ?? evidenceOf(dossier, segment).assurance[mode]?.value ?? 'unknown',
  );
  return values.reduce<Passability>((worst, value) => (BADNESS[value] > BADNESS[worst] ? value : worst), 'unknown');
}

/** Every mode that anybody said anything about. */
export function reportedModes(dossier: Dossier): readonly Mode[] {
  return MODES.filter((mode) => dossier.corridor.permittedModes.includes(mode) || passabilityOf(dossier, mode) !== 'unknown');
}
