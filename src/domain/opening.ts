import { canonicalJson } from './canonical-json.js';
import { CRITERIA, type CriterionCode } from './criterion.js';
import {
  TRANSITIONS,
  ORDNANCE_STATUSES,
  type Attempt,
  type Corridor,
  type CorridorEvent,
  type LightAndCurfew,
  type OpeningRequest,
  type OrdnanceStatus,
  type Override,
  evolveCorridor,
} from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import { status } from './display.js';
import type { Dossier } from './dossier.js';
import { dangersOf, isLookedAt, timesOf } from './evidence.js';
import type { TextRef } from './event.js';
import type { CommandId, LimitId, OpeningRequestId } from './ids.js';
import { MINUTE_MS, addMs, msBetween, type Instant } from './instant.js';
import type { Actor } from './permission.js';
import { problem, type Problem } from './problem.js';
import { APPROVAL_MS, LONGEST_OVERRIDE_MS } from './settings.js';
import { EASE } from './status.js';

/**
 * What an opening is bound to (S5): everything that decides and that people answer for, and nothing that merely ages. Its canonical
 * JSON is hashed with SHA-256 by the server and given with the dossier; an approval holds only for this content or a better one.
 */
export interface BoundContent {
  readonly lifecycle: string | null;
  readonly stance: string;
  readonly routeVersion: number;
  readonly permittedModes: readonly string[];
  readonly holds: readonly string[];
  readonly limits: readonly string[];
  /** Segment id → ordnance; segment id → who controls it. */
  readonly ordnance: Readonly<Record<string, OrdnanceStatus>>;
  readonly control: Readonly<Record<string, string>>;
  readonly windowId: string | null;
  readonly basis: string | null;
  readonly isCancelled: boolean;
  readonly claims: readonly string[];
  readonly consents: Readonly<Record<string, string>>;
  /** Criterion → value, end and waiver's end. */
  readonly criteria: Readonly<Record<string, { readonly value: string; readonly validUntil: string; readonly waivedUntil: string | null }>>;
  readonly overrides: readonly string[];
  /** Mode → slow transit, minutes; and by when everybody must be out: with the claims they give the last departure. */
  readonly transitMinutes: Readonly<Record<string, number>>;
  readonly lightAndCurfew: LightAndCurfew | null;
  /** Attack id → grade and whether it is discounted, for those in the rings. */
  readonly attacks: Readonly<Record<string, string>>;
}

export function boundContent(dossier: Dossier): BoundContent {
  const { corridor, window } = dossier;
  const { attempt } = corridor;
  return {
    lifecycle: attempt?.lifecycle ?? null,
    stance: corridor.stance,
    routeVersion: corridor.routeVersion,
    permittedModes: corridor.permittedModes,
    holds: corridor.holds.map((hold) => hold.id).sort(),
    limits: (attempt?.limits ?? [])
      .map((limit) => canonicalJson([limit.id, limit.kind, limit.modes, limit.peoplePerHour, limit.until]))
      .sort(),
    ordnance: Object.fromEntries(corridor.segments.map((segment) => [segment.id, segment.ordnance.status])),
    control: Object.fromEntries(corridor.segments.map((segment) => [segment.id, segment.control])),
    windowId: window?.id ?? null,
    basis: window?.basis ?? null,
    isCancelled: window?.cancelledAt != null,
    claims: (window?.claims ?? []).map((claim) => canonicalJson([claim.about, claim.edge])).sort(),
    consents: Object.fromEntries(corridor.relevantParties.map((party) => [party, window?.consents[party]?.consent ?? 'none'])),
    criteria: Object.fromEntries(
      Object.entries(corridor.criteria).map(([code, criterion]) => [
        code,
        { value: criterion.value, validUntil: criterion.validUntil, waivedUntil: criterion.waiver?.until ?? null },
      ]),
    ),
    overrides: (attempt?.opening?.overrides ?? []).map((override) => canonicalJson(override)).sort(),
    transitMinutes: Object.fromEntries(Object.entries(attempt?.transitTimes ?? {}).map(([mode, { slowMinutes }]) => [mode, slowMinutes])),
    lightAndCurfew: attempt?.lightAndCurfew ?? null,
    attacks: Object.fromEntries(
      dossier.attacks.map((attack) => [attack.id, `${attack.grade.reliability}${attack.grade.credibility} ${attack.types.join(' ')}`]),
    ),
  };
}

