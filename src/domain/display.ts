import { dangerEndsAt, CALL_BACK_MS } from './attack.js';
import { hasDepartures, isEnded, isOver, type Attempt, type Hold, type Mode, type Override, type Party } from './corridor.js';
import { ASSESSED_CRITERIA, CRITERIA, type Criterion, type CriterionCode } from './criterion.js';
import { lastDeparture, limitLeavingOut } from './departure.js';
import type { Dossier } from './dossier.js';
import {
  blockedSegments,
  dangersOf,
  evidenceOf,
  freshnessAt,
  inside,
  isFresh,
  isLookedAt,
  isOfAttempt,
  isUnderWatch,
  passabilityOf,
  phaseOf,
  protectionHitsOf,
  reportedModes,
  segmentViews,
  timesOf,
  touchWith,
  warningsOf,
  type Hit,
  type SegmentView,
} from './evidence.js';
import { addMs, earliestOf, msBetween, type Instant } from './instant.js';
import {
  BLIND_PASSAGE_MS,
  GREEN_LIGHT_MS,
  HOLD_UNLIFTED_MS,
  HOTLINE,
  PRE_OPENING_MS,
  USED_NO_INCIDENT_MS,
  VOICE_OPENING_MS,
  WARNING_HOLD_MS,
} from './settings.js';
import { EASE, REASONS, type Display, type ModeStatus, type Reason, type ReasonCode, type Status } from './status.js';
import { isAgreement, isAhead, windowTimes, type WindowTimes } from './window.js';

/**
 * The decision table of domain 1.5: the only source of a display word.
 *
 * A corridor's word is the first row that fits every permitted mode; where no row does, the word of the best mode, at best LIMITED.
 * Rows 1, 3, 4, 6 and 7 look at the corridor as a whole, the others at each mode.
 */
export function status(dossier: Dossier, now: Instant): Status {
  const view = viewOf(dossier, now);
  const walks = view.modes.map((mode) => walkOf(view, mode));
  const shared = ROWS.findIndex((row, index) => walks.every((walk) => countsFor(row, index, walk)));
  const modes = walks.map((walk) => modeStatus(view, walk));
  const word = shared >= 0 ? sharedWord(shared, walks) : wordOfBestMode(modes);
  const { corridor, window } = dossier;
  const { attempt } = corridor;
  return {
    corridorId: corridor.id,
    ...word,
    beside: beside(view, word.display),
    decidedAt: now,
    validUntil: validUntil(dossier, now),
    stance: corridor.stance,
    attempt:
      attempt === null
        ? null
        : {
            no: attempt.no,
            lifecycle: attempt.lifecycle,
            windowId: attempt.windowId,
            endReason: attempt.endReason,
            startedAt: attempt.startedAt,
          },
    window:
      window === null
        ? null
        : {
            startClaims: view.times.startClaims,
            endClaims: view.times.endClaims,
            startsAt: view.times.startsAt,
            lastEndAt: view.times.lastEndAt,
            hasBothInstants: view.times.hasBothInstants,
            basis: window.basis,
            isCancelled: window.cancelledAt !== null,
            outcome: window.outcome?.outcome ?? null,
            zone: window.zone,
          },
    consents: corridor.relevantParties.map((party) => {
      const known = window?.consents[party];
      return { party, consent: known?.consent ?? 'none', since: known?.since ?? null, hotlineAnsweredAt: known?.hotlineAnsweredAt ?? null };
    }),
    lastDepartureAt: earliestOf(usableFirst(modes).flatMap((mode) => (mode.lastDepartureAt === null ? [] : [mode.lastDepartureAt]))),
    segments: view.segments.map((seen) => ({
      segmentId: seen.segment.id,
      no: seen.segment.no,
      name: seen.segment.name,
      watch: seen.segment.watch,
      freshness: seen.freshness,
      seenAt: seen.seenAt,
      ordnance: seen.segment.ordnance.status,
      isInDanger: view.fresh.some((hit) => hit.segments.includes(seen.segment)),
    })),
    modes: modes.flatMap(({ mode, ...rest }) => (mode === null ? [] : [{ mode, ...rest }])),
    passability: Object.fromEntries(reportedModes(dossier).map((mode) => [mode, passabilityOf(dossier, mode)])),
    holds: corridor.holds,
    limits: attempt?.limits ?? [],
    peopleInside: attempt?.peopleInside ?? null,
    openingRequests: (attempt?.openingRequests ?? []).map(({ boundContent: _content, ...request }) => request),
    opening: attempt?.opening ?? null,
    attackIds: [...new Set([...view.dangers, ...view.warnings].map((hit) => hit.attack.id))],
  };
}

