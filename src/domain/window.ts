import { assertNever } from './assert-never.js';
import type { Party, Provenance } from './corridor.js';
import type { Recorded, TextRef } from './event.js';
import type { AttackId, CommandId, CorridorId, OrganisationId, PersonId, WindowId } from './ids.js';
import { addMs, earliestOf, latestOf, type Instant } from './instant.js';
import { GO_NO_GO_MS } from './settings.js';
import { dayBounds, type LocalDate, type Zone } from './zone.js';

export const WINDOW_KINDS = ['ceasefire_window', 'daily_corridor', 'operation', 'humanitarian_pause', 'local_truce'] as const;
export type WindowKind = (typeof WINDOW_KINDS)[number];

export const CONSENTS = ['none', 'announced', 'terms_confirmed', 'green_light', 'disputed', 'refused', 'withdrawn'] as const;
/** A relevant party's word on one window. Only `terms_confirmed` and `green_light` are agreement. */
export type Consent = (typeof CONSENTS)[number];

export function isAgreement(consent: Consent): boolean {
  return consent === 'terms_confirmed' || consent === 'green_light';
}

export const BASES = ['all_party', 'separate_assurances', 'single_control', 'notification_only'] as const;
/** What the window rests on. The middle two are at best LIMITED, the last at best UNKNOWN. */
export type Basis = (typeof BASES)[number];

export const OUTCOMES = ['held', 'violated', 'not_started', 'unknown', 'cancelled'] as const;
/** A fact beside the state, often known later; it moves nothing. `held` means that people moved, not that it was safe. */
export type Outcome = (typeof OUTCOMES)[number];

export const OUTCOME_VIOLATIONS = ['fire', 'access_refused', 'fire_or_access', 'fire_and_access_refused', 'seizure', 'diversion'] as const;
/** How a window that was violated was violated, as told afterwards. */
export type OutcomeViolation = (typeof OUTCOME_VIOLATIONS)[number];

export const VIOLATION_KINDS = [
  'fire_small_arms',
  'fire_indirect',
  'air_strike',
  'uav_strike',
  'explosion_undetermined',
  'mine_laying',
  'eo_found',
  'obstruction',
  'delay',
  'confiscation',
  'attack_civilians',
  'attack_medical',
  'attack_humanitarian',
  'detention',
  'separation',
  'forced_transfer',
  'monitor_restricted',
  'hostile_announcement',
] as const;
/** The humanitarian profile of domain 2.4: nothing in it reads like fire correction. */
export type ViolationKind = (typeof VIOLATION_KINDS)[number];

/** What a violation of each kind does to the corridors that it hits (E5, and 2.4 where that is harder: ADR 13). */
export type ViolationEffect = 'fire' | 'broken_word' | 'ordnance' | 'protection' | 'obstruction';

export const VIOLATION_EFFECTS: Readonly<Record<ViolationKind, ViolationEffect>> = {
  fire_small_arms: 'fire',
  fire_indirect: 'fire',
  air_strike: 'fire',
  uav_strike: 'fire',
  explosion_undetermined: 'obstruction',
  mine_laying: 'ordnance',
  eo_found: 'ordnance',
  obstruction: 'obstruction',
  delay: 'obstruction',
  confiscation: 'obstruction',
  attack_civilians: 'fire',
  attack_medical: 'fire',
  attack_humanitarian: 'fire',
  detention: 'protection',
  separation: 'protection',
  forced_transfer: 'protection',
  monitor_restricted: 'obstruction',
  hostile_announcement: 'broken_word',
};

/** An edge is an instant, a local day of the window's zone, or not stated; it is never guessed. */
export type Edge =
  { readonly kind: 'instant'; readonly at: Instant } | { readonly kind: 'day'; readonly date: LocalDate } | { readonly kind: 'not_stated' };

export const CLAIM_ABOUT = ['start', 'end', 'announcement'] as const;
/** Who says when, in whose words. Claims may differ; none is dropped. An `announcement` claim is a statement that contradicts another. */
export interface Claim {
  readonly id: CommandId;
  readonly about: (typeof CLAIM_ABOUT)[number];
  readonly edge: Edge;
  readonly claimedBy: string;
  readonly wording: TextRef | null;
}

export interface PartyConsent {
  readonly consent: Consent;
  readonly since: Instant;
  readonly recordedBy: PersonId | null;
  /** When the hotline was last answered, "the units on the route have it". */
  readonly hotlineAnsweredAt: Instant | null;
  /** When it fell from agreement to what it is now (E4); null: it is agreement, or never was. */
  readonly fellAt: Instant | null;
}

export interface Violation {
  readonly id: CommandId;
  readonly kind: ViolationKind;
  readonly hitCorridorIds: readonly CorridorId[];
  readonly attackId: AttackId | null;
  readonly recordedAt: Instant;
}

