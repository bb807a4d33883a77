import { CALL_BACK_MS } from './attack.js';
import { evolveCorridor, hasDepartures, isEnded, type Attempt, type Corridor, type CorridorEvent } from './corridor.js';
import { lastDeparture } from './departure.js';
import { criterionEnd, unliftedSince } from './display.js';
import type { Dossier } from './dossier.js';
import {
  dangersOf,
  inside,
  isAnsweredFor,
  isFresh,
  isOfAttempt,
  isUnderWatch,
  segmentViews,
  timesOf,
  warningsOf,
  type Hit,
} from './evidence.js';
import { ruleHold, type HoldSet } from './hold.js';
import type { HoldId } from './ids.js';
import { addMs, msBetween, type Instant } from './instant.js';
import { USED_NO_INCIDENT_MS, VOICE_OPENING_MS, WARNING_HOLD_MS } from './settings.js';

/** Makes the id of a thing that a rule creates: a UUIDv5 of the name alone, so that the same cause makes the same id however often the rule runs. Names carry the ids of what they are about. */
export type IdFor = (name: string) => HoldId;

/**
 * What time itself does to one corridor (domain 1.5, forced transitions). People confirm afterwards; nothing here raises `ease`.
 *
 * Idempotent: once its facts are applied it answers with none, so a deadline may fire twice, late, or after a restart.
 */
export function timeEffects(dossier: Dossier, now: Instant, idFor: IdFor): readonly CorridorEvent[] {
  const { attempt } = dossier.corridor;
  if (attempt === null) return [];
  if (isEnded(attempt.lifecycle)) return [];
  // Closed is over for departures, not for those who are still inside.
  if (attempt.lifecycle === 'closed')
    return noContact(dossier, attempt, now, idFor).filter((hold) => !wasSetBefore(hold, dossier.corridor));
  const hasEnded = isWindowOver(dossier, now);
  if (hasEnded && attempt.lifecycle !== 'closing') {
    const ended = endOfWindow(dossier, attempt);
    const corridor = evolveCorridor(dossier.corridor, {
      body: ended,
      version: dossier.corridor.version + 1,
      recordedAt: now,
      actorId: null,
    });
    return [ended, ...timeEffects({ ...dossier, corridor }, now, idFor)]; // what time causes on those still inside
  }
  const holds = [
    ...noContact(dossier, attempt, now, idFor),
    ...unansweredWarnings(dossier, attempt, now, idFor),
    ...lapsedCriteria(dossier, attempt, now, idFor),
    ...voiceNotCountersigned(dossier, attempt, now, idFor),
    ...olderDangers(dossier, attempt, now, idFor),
  ];
  return [
    ...coveredWarnings(dossier, now),
    ...holds.filter((hold) => !wasSetBefore(hold, dossier.corridor)),
    // After its end a window's attempt is closing, whatever stands beside: suspended, it would only be ended once more.
    ...(hasEnded ? [] : suspension(dossier, attempt, now)),
  ];
}

/** The same cause makes the same id: a hold that stands, or that people lifted, is not set again. */
function wasSetBefore(hold: HoldSet, corridor: Corridor): boolean {
  return corridor.liftedHoldIds.includes(hold.holdId) || corridor.holds.some((known) => known.id === hold.holdId);
}

function isWindowOver(dossier: Dossier, now: Instant): boolean {
  const { lastEndAt } = timesOf(dossier);
  return dossier.window?.cancelledAt != null || (lastEndAt !== null && now >= lastEndAt);
}

/**
 * E1: the latest claimed end is reached or the window is cancelled. From any step to `closing` while people are or may be inside,
 * else to `closed`. Never extended by itself; once written it stays, whatever the clock does.
 */
function endOfWindow(dossier: Dossier, attempt: Attempt): CorridorEvent {
  const { corridor, window } = dossier;
  const over = attempt.wasEverOpen ? 'window_expired' : 'not_opened';
  return {
    type: 'LifecycleChanged',
    corridorId: corridor.id,
    from: attempt.lifecycle,
    to: isEmpty(dossier, attempt) ? 'closed' : 'closing',
    cause: 'E1',
    endReason: window?.cancelledAt == null ? over : 'window_cancelled',
    unaccounted: 0,
    reason: null,
  };
}

/** Nobody is inside; a "nobody" that was counted while somebody could still depart says nothing of who departed after it. */
function isEmpty(dossier: Dossier, { lifecycle, peopleInside }: Attempt): boolean {
  if (inside(dossier.corridor) !== 'nobody') return false;
  if (lifecycle !== 'open' || peopleInside === null) return true;
  return dossier.corridor.permittedModes.every((mode) => {
    const lastDepartureAt = lastDeparture(dossier, mode);
    return lastDepartureAt !== null && lastDepartureAt <= peopleInside.asOf;
  });
}

/** E6: nobody has been heard from for twice the stale time; counted from an observation, so a segment never watched sets no hold. */
function noContact(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  if (!isUnderWatch(dossier, now)) return [];
  const lost = segmentViews(dossier, now).filter((seen) => seen.lostFrom !== null && now >= seen.lostFrom);
  return lost.map((seen) =>
    ruleHold(dossier.corridor, 'no_contact', idFor(`no_contact ${String(attempt.no)} ${seen.segment.id} ${seen.evidence.goodAt ?? ''}`), {
      segmentIds: [seen.segment.id],
    }),
  );
}