/**
 * What a reader may draw. Past `validUntil`, or when the reader is in doubt (stream gap, clock, read-only, silence), everything usable
 * is UNKNOWN; the worse words stay, with their age. Health is never part of the dossier (E11).
 */
export function shown(logged: Pick<Status, 'display' | 'validUntil'>, now: Instant, health: { readonly isHealthy: boolean }): Display {
  const isPast = logged.validUntil !== null && now >= logged.validUntil;
  return (isPast || !health.isHealthy) && EASE[logged.display] > 0 ? 'unknown' : logged.display;
}

// ── What the rows look at ────────────────────────────────────────────────────────────────────────────────────────────────────

interface Seen {
  readonly dossier: Dossier;
  readonly now: Instant;
  readonly attempt: Attempt | null;
  readonly times: WindowTimes;
  /** A corridor without a permitted mode is walked once, for nobody in particular. */
  readonly modes: readonly (Mode | null)[];
  readonly dangers: readonly Hit[];
  readonly fresh: readonly Hit[];
  readonly warnings: readonly Hit[];
  readonly segments: readonly SegmentView[];
}
interface View extends Seen {
  /** What is not in order, whatever the mode; worked out when the first row asks. */
  readonly gaps: () => readonly Gap[];
}

function viewOf(dossier: Dossier, now: Instant): View {
  const { corridor } = dossier;
  const dangers = dangersOf(dossier);
  const seen: Seen = {
    dossier,
    now,
    attempt: corridor.attempt,
    times: timesOf(dossier),
    modes: corridor.permittedModes.length > 0 ? corridor.permittedModes : [null],
    dangers,
    fresh: dangers.filter((hit) => isFresh(hit.attack, now)),
    warnings: warningsOf(dossier),
    segments: segmentViews(dossier, now),
  };
  let gaps: readonly Gap[] | undefined;
  return {
    ...seen,
    gaps: () => (gaps ??= [...evidenceGaps(seen), ...criterionGaps(seen), ...consentGaps(seen), ...basisGaps(seen)]),
  };
}

type Inputs = Reason['inputs'];
function reason(code: ReasonCode, inputs: Inputs = {}, modes: readonly Mode[] | null = null): Reason {
  return { code, row: REASONS[code].row, liftedBy: REASONS[code].liftedBy, modes, inputs };
}

interface Row {
  readonly no: number;
  readonly display: Display;
  /** Why the row fits this mode; empty: it does not. */
  readonly reasons: (view: View, mode: Mode | null) => readonly Reason[];
}

const ROWS: readonly Row[] = [
  { no: 1, display: 'danger', reasons: freshDanger },
  { no: 2, display: 'suspended', reasons: suspended },
  { no: 3, display: 'closed', reasons: closed },
  { no: 4, display: 'not_agreed', reasons: notAgreed },
  { no: 5, display: 'hold', reasons: held },
  { no: 6, display: 'planned', reasons: planned },
  { no: 7, display: 'hold', reasons: notRunning },
  { no: 8, display: 'hold', reasons: tooLate },
  { no: 9, display: 'unknown', reasons: missing },
  { no: 10, display: 'limited', reasons: limited },
  { no: 11, display: 'open', reasons: () => [reason('agreed_and_checked')] },
];

// ── Row 1 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function freshDanger({ attempt, fresh, dossier }: View): readonly Reason[] {
  const isPast = attempt !== null && isEnded(attempt.lifecycle) && inside(dossier.corridor) === 'nobody';
  if (isPast) return [];
  return fresh.map((hit) => reason('danger', dangerInputs(hit)));
}

function dangerInputs({ attack, touch, segments }: Hit): Inputs {
  return {
    attackId: attack.id,
    type: attack.types[0],
    how: touch.how,
    distanceKm: touch.distanceKm,
    precisionKm: attack.place?.precisionKm ?? null,
    place: attack.place?.name ?? null,
    segments: touch.segmentIds.length === 0 ? null : segments.map((segment) => segment.name).join(', '),
    countsFrom: attack.countsFrom,
    grade: `${attack.grade.reliability}${attack.grade.credibility}`,
    endsAt: dangerEndsAt(attack),
  };
}