/** Whether the content is the same or differs only for the better since it was shown. In doubt it is worse. */
export function isNoWorse(shown: BoundContent, current: BoundContent): boolean {
  const sameParts: readonly (keyof BoundContent)[] = [
    'lifecycle',
    'stance',
    'routeVersion',
    'permittedModes',
    'control',
    'windowId',
    'basis',
    'isCancelled',
    'claims',
    'limits',
    'overrides',
    'transitMinutes',
    'lightAndCurfew',
  ];
  if (sameParts.some((part) => canonicalJson(shown[part]) !== canonicalJson(current[part]))) return false;
  if (current.holds.some((hold) => !shown.holds.includes(hold))) return false;
  const isWorseOrdnance = Object.entries(current.ordnance).some(([id, now]) => {
    const before = shown.ordnance[id];
    return before === undefined || ORDNANCE_STATUSES.indexOf(now) > ORDNANCE_STATUSES.indexOf(before);
  });
  if (isWorseOrdnance) return false;
  if (Object.entries(current.consents).some(([party, now]) => now !== shown.consents[party] && now !== 'green_light')) return false;
  const isWorseCriterion = Object.entries(shown.criteria).some(([code, before]) => {
    const now = current.criteria[code];
    if (now === undefined) return true;
    const isBetter = now.value === 'met' && now.validUntil >= before.validUntil;
    return canonicalJson(now) !== canonicalJson(before) && !isBetter;
  });
  if (isWorseCriterion) return false;
  // An attack that was there and is discounted now is gone from the dossier; a new one, or another grade, is worse.
  return Object.entries(current.attacks).every(([id, now]) => shown.attacks[id] === now);
}

export interface RequestOpening {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly kind: OpeningRequest['kind'];
  readonly limitId: LimitId | null;
  readonly overrides: readonly Override[];
  readonly isByVoice: boolean;
  readonly reason: TextRef | null;
  /** SHA-256 of the canonical `boundContent` as the server computes it now. */
  readonly boundDigest: string;
  /** Real time: an approval must come within 15 real minutes, also in an exercise. */
  readonly realNow: Instant;
}

/**
 * The first of two people asks to open, to open again, or to take a limit away.
 *
 * @returns `OpeningRequested`, or `transition-not-allowed`, `holds-standing`, `limit-unknown`, `criterion-absolute`, `ends-too-late`, `opening-not-safe`
 */
export function requestOpening(dossier: Dossier, command: RequestOpening, now: Instant): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const { attempt } = corridor;
  if (attempt === null) return refuse(problem('no-attempt', {}));
  const refusal = mayNotOpen(dossier, attempt, command.kind, command.limitId) ?? badOverride(command.overrides, now);
  if (refusal !== null) return refuse(refusal);
  return accept({
    type: 'OpeningRequested',
    corridorId: corridor.id,
    requestId: command.commandId as string as OpeningRequestId,
    kind: command.kind,
    limitId: command.limitId,
    overrides: command.overrides,
    isByVoice: command.isByVoice,
    requestedRealAt: command.realNow,
    boundDigest: command.boundDigest,
    boundContent: boundContent(dossier),
    reason: command.reason,
  });
}

/** The step itself: from `scheduled` or `suspended`, without a hold; a limit is taken away from an attempt that is open. */
function mayNotOpen(dossier: Dossier, attempt: Attempt, kind: OpeningRequest['kind'], limitId: LimitId | null): Problem | null {
  const { lifecycle } = attempt;
  if (kind === 'remove_limit') {
    if (lifecycle !== 'open') return problem('transition-not-allowed', { lifecycle, allowed: TRANSITIONS[lifecycle] });
    return attempt.limits.some((limit) => limit.id === limitId)
      ? null
      : problem('limit-unknown', { standing: attempt.limits.map((limit) => limit.id) });
  }
  const from = kind === 'open' ? 'scheduled' : 'suspended';
  if (lifecycle !== from) return problem('transition-not-allowed', { lifecycle, allowed: TRANSITIONS[lifecycle] });
  const holds = dossier.corridor.holds.filter((hold) => hold.modes === null);
  return holds.length === 0 ? null : problem('holds-standing', { holds: holds.map((hold) => hold.id) });
}

function badOverride(overrides: readonly Override[], now: Instant): Problem | null {
  const latest = addMs(now, LONGEST_OVERRIDE_MS);
  for (const override of overrides) {
    if (override.until > latest || override.until <= now) return problem('ends-too-late', { latest });
    const criterion = CRITERIA[override.subject as CriterionCode] as (typeof CRITERIA)[CriterionCode] | undefined;
    if (override.what === 'criterion' && criterion?.class === 'absolute')
      return problem('criterion-absolute', { criterion: override.subject });
  }
  return null;
}

export interface ApproveOpening {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly requestId: OpeningRequestId;
  readonly realNow: Instant;
  /** Whether who requested it is still active and may still request: people are not in the dossier. */
  readonly isRequesterActive: boolean;
}