/** The hours in which fire should cease, as claimed. */
export interface CeasefireWindow {
  readonly id: WindowId;
  readonly version: number;
  readonly organisationId: OrganisationId;
  readonly externalId: string | null;
  readonly kind: WindowKind;
  readonly corridorIds: readonly CorridorId[];
  readonly zone: Zone;
  readonly announcedBy: readonly string[];
  readonly announcedAt: Instant;
  readonly basis: Basis | null;
  readonly claims: readonly Claim[];
  readonly consents: Readonly<Record<Party, PartyConsent>>;
  readonly cancelledAt: Instant | null;
  readonly violations: readonly Violation[];
  readonly outcome: { readonly outcome: Outcome; readonly violationKind: OutcomeViolation | null; readonly recordedAt: Instant } | null;
  readonly provenance: Provenance;
}

export type WindowEvent =
  | {
      readonly type: 'WindowAnnounced';
      readonly windowId: WindowId;
      readonly organisationId: OrganisationId;
      readonly externalId: string | null;
      readonly kind: WindowKind;
      readonly corridorIds: readonly CorridorId[];
      readonly zone: Zone;
      readonly announcedBy: readonly string[];
      readonly basis: Basis | null;
      readonly claims: readonly Claim[];
      readonly provenance: Provenance;
    }
  | { readonly type: 'ClaimMade'; readonly windowId: WindowId; readonly claim: Claim }
  | {
      readonly type: 'ConsentRecorded';
      readonly windowId: WindowId;
      readonly party: Party;
      readonly consent: Consent;
      readonly voice: TextRef | null;
    }
  | { readonly type: 'HotlineAnswered'; readonly windowId: WindowId; readonly party: Party }
  | { readonly type: 'BasisSet'; readonly windowId: WindowId; readonly basis: Basis | null }
  | {
      readonly type: 'WindowExtended';
      readonly windowId: WindowId;
      /** The claim that takes the place of all earlier ends; a second person approved it when it helps new departures. */
      readonly claim: Claim;
      readonly approvedBy: PersonId | null;
      readonly reason: TextRef | null;
    }
  | { readonly type: 'WindowShortened'; readonly windowId: WindowId; readonly claim: Claim; readonly reason: TextRef | null }
  | { readonly type: 'WindowCancelled'; readonly windowId: WindowId; readonly reason: TextRef | null }
  | {
      readonly type: 'ViolationRecorded';
      readonly windowId: WindowId;
      readonly violationId: CommandId;
      readonly kind: ViolationKind;
      readonly hitCorridorIds: readonly CorridorId[];
      readonly attackId: AttackId | null;
      readonly note: TextRef | null;
    }
  | {
      readonly type: 'OutcomeRecorded';
      readonly windowId: WindowId;
      readonly outcome: Outcome;
      readonly violationKind: OutcomeViolation | null;
      readonly detail: TextRef | null;
    };

export function evolveWindow(before: CeasefireWindow | null, event: Recorded<WindowEvent>): CeasefireWindow {
  const { body, recordedAt, actorId } = event;
  if (body.type === 'WindowAnnounced') {
    const { type: _type, windowId, ...announced } = body;
    return {
      ...announced,
      id: windowId,
      version: event.version,
      announcedAt: recordedAt,
      consents: {},
      cancelledAt: null,
      violations: [],
      outcome: null,
    };
  }
  if (before === null) throw new TypeError(`${body.type} before WindowAnnounced`);
  const window = { ...before, version: event.version };
  switch (body.type) {
    case 'ClaimMade':
      return { ...window, claims: [...before.claims, body.claim] };
    case 'ConsentRecorded':
      return {
        ...window,
        consents: {
          ...before.consents,
          [body.party]: {
            consent: body.consent,
            since: recordedAt,
            recordedBy: actorId,
            // A green light is given by a voice: the line was answered in the same call.
            hotlineAnsweredAt: body.consent === 'green_light' ? recordedAt : (before.consents[body.party]?.hotlineAnsweredAt ?? null),
            fellAt: fellAt(before.consents[body.party], body.consent, recordedAt),
          },
        },
      };
    case 'HotlineAnswered': {
      const known = before.consents[body.party] ?? {
        consent: 'none' as const,
        since: recordedAt,
        recordedBy: actorId,
        hotlineAnsweredAt: null,
        fellAt: null,
      };
      return { ...window, consents: { ...before.consents, [body.party]: { ...known, hotlineAnsweredAt: recordedAt } } };
    }
    case 'BasisSet':
      return { ...window, basis: body.basis };
    case 'WindowExtended':
      return { ...window, claims: [...before.claims.filter((claim) => claim.about !== 'end'), body.claim] };
    case 'WindowShortened':
      return { ...window, claims: [...before.claims, body.claim] };
    case 'WindowCancelled':
      return { ...window, cancelledAt: recordedAt };
    case 'ViolationRecorded':
      return {
        ...window,
        violations: [
          ...before.violations,
          { id: body.violationId, kind: body.kind, hitCorridorIds: body.hitCorridorIds, attackId: body.attackId, recordedAt },
        ],
      };
    case 'OutcomeRecorded':
      return { ...window, outcome: { outcome: body.outcome, violationKind: body.violationKind, recordedAt } };
    default:
      return assertNever(body);
  }
}