// ── Row 2 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function suspended({ attempt, dangers, fresh, dossier }: View, mode: Mode | null): readonly Reason[] {
  const reasons: Reason[] = [];
  if (dossier.isLockedDown) reasons.push(reason('locked_down'));
  if (attempt === null) return reasons;
  if (attempt.lifecycle === 'suspended') reasons.push(reason('suspended', holdInputs(dossier.corridor.holds[0])));
  if (hasDepartures(attempt.lifecycle) && mode !== null) {
    for (const hold of dossier.corridor.holds) {
      if (hold.isStop && hold.modes?.includes(mode) === true) reasons.push(reason('mode_stopped', holdInputs(hold), hold.modes));
    }
  }
  if (isOver(attempt.lifecycle)) return reasons;
  const older = dangers.filter((hit) => !fresh.includes(hit) && isOfAttempt(hit, attempt) && !isLookedAt(hit, dossier));
  return [...reasons, ...older.map((hit) => reason('older_danger', dangerInputs(hit)))];
}

function holdInputs(hold: Hold | undefined): Inputs {
  if (hold === undefined) return {};
  return { holdId: hold.id, why: hold.reason, setAt: hold.setAt, setBy: hold.setBy, clearedBy: hold.clearedBy };
}

// ── Row 3 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function closed({ attempt, times, now, dossier }: View): readonly Reason[] {
  if (attempt === null) return [];
  const { lifecycle, endReason } = attempt;
  if (lifecycle === 'closed' || lifecycle === 'closing') {
    const why = endReason === null || endReason === 'decided' ? lifecycle : endReason;
    return [reason(why, { lastEndAt: times.lastEndAt })];
  }
  if (lifecycle === 'completed' || lifecycle === 'cancelled' || lifecycle === 'failed') return [reason(lifecycle)];
  if (dossier.window?.cancelledAt != null) return [reason('window_cancelled', { cancelledAt: dossier.window.cancelledAt })];
  if (times.lastEndAt !== null && now >= times.lastEndAt) return [reason('window_over', { lastEndAt: times.lastEndAt })];
  return [];
}

// ── Row 4 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function notAgreed({ attempt, dossier }: View): readonly Reason[] {
  const { corridor, window } = dossier;
  const reasons: Reason[] = [];
  if (corridor.stance !== 'supported') reasons.push(reason('not_supported', { stance: corridor.stance }));
  if (attempt === null) return [...reasons, reason('nothing_announced')];
  if (attempt.lifecycle === 'proposed' || attempt.lifecycle === 'under_negotiation') reasons.push(reason(attempt.lifecycle));
  if (window === null) return reasons;
  if (corridor.relevantParties.length === 0) reasons.push(reason('consent_missing', { party: null, consent: 'none' }));
  for (const party of corridor.relevantParties) {
    const consent = window.consents[party]?.consent ?? 'none';
    if (!isAgreement(consent)) reasons.push(reason('consent_missing', { party, consent }));
  }
  return reasons;
}

// ── Row 5 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function held({ dossier }: View, mode: Mode | null): readonly Reason[] {
  const holds = dossier.corridor.holds
    .filter((hold) => hold.modes === null || (mode !== null && hold.modes.includes(mode)))
    .map((hold) => reason('hold', { ...holdInputs(hold), segments: segmentNames(dossier, hold) }, hold.modes));
  if (mode === null) return holds;
  const blocked = blockedSegments(dossier, mode).map((segment) =>
    reason('not_passable', { mode, segment: segment.name, no: segment.no }, [mode]),
  );
  const leavingOut = limitLeavingOut(dossier, mode);
  const leftOut = leavingOut === null ? [] : [reason('mode_left_out', { mode, limitId: leavingOut.id }, [mode])];
  return [...holds, ...leftOut, ...blocked];
}

function segmentNames(dossier: Dossier, hold: Hold): string | null {
  const names = dossier.corridor.segments.filter((segment) => hold.segmentIds.includes(segment.id)).map((segment) => segment.name);
  return names.length === 0 ? null : names.join(', ');
}

// ── Rows 6 and 7 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

function planned({ attempt, times, now }: View): readonly Reason[] {
  if (attempt === null || times.startsAt === null || now >= times.startsAt) return [];
  const mayStart = attempt.lifecycle === 'agreed' || attempt.lifecycle === 'scheduled' || attempt.lifecycle === 'open';
  return mayStart ? [reason('starts_later', { startsAt: times.startsAt })] : [];
}