/**
 * The second person. Two different people, within 15 real minutes, on content no worse than was shown; then the status is decided once
 * more on the present evidence, as if it were open: only what would be OPEN or LIMITED (at its start, if that lies ahead) is opened.
 *
 * @returns `CorridorOpened` or `LimitRemoved`; `opening-request-unknown`, `same-person`, `requester-not-active`,
 * `opening-request-expired`, `opening-void` (412), `holds-standing`, `road-not-looked-at`, `opening-not-safe` (409)
 */
export function approveOpening(dossier: Dossier, command: ApproveOpening, now: Instant): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const { attempt } = corridor;
  const request = attempt?.openingRequests.find((open) => open.id === command.requestId);
  if (attempt === null || request === undefined) {
    return refuse(problem('opening-request-unknown', { open: (attempt?.openingRequests ?? []).map((open) => open.id) }));
  }
  if (request.requestedBy === command.actor.id) return refuse(problem('same-person', { firstBy: request.requestedBy }));
  if (!command.isRequesterActive) return refuse(problem('requester-not-active', {}));
  const waitedMs = msBetween(request.requestedRealAt, command.realNow);
  if (waitedMs > APPROVAL_MS || waitedMs < 0) {
    return refuse(problem('opening-request-expired', { requestedAt: request.requestedAt, validMinutes: APPROVAL_MS / MINUTE_MS }));
  }
  const current = boundContent(dossier);
  if (!isNoWorse(request.boundContent as BoundContent, current))
    return refuse(problem('opening-void', { shown: request.boundContent, current }));
  const opened = openedBy(corridor, request, command);
  const refusal = mayNotOpen(dossier, attempt, request.kind, request.limitId) ?? unsafe(dossier, opened, command, now);
  return refusal === null ? accept(opened) : refuse(refusal);
}

function openedBy(corridor: Corridor, request: OpeningRequest, command: ApproveOpening): CorridorEvent {
  const both = { corridorId: corridor.id, requestId: request.id, requestedBy: request.requestedBy, approvedBy: command.actor.id };
  if (request.kind === 'remove_limit' && request.limitId !== null) return { type: 'LimitRemoved', limitId: request.limitId, ...both };
  return { type: 'CorridorOpened', isByVoice: request.isByVoice, overrides: request.overrides, ...both };
}

/**
 * Decides the status as it would be once opened. "Opened before its start" is decided as at the start, on the evidence of now, and the
 * word of now must be PLANNED: a danger that will be over by the start is a danger.
 */
function unsafe(dossier: Dossier, opened: CorridorEvent, command: ApproveOpening, now: Instant): Problem | null {
  const notLookedAt = dangersOf(dossier).filter((hit) => !isLookedAt(hit, dossier));
  if (notLookedAt.length > 0) return problem('road-not-looked-at', { attacks: notLookedAt.map((hit) => hit.attack.id) });
  const { version } = dossier.corridor;
  const corridor = evolveCorridor(dossier.corridor, { body: opened, version: version + 1, recordedAt: now, actorId: command.actor.id });
  const { startsAt } = timesOf(dossier);
  const decideAt = startsAt !== null && startsAt > now ? startsAt : now;
  const atOnce = status({ ...dossier, corridor }, now);
  if (EASE[atOnce.display] === 0) return problem('opening-not-safe', { reasons: atOnce.reasons });
  const would = status({ ...dossier, corridor }, decideAt);
  return EASE[would.display] >= EASE.limited ? null : problem('opening-not-safe', { reasons: would.reasons });
}

export interface AnswerOpening {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly requestId: OpeningRequestId;
  readonly reason: TextRef | null;
}

/** Anyone who may approve may reject, the requester too (that takes the request back). */
export function rejectOpening(dossier: Dossier, command: AnswerOpening): Decision<CorridorEvent> {
  const requests = dossier.corridor.attempt?.openingRequests ?? [];
  if (!requests.some((request) => request.id === command.requestId)) {
    return refuse(problem('opening-request-unknown', { open: requests.map((request) => request.id) }));
  }
  return accept({ type: 'OpeningRejected', corridorId: dossier.corridor.id, requestId: command.requestId, reason: command.reason });
}

/** An opening by voice is countersigned within 60 min by another person than the one who logged the approval. */
export function countersignOpening(dossier: Dossier, command: AnswerOpening): Decision<CorridorEvent> {
  const opening = dossier.corridor.attempt?.opening ?? null;
  if (opening === null || opening.requestId !== command.requestId || !opening.isByVoice)
    return refuse(problem('opening-request-unknown', { open: [] }));
  if (opening.countersignedAt !== null) return refuse(problem('already-decided', { was: 'countersigned' }));
  if (opening.approvedBy === command.actor.id) return refuse(problem('same-person', { firstBy: opening.approvedBy }));
  return accept({ type: 'OpeningCountersigned', corridorId: dossier.corridor.id, requestId: command.requestId });
}