function fellAt(before: PartyConsent | undefined, consent: Consent, now: Instant): Instant | null {
  if (before === undefined || isAgreement(consent)) return null;
  return isAgreement(before.consent) ? now : before.fellAt;
}

/**
 * The claims read as the rules need them (design, Time). Among instants the latest start and the earliest end count for departures,
 * the latest end for E1 and CLOSED. A day stands for 00:00–24:00 of the window's zone. Null: nobody stated it.
 */
export interface WindowTimes {
  readonly startClaims: readonly Instant[];
  readonly endClaims: readonly Instant[];
  /** From here the window counts as begun, whatever kind the edge has; null: not stated. */
  readonly startsAt: Instant | null;
  /** New departures stop here; null unless the end is an instant. */
  readonly firstEndAt: Instant | null;
  /** The window is over here (E1); null: only a person can end it. */
  readonly lastEndAt: Instant | null;
  /** Both edges are instants: the only kind of window that supports OPEN. */
  readonly hasBothInstants: boolean;
  /** When people decide go or no-go before the start, the earliest first; empty without a start. */
  readonly goNoGoAt: readonly Instant[];
}

export function windowTimes(window: Pick<CeasefireWindow, 'claims' | 'zone'>): WindowTimes {
  const before = known.get(window.claims);
  if (before?.zone === window.zone) return before.times;
  const times = workOut(window);
  known.set(window.claims, { zone: window.zone, times });
  return times;
}

/** Kept by the claims themselves, which never change: one status asks for them dozens of times. */
const known = new WeakMap<CeasefireWindow['claims'], { readonly zone: string; readonly times: WindowTimes }>();

function workOut(window: Pick<CeasefireWindow, 'claims' | 'zone'>): WindowTimes {
  const starts = window.claims.filter((claim) => claim.about === 'start');
  const ends = window.claims.filter((claim) => claim.about === 'end');
  const startClaims = instantsOf(starts);
  const endClaims = instantsOf(ends);
  const startDays = daysOf(starts).map((day) => dayBounds(day, window.zone).from);
  const endDays = daysOf(ends).map((day) => dayBounds(day, window.zone).to);
  const startsAt = latestOf(startClaims) ?? latestOf(startDays);
  return {
    startClaims,
    endClaims,
    startsAt,
    firstEndAt: earliestOf(endClaims),
    lastEndAt: latestOf([...endClaims, ...endDays]),
    hasBothInstants: startClaims.length > 0 && endClaims.length > 0 && [...starts, ...ends].every(isInstantOrSilent),
    goNoGoAt: startsAt === null ? [] : GO_NO_GO_MS.map((ms) => addMs(startsAt, -ms)),
  };
}

/** Neither cancelled nor over, as far as an end is claimed. */
export function isAhead(window: CeasefireWindow, now: Instant): boolean {
  const { lastEndAt } = windowTimes(window);
  return window.cancelledAt === null && (lastEndAt === null || now < lastEndAt);
}

/** Whether the window, as claimed and not cancelled, contains the instant. A start that nobody stated counts as passed. */
export function covers(window: CeasefireWindow, at: Instant): boolean {
  if (window.cancelledAt !== null && window.cancelledAt <= at) return false;
  const times = windowTimes(window);
  return (times.startsAt === null || times.startsAt <= at) && (times.lastEndAt === null || at < times.lastEndAt);
}

/** Said as an instant, or not at all: a day, or an edge of a kind that this version does not know, supports no opening (S14). */
function isInstantOrSilent({ edge }: Claim): boolean {
  return edge.kind === 'instant' || edge.kind === 'not_stated';
}

function instantsOf(claims: readonly Claim[]): readonly Instant[] {
  return [...new Set(claims.flatMap((claim) => (claim.edge.kind === 'instant' ? [claim.edge.at] : [])))].sort();
}

function daysOf(claims: readonly Claim[]): readonly LocalDate[] {
  return claims.flatMap((claim) => (claim.edge.kind === 'day' ? [claim.edge.date] : []));
}