function notRunning({ attempt, times, now, dangers, dossier }: View): readonly Reason[] {
  if (attempt === null) return [];
  const reasons: Reason[] = [];
  if (dossier.window === null) reasons.push(reason('no_window'));
  else if (!times.hasBothInstants) {
    reasons.push(reason('edge_not_instant', { starts: times.startClaims.length, ends: times.endClaims.length }));
  }
  if (attempt.lifecycle !== 'open') reasons.push(reason('not_yet_opened', { lifecycle: attempt.lifecycle, startsAt: times.startsAt }));
  if (times.firstEndAt !== null && now >= times.firstEndAt) {
    reasons.push(reason('ends_disputed', { firstEndAt: times.firstEndAt, lastEndAt: times.lastEndAt }));
  }
  const earlier = dangers.filter((hit) => !isOfAttempt(hit, attempt) && !isLookedAt(hit, dossier));
  return [...reasons, ...earlier.map((hit) => reason('earlier_danger', dangerInputs(hit)))];
}

// ── Row 8 ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function tooLate({ dossier, times, now }: View, mode: Mode | null): readonly Reason[] {
  const lastDepartureAt = lastDeparture(dossier, mode);
  if (lastDepartureAt === null || now < lastDepartureAt) return [];
  const isTooShort = times.startsAt !== null && lastDepartureAt < times.startsAt;
  return [reason(isTooShort ? 'window_too_short' : 'last_departure_passed', { lastDepartureAt, mode }, mode === null ? null : [mode])];
}

// ── Rows 9 and 10 ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Something that is not in order, and the name under which people may override it. */
interface Gap {
  readonly reason: Reason;
  readonly override: Pick<Override, 'what' | 'subject'> | null;
}

function missing(view: View, mode: Mode | null): readonly Reason[] {
  return gapsOf(view, mode)
    .filter((gap) => overrideOf(view, gap) === null)
    .map((gap) => gap.reason);
}

function overrideOf({ attempt, now }: View, gap: Gap): Override | null {
  const { override } = gap;
  if (override === null) return null;
  return (
    attempt?.opening?.overrides.find((known) => known.what === override.what && known.subject === override.subject && now < known.until) ??
    null
  );
}

function gapsOf(view: View, mode: Mode | null): readonly Gap[] {
  const gaps = view.gaps();
  // Nobody is permitted to go: nothing that could be known of a transit makes that OPEN.
  if (mode === null) return [...gaps, { reason: reason('transit_time_missing'), override: null }];
  if (view.attempt?.transitTimes[mode] !== undefined) return gaps;
  return [...gaps, { reason: reason('transit_time_missing', { mode }, [mode]), override: { what: 'transit_time', subject: mode } }];
}

function evidenceGaps({ segments, now, attempt }: Seen): readonly Gap[] {
  if (segments.length === 0) return [{ reason: reason('evidence_missing'), override: null }];
  return segments.flatMap((seen): readonly Gap[] => {
    const { segment } = seen;
    const override = isSinceOpening(attempt, seen.worseAt) ? null : ({ what: 'evidence', subject: segment.id } as const);
    const inputs = { segment: segment.name, no: segment.no, seenAt: seen.seenAt, watch: segment.watch };
    const gaps: Gap[] = [];
    if (segment.watch === 'blind') {
      const { passageAt } = seen.evidence;
      const isCovered =
        passageAt !== null && (seen.worseAt === null || passageAt > seen.worseAt) && msBetween(passageAt, now) < BLIND_PASSAGE_MS;
      if (!isCovered) gaps.push({ reason: reason('passage_stale', { ...inputs, passageAt }), override });
    } else if (seen.freshness === 'missing') {
      const isOvertaken = seen.evidence.goodAt !== null && seen.worseAt !== null;
      gaps.push({ reason: reason(isOvertaken ? 'worse_news_since' : 'evidence_missing', { ...inputs, worseAt: seen.worseAt }), override });
    } else if (seen.freshness === 'stale') {
      gaps.push({ reason: reason('evidence_stale', { ...inputs, staleFrom: seen.staleFrom }), override });
    }
    // Criterion 9 is absolute: no override.
    if (!isOrdnanceClear(seen, now))
      gaps.push({ reason: reason('ordnance_not_clear', { ...inputs, ordnance: segment.ordnance.status }), override: null });
    return gaps;
  });
}

/** Two people answered for what they knew: an override covers nothing worse that came after the opening. */
function isSinceOpening(attempt: Attempt | null, at: Instant | null): boolean {
  return at !== null && attempt?.opening != null && at >= attempt.opening.openedAt;
}

function isOrdnanceClear({ segment }: SegmentView, now: Instant): boolean {
  const { status: ordnance, assessedAt } = segment.ordnance;
  if (ordnance === 'used_no_incident') return assessedAt !== null && msBetween(assessedAt, now) < USED_NO_INCIDENT_MS;
  return ordnance === 'cleared' || ordnance === 'surveyed_no_evidence';
}