/** E2 for a single unknown sender: nobody called back within 5 min, and it had happened in the 3 h before. The same origin can't renew it. */
function unansweredWarnings(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  const isDueIn = ({ attack }: Hit): boolean => addMs(attack.receivedAt, CALL_BACK_MS) >= attempt.startedAt;
  const warnings = warningsOf(dossier).filter(isDueIn);
  return warnings.flatMap((hit) => {
    const dueAt = addMs(hit.attack.receivedAt, CALL_BACK_MS);
    if (now < dueAt || !isFresh(hit.attack, dueAt)) return [];
    const origins = new Set(hit.attack.originGroups);
    // Only a warning of fire on this road can have been held before; what else that origin told is no renewal.
    const isRenewed = warnings.some(
      ({ attack }) => attack.receivedAt < hit.attack.receivedAt && attack.originGroups.some((group) => origins.has(group)),
    );
    if (isRenewed) return [];
    return [
      ruleHold(dossier.corridor, 'unverified_warning', idFor(`warning ${hit.attack.id} ${dossier.corridor.id}`), {
        segmentIds: hit.touch.segmentIds,
        attackId: hit.attack.id,
      }),
    ];
  });
}

/** The hold after a warning ends after 30 min, by the team's live report of its segments from after them: a word ends it, not time. */
function coveredWarnings(dossier: Dossier, now: Instant): readonly CorridorEvent[] {
  const seen = segmentViews(dossier, now);
  return dossier.corridor.holds.flatMap((hold) => {
    if (hold.reason !== 'unverified_warning') return [];
    const from = addMs(hold.setAt, WARNING_HOLD_MS);
    const segments = seen.filter((view) => hold.segmentIds.length === 0 || hold.segmentIds.includes(view.segment.id));
    const isCovered = segments.every((view) => view.freshness === 'live' && view.seenAt !== null && view.seenAt >= from);
    return isCovered ? [{ type: 'HoldLifted', corridorId: dossier.corridor.id, holdId: hold.id, because: 'covered', reason: null }] : [];
  });
}

/** E8: explosive ordnance and communications set a hold when they lapse; the rest is a task for its owner. */
function lapsedCriteria(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  if (!hasDepartures(attempt.lifecycle)) return [];
  return [...lapsedComms(dossier, attempt, now, idFor), ...lapsedOrdnance(dossier, attempt, now, idFor)];
}

function lapsedComms(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  const comms = dossier.corridor.criteria.comms_net;
  if (comms === undefined || now < criterionEnd('comms_net', comms, timesOf(dossier))) return [];
  return [
    ruleHold(dossier.corridor, 'criterion_lapsed', idFor(`comms_net ${dossier.corridor.id} ${String(attempt.no)} ${comms.assessedAt}`)),
  ];
}

/** What was driven over without incident says nothing any more after 24 h. Cleared and surveyed ground stays so until a strike. */
function lapsedOrdnance({ corridor }: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  return corridor.segments.flatMap(({ id, ordnance: { status, assessedAt } }) => {
    if (status !== 'used_no_incident' || assessedAt === null || msBetween(assessedAt, now) < USED_NO_INCIDENT_MS) return [];
    return [ruleHold(corridor, 'criterion_lapsed', idFor(`ordnance ${id} ${String(attempt.no)} ${assessedAt}`), { segmentIds: [id] })];
  });
}

/** An opening by voice that nobody countersigned in 60 min. */
function voiceNotCountersigned(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  const { opening } = attempt;
  if (opening === null || !opening.isByVoice || opening.countersignedAt !== null || attempt.lifecycle !== 'open') return [];
  if (now < addMs(opening.openedAt, VOICE_OPENING_MS)) return [];
  return [ruleHold(dossier.corridor, 'voice_not_countersigned', idFor(`voice ${opening.requestId}`))];
}

/**
 * Danger never ends by time alone: where nobody departs yet, one of this attempt that was fresh for 3 h becomes a hold, the one of E2.
 * Where somebody may depart, it suspends.
 */
function olderDangers(dossier: Dossier, attempt: Attempt, now: Instant, idFor: IdFor): readonly HoldSet[] {
  if (hasDepartures(attempt.lifecycle) || attempt.lifecycle === 'suspended') return [];
  return dangersOf(dossier)
    .filter((hit) => isOfAttempt(hit, attempt) && !isFresh(hit.attack, now))
    .map(({ attack, touch }) =>
      ruleHold(dossier.corridor, 'attack', idFor(`attack ${attack.id} ${dossier.corridor.id}`), {
        segmentIds: touch.segmentIds,
        attackId: attack.id,
      }),
    );
}

/** A hold for all modes that stood 30 min, or a danger of this attempt that is fresh no longer: suspended for the rest of the attempt. */
function suspension(dossier: Dossier, attempt: Attempt, now: Instant): readonly CorridorEvent[] {
  if (!hasDepartures(attempt.lifecycle)) return [];
  const isUnlifted = dossier.corridor.holds.some((hold) => {
    const suspendsAt = unliftedSince(hold, attempt);
    return suspendsAt !== null && now >= suspendsAt;
  });
  const wasDanger = dangersOf(dossier).some(
    (hit) => isOfAttempt(hit, attempt) && !isFresh(hit.attack, now) && !isAnsweredFor(hit, attempt, dossier),
  );
  if (!isUnlifted && !wasDanger) return [];
  return [
    {
      type: 'LifecycleChanged',
      corridorId: dossier.corridor.id,
      from: attempt.lifecycle,
      to: 'suspended',
      cause: isUnlifted ? 'hold_unlifted' : 'E2',
      endReason: null,
      unaccounted: 0,
      reason: null,
    },
  ];
}