function criterionGaps(view: Seen): readonly Gap[] {
  return ASSESSED_CRITERIA.flatMap((code): readonly Gap[] => {
    if (CRITERIA[code].class === 'advisory') return [];
    const criterion = view.dossier.corridor.criteria[code];
    if (criterion === undefined) return [criterionGap('criterion_missing', code, null)];
    if (isWaived(criterion, code, view)) return [];
    if (view.now >= criterionEnd(code, criterion, view.times)) return [criterionGap('criterion_expired', code, criterion)];
    const isMet = criterion.value === 'met' || (criterion.value === 'not_applicable' && CRITERIA[code].class !== 'absolute');
    if (isMet) return [];
    const gap = criterionGap('criterion_missing', code, criterion);
    return [isSinceOpening(view.attempt, criterion.assessedAt) ? { ...gap, override: null } : gap];
  });
}

function criterionGap(why: 'criterion_missing' | 'criterion_expired', code: CriterionCode, criterion: Criterion | null): Gap {
  return {
    reason: reason(why, { criterion: code, value: criterion?.value ?? null, assessedAt: criterion?.assessedAt ?? null }),
    override: CRITERIA[code].class === 'absolute' ? null : { what: 'criterion', subject: code },
  };
}

function isWaived(criterion: Criterion, code: CriterionCode, view: Seen): boolean {
  const waiver = waiverOf(criterion, code, view);
  return waiver !== null && view.now < waiver.until;
}

/** With the destination under a party, the choice of destination can't be waived. */
function waiverOf(criterion: Criterion | undefined, code: CriterionCode, { dossier }: Seen): Criterion['waiver'] {
  const isBarred = code === 'destination_choice' && dossier.corridor.destinationParty !== null;
  return criterion === undefined || CRITERIA[code].class !== 'waivable' || isBarred ? null : criterion.waiver;
}

/** A criterion of the attempt ends at the next go/no-go after it was assessed (T−24 h, T−2 h, T−30 min) or at its own end. */
export function criterionEnd(code: CriterionCode, criterion: Criterion, { goNoGoAt }: WindowTimes): Instant {
  if (CRITERIA[code].isComputed || isForOperation(code)) return criterion.validUntil;
  const next = goNoGoAt.find((at) => criterion.assessedAt < at);
  return next !== undefined && next < criterion.validUntil ? next : criterion.validUntil;
}

/** 5, 14, 16–23 are assessed once for an operation and inherited. */
export function isForOperation(code: CriterionCode): boolean {
  const { no } = CRITERIA[code];
  return no === 5 || no === 14 || (no >= 16 && no <= 23);
}

function consentGaps({ dossier, attempt, times, now }: Seen): readonly Gap[] {
  const { window, corridor } = dossier;
  if (window === null || attempt === null) return [];
  const hotline = HOTLINE[phaseOf(attempt, times.startsAt, now)];
  return corridor.relevantParties.flatMap((party): readonly Gap[] => {
    const consent = window.consents[party];
    const override = { what: 'green_light', subject: party } as const;
    if (consent?.consent !== 'green_light')
      return [{ reason: reason('green_light_missing', { party, consent: consent?.consent ?? 'none' }), override }];
    const gaps: Gap[] = [];
    const servesAt = greenLightServes(attempt, times, now);
    if (msBetween(consent.since, servesAt) > GREEN_LIGHT_MS)
      gaps.push({ reason: reason('green_light_expired', { party, since: consent.since }), override });
    if (consent.hotlineAnsweredAt === null || msBetween(consent.hotlineAnsweredAt, now) >= hotline.staleMs) {
      gaps.push({
        reason: reason('hotline_silent', { party, answeredAt: consent.hotlineAnsweredAt }),
        override: { what: 'hotline', subject: party },
      });
    }
    return gaps;
  });
}

/** The opening that a green light serves: the one that was decided, not before the start; without one, now. */
function greenLightServes(attempt: Attempt, times: WindowTimes, now: Instant): Instant {
  if (attempt.opening === null || attempt.lifecycle !== 'open') return now;
  const { openedAt } = attempt.opening;
  return times.startsAt !== null && openedAt < times.startsAt ? times.startsAt : openedAt;
}

function basisGaps({ dossier }: Seen): readonly Gap[] {
  switch (dossier.window?.basis) {
    case 'all_party':
    case 'separate_assurances':
    case 'single_control':
      return [];
    case 'notification_only':
      return [{ reason: reason('notification_only'), override: null }];
    default: // none, or one that this version does not know (S14)
      return [{ reason: reason('basis_not_set'), override: null }];
  }
}

function limited(view: View, mode: Mode | null): readonly Reason[] {
  const { dossier, attempt, segments } = view;
  const basis = dossier.window?.basis;
  const reasons: Reason[] = [];
  for (const limit of attempt?.limits ?? []) {
    // Also past its end: that is when people mean to take it away, and taking it away is an opening.
    if (limit.modes === null || (mode !== null && limit.modes.includes(mode))) {
      reasons.push(
        reason('limit', { limitId: limit.id, kind: limit.kind, peoplePerHour: limit.peoplePerHour, until: limit.until }, limit.modes),
      );
    }
  }
  if (basis === 'separate_assurances' || basis === 'single_control') reasons.push(reason('basis_limits', { basis }));
  for (const code of ASSESSED_CRITERIA) {
    const waiver = waiverOf(dossier.corridor.criteria[code], code, view);
    // Also past its end, where the criterion is met all the same: no passing of time makes a corridor easier to use.
    if (waiver !== null) reasons.push(reason('waiver', { criterion: code, until: waiver.until, riskOwner: waiver.riskOwner }));
  }
  for (const gap of gapsOf(view, mode)) {
    const override = overrideOf(view, gap);
    if (override !== null) reasons.push(reason('override', { what: override.what, subject: override.subject, until: override.until }));
  }
  if (attempt?.opening?.isByVoice === true && attempt.opening.countersignedAt === null) {
    reasons.push(reason('opened_by_voice', { until: addMs(attempt.opening.openedAt, VOICE_OPENING_MS) }));
  }
  for (const { segment } of segments) {
    if (segment.watch === 'blind') reasons.push(reason('blind_segment', { segment: segment.name, no: segment.no }));
    if (segment.ordnance.status === 'used_no_incident') reasons.push(reason('used_no_incident', { segment: segment.name, no: segment.no }));
  }
  if (mode !== null && passabilityOf(dossier, mode) === 'passable_difficult') reasons.push(reason('passable_difficult', { mode }, [mode]));
  return reasons;
}

// ── From rows to a word ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Word {
  readonly display: Display;
  readonly row: number;
  readonly reasons: readonly Reason[];
}
interface WalkedMode extends Omit<ModeStatus, 'mode'> {
  readonly mode: Mode | null;
}
interface Walk {
  readonly mode: Mode | null;
  /** Why the row of this index fits; empty: it does not. Worked out once, and not at all for the rows below the one that decides. */
  readonly fit: (index: number) => readonly Reason[];
}

function walkOf(view: View, mode: Mode | null): Walk {
  const asked: (readonly Reason[] | undefined)[] = [];
  return { mode, fit: (index) => (asked[index] ??= ROWS[index]?.reasons(view, mode) ?? []) };
}

/** The first row that fits the mode. */
function firstFit({ fit }: Walk): number {
  return ROWS.findIndex((_, index) => fit(index).length > 0);
}

/** A row to use the corridor (LIMITED, OPEN) counts for a mode only where no worse row fits it. */
function countsFor(row: Row, index: number, walk: Walk): boolean {
  const isUsable = EASE[row.display] >= EASE.limited;
  return isUsable ? firstFit(walk) === index : walk.fit(index).length > 0;
}

function sharedWord(index: number, walks: readonly Walk[]): Word {
  const row = ROWS[index];
  if (row === undefined) throw new RangeError('no such row');
  return { display: row.display, row: row.no, reasons: distinct(walks.flatMap((walk) => walk.fit(index))) };
}

/** No row fits every mode: the best mode's word, at best LIMITED, naming the modes that may go. */
function wordOfBestMode(modes: readonly WalkedMode[]): Word {
  const [best] = [...modes].sort((a, b) => EASE[b.display] - EASE[a.display]);
  if (best === undefined) throw new RangeError('a corridor is walked for at least one mode');
  if (EASE[best.display] < EASE.limited)
    return { display: best.display, row: REASONS[(best.reasons[0] as Reason).code].row, reasons: best.reasons };
  const usable = modes.filter((mode) => EASE[mode.display] >= EASE.limited);
  const others = modes.filter((mode) => !usable.includes(mode));
  const going = usable.flatMap(({ mode }) => (mode === null ? [] : [mode]));
  const named = others.length === 0 ? [] : [reason('some_modes_only', { modes: going.join(', ') }, going)];
  const limits = usable.flatMap((mode) => mode.reasons.filter((why) => why.row === 10));
  return { display: 'limited', row: 10, reasons: distinct([...named, ...limits, ...others.flatMap((mode) => mode.reasons)]) };
}

function modeStatus({ dossier }: View, walk: Walk): WalkedMode {
  const { mode } = walk;
  const index = firstFit(walk);
  const row = ROWS[index];
  if (row === undefined) throw new RangeError('row 11 always fits');
  return {
    mode,
    display: row.display,
    passability: mode === null ? 'unknown' : passabilityOf(dossier, mode),
    lastDepartureAt: lastDeparture(dossier, mode),
    reasons: walk.fit(index),
  };
}

function usableFirst(modes: readonly WalkedMode[]): readonly WalkedMode[] {
  const usable = modes.filter((mode) => EASE[mode.display] >= EASE.limited);
  return usable.length > 0 ? usable : modes;
}

function distinct(reasons: readonly Reason[]): readonly Reason[] {
  return [...new Map(reasons.map((why) => [JSON.stringify([why.code, why.modes, why.inputs]), why])).values()];
}

// ── Beside the word ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function beside(view: View, display: Display): readonly Reason[] {
  const { dossier, now, attempt, dangers, warnings, segments } = view;
  const { corridor } = dossier;
  const notes: Reason[] = [];
  for (const attack of dossier.attacks) {
    const touch = touchWith(attack, corridor);
    if (touch === null || !isFresh(attack, now)) continue;
    const inputs = { attackId: attack.id, distanceKm: touch.distanceKm, countsFrom: attack.countsFrom };
    if (touch.how === 'watch') notes.push(reason('fire_near', inputs));
    if (touch.how === 'uncertain') notes.push(reason('fire_near_place_uncertain', inputs));
  }
  for (const hit of warnings.filter((warning) => isFresh(warning.attack, now))) notes.push(reason('unverified_warning', dangerInputs(hit)));
  if (attempt !== null) {
    for (const hit of protectionHitsOf(dossier).filter((protection) => isOfAttempt(protection, attempt))) {
      notes.push(reason('protection_alarm', { attackId: hit.attack.id, type: hit.attack.types.join(', ') }));
    }
  }
  if (corridor.destinationCountry !== null && corridor.destinationCountry !== corridor.country) {
    notes.push(reason('destination_outside_country', { country: corridor.destinationCountry }));
  }
  for (const hit of dangers.filter((danger) => !isFresh(danger.attack, now) && !isLookedAt(danger, dossier))) {
    notes.push(reason('road_not_looked_at', dangerInputs(hit)));
  }
  if (isUnderWatch(dossier, now)) {
    for (const seen of segments.filter((candidate) => candidate.freshness === 'ageing')) {
      notes.push(reason('evidence_ageing', { segment: seen.segment.name, no: seen.segment.no, seenAt: seen.seenAt }));
    }
    const { liveMs, staleMs } = HOTLINE[phaseOf(attempt, view.times.startsAt, now)];
    for (const { party, answeredAt } of hotlinesOf(dossier)) {
      if (freshnessAt(now, after(answeredAt, liveMs), after(answeredAt, staleMs)) === 'ageing') {
        notes.push(reason('hotline_ageing', { party, answeredAt }));
      }
    }
  }
  for (const other of dossier.otherWindows) {
    const times = windowTimes(other);
    if (isAhead(other, now)) {
      const agreeing = corridor.relevantParties.filter((party) => isAgreement(other.consents[party]?.consent ?? 'none')).length;
      notes.push(
        reason('other_window', { windowId: other.id, startsAt: times.startsAt, agreeing, parties: corridor.relevantParties.length }),
      );
    }
  }
  const contradicting = dossier.window?.claims.filter((claim) => claim.about === 'announcement') ?? [];
  if (contradicting.length > 0) notes.push(reason('window_contradicted', { by: contradicting.map((claim) => claim.claimedBy).join(', ') }));
  if (display !== 'hold') for (const hold of corridor.holds) notes.push(reason('hold_beside', holdInputs(hold), hold.modes));
  if (corridor.geometryKind === 'schematic') notes.push(reason('schematic_line'));
  if (dossier.evidence.isSynthetic) notes.push(reason('synthetic_reports'));
  return notes;
}

// ── What time alone changes ──────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Every instant at which time alone could change the answer or cause something (the list at the end of domain 1.5). Each entry names
 * its instants for a dossier, past ones too; thresholds that depend on the phase are those of the phase at `now`, since a change of
 * phase is itself an entry.
 */
export const TIME_EDGES: Readonly<Record<string, (dossier: Dossier, now: Instant) => readonly (Instant | null)[]>> = {
  latestClaimedStart: (dossier) => [timesOf(dossier).startsAt],
  claimedEnds: (dossier) => [timesOf(dossier).firstEndAt, timesOf(dossier).lastEndAt],
  otherWindowsEnd: (dossier) => dossier.otherWindows.map((window) => windowTimes(window).lastEndAt),
  lastSafeDeparture: (dossier) => [...dossier.corridor.permittedModes, null].map((mode) => lastDeparture(dossier, mode)),
  phaseChanges: (dossier) => [after(timesOf(dossier).startsAt, -PRE_OPENING_MS)],
  greenLightEnds: (dossier) => consentsOf(dossier).map((consent) => strictlyAfter(consent.since, GREEN_LIGHT_MS)),
  hotlineEnds: (dossier, now) => {
    const { liveMs, staleMs } = HOTLINE[phaseOf(dossier.corridor.attempt, timesOf(dossier).startsAt, now)];
    return hotlinesOf(dossier).flatMap(({ answeredAt }) => [after(answeredAt, liveMs), after(answeredAt, staleMs)]);
  },
  evidenceAges: (dossier, now) => segmentViews(dossier, now).flatMap((seen) => [seen.liveUntil, seen.staleFrom, seen.lostFrom]),
  blindPassages: (dossier) => blindSegments(dossier).map((evidence) => after(evidence.passageAt, BLIND_PASSAGE_MS)),
  usedNoIncident: (dossier) =>
    dossier.corridor.segments
      .filter((segment) => segment.ordnance.status === 'used_no_incident')
      .map((segment) => after(segment.ordnance.assessedAt, USED_NO_INCIDENT_MS)),
  criteriaEnd: (dossier) =>
    Object.entries(dossier.corridor.criteria).flatMap(([code, criterion]) => [
      criterionEnd(code as CriterionCode, criterion, timesOf(dossier)),
      criterion.waiver?.until ?? null,
    ]),
  dangerAges: (dossier) => dossier.attacks.map(dangerEndsAt),
  callBack: (dossier) => warningsOf(dossier).map((hit) => addMs(hit.attack.receivedAt, CALL_BACK_MS)),
  unliftedHolds: (dossier) =>
    dossier.corridor.holds.flatMap((hold) => [unliftedSince(hold, dossier.corridor.attempt), addMs(hold.setAt, WARNING_HOLD_MS)]),
  voiceOpening: (dossier) => [after(dossier.corridor.attempt?.opening?.openedAt ?? null, VOICE_OPENING_MS)],
  overridesEnd: (dossier) => (dossier.corridor.attempt?.opening?.overrides ?? []).map((override) => override.until),
};

/**
 * When a standing hold suspends: 30 min after it was set, for an inherited one 30 min after scheduling. Never by a single unknown
 * sender's warning (E2).
 */
export function unliftedSince(hold: Hold, attempt: Attempt | null): Instant | null {
  if (attempt === null || hold.modes !== null || hold.reason === 'unverified_warning') return null;
  const since = hold.attemptNo === attempt.no ? hold.setAt : attempt.scheduledAt;
  return since === null ? null : addMs(since, HOLD_UNLIFTED_MS);
}

/** Exclusive end of the answer: nothing changes before it. */
function validUntil(dossier: Dossier, now: Instant): Instant | null {
  return earliestOf(
    Object.values(TIME_EDGES)
      .flatMap((edges) => edges(dossier, now))
      .filter((edge): edge is Instant => edge !== null && edge > now),
  );
}

function hotlinesOf({ corridor, window }: Dossier): readonly { readonly party: Party; readonly answeredAt: Instant | null }[] {
  return corridor.relevantParties.map((party) => ({ party, answeredAt: window?.consents[party]?.hotlineAnsweredAt ?? null }));
}

function consentsOf(dossier: Dossier): readonly { readonly since: Instant }[] {
  return dossier.window === null ? [] : Object.values(dossier.window.consents);
}

function blindSegments(dossier: Dossier): readonly { readonly passageAt: Instant | null }[] {
  return dossier.corridor.segments.filter((segment) => segment.watch === 'blind').map((segment) => evidenceOf(dossier, segment));
}

function after(instant: Instant | null, ms: number): Instant | null {
  return instant === null ? null : addMs(instant, ms);
}

/** For "at most": the first instant at which it is more. */
function strictlyAfter(instant: Instant, ms: number): Instant {
  return addMs(instant, ms + 1);
}
