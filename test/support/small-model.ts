import { agreeAttempt, closeAttempt, scheduleAttempt, startAttempt } from '../../src/domain/attempt.js';
import { countsFor, evolveAttack, type Attack, type AttackEvent } from '../../src/domain/attack.js';
import { cancelWindow, extendWindow, recordConsent, setBasis } from '../../src/domain/ceasefire.js';
import { evolveCorridor, type Corridor, type CorridorEvent } from '../../src/domain/corridor.js';
import type { Decision } from '../../src/domain/decision.js';
import { shown, status } from '../../src/domain/display.js';
import type { Dossier } from '../../src/domain/dossier.js';
import { entityOf, type DomainEvent, type Recorded } from '../../src/domain/event.js';
import { forcedEffects } from '../../src/domain/forced-effects.js';
import { clearHold, liftHold, setHold, stopCorridor } from '../../src/domain/hold.js';
import type { CommandId, HoldId, OpeningRequestId, PersonId } from '../../src/domain/ids.js';
import { MINUTE_MS, addMs, msBetween, type Instant } from '../../src/domain/instant.js';
import {
  evolveEvidence,
  evolveObservation,
  noEvidence,
  type CorridorEvidence,
  type ObservationEvent,
} from '../../src/domain/observation.js';
import { approveOpening, rejectOpening, requestOpening } from '../../src/domain/opening.js';
import type { Actor } from '../../src/domain/permission.js';
import { refuseRaise } from '../../src/domain/raising.js';
import { setLimit, setTransitTime } from '../../src/domain/readiness.js';
import { recordObservation, reportAttack } from '../../src/domain/report.js';
import { EASE, type Display, type Status } from '../../src/domain/status.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import { evolveWindow, windowTimes, type CeasefireWindow, type WindowEvent } from '../../src/domain/window.js';
import { FIELD_LEAD, FIRST, K7, NORTH, SECOND, actor, at, claim } from './facts.js';
import type { Fact } from './given.js';

/** Everything that decides, as one value: a planted bug is this with one rule bent. */
export const RULES = {
  status,
  shown,
  timeEffects,
  forcedEffects,
  evolveCorridor,
  evolveEvidence,
  requestOpening,
  approveOpening,
  rejectOpening,
  stopCorridor,
  setHold,
  clearHold,
  liftHold,
  setLimit,
  recordObservation,
  reportAttack,
  agreeAttempt,
  scheduleAttempt,
  startAttempt,
  closeAttempt,
  extendWindow,
  cancelWindow,
  recordConsent,
  setBasis,
  setTransitTime,
  refuseRaise,
  /** What time had caused is written before a command is decided. */
  catchesUp: true,
};
export type Rules = typeof RULES;

/** What an honest bystander remembers, in its own words, to judge the rules by: nothing here is asked of them. */
interface Memory {
  /** The attempt's window was once over or cancelled, and nobody has opened since. */
  readonly hasExpired: boolean;
  /** Somebody stopped it, fire hit it, or a party took back its word, and nobody has opened since. */
  readonly mustReopen: boolean;
  /** Holds and stops that nobody lifted after another person's "clear". */
  readonly holds: readonly string[];
  readonly seenAt: Instant | null;
  readonly worseAt: Instant | null;
  readonly lookedAt: Instant | null;
  readonly strikes: readonly Instant[];
  /** The basis and the slowest transit, as two people answered for them at the last opening; or as one person made them worse since. */
  readonly answeredFor: Terms | null;
  readonly requests: readonly { readonly id: string; readonly by: PersonId; readonly at: Instant; readonly limits: number }[];
}

export interface State {
  readonly now: Instant;
  readonly corridor: Corridor;
  readonly windows: readonly CeasefireWindow[];
  readonly attacks: readonly Attack[];
  readonly evidence: CorridorEvidence;
  readonly isLockedDown: boolean;
  /** The last status in the log, and when it was decided; worked out when somebody asks. */
  readonly logged: () => Status;
  readonly loggedAt: Instant;
  readonly memory: Memory;
  readonly steps: number;
}

const OBSERVER = actor('somebody who watches', 'observer');
const NO_MEMORY: Memory = {
  hasExpired: false,
  mustReopen: false,
  holds: [],
  seenAt: null,
  worseAt: null,
  lookedAt: null,
  strikes: [],
  answeredFor: null,
  requests: [],
};

export function dossierOf({
  corridor,
  windows,
  attacks,
  evidence,
  isLockedDown,
}: Pick<State, 'corridor' | 'windows' | 'attacks' | 'evidence' | 'isLockedDown'>): Dossier {
  const windowId = corridor.attempt?.windowId ?? null;
  return {
    corridor,
    window: windows.find((window) => window.id === windowId) ?? null,
    otherWindows: windows.filter((window) => window.id !== windowId),
    attacks: attacks.filter((attack) => countsFor(attack, corridor.id)),
    evidence,
    isLockedDown,
  };
}

/** The state after a history; the memory begins with what the history says of the northern segment. */
export function startOf(rules: Rules, facts: readonly Fact[], now: Instant): State {
  const [declared] = facts;
  const empty = { corridor: null, windows: [], attacks: [], evidence: noEvidence(K7) };
  const folded = facts.reduce<Folded>(
    (state, { body, at: recordedAt, actorId }) => evolved(RULES, state, body, recordedAt, actorId),
    empty,
  );
  if (declared === undefined || folded.corridor === null) throw new Error('a history begins with a declaration');
  const state = { ...folded, corridor: folded.corridor, now, isLockedDown: false, steps: 0 };
  const answeredFor = state.corridor.attempt?.opening == null ? null : termsOf(state);
  const memory = { ...NO_MEMORY, seenAt: folded.evidence.segments[NORTH]?.goodAt ?? null, answeredFor };
  return { ...state, memory, ...logging(rules, state) };
}

interface Terms {
  readonly isAllParty: boolean;
  readonly slowMinutes: number;
}
function termsOf(state: Parameters<typeof dossierOf>[0]): Terms {
  const slow = Object.values(state.corridor.attempt?.transitTimes ?? {}).map(({ slowMinutes }) => slowMinutes);
  return { isAllParty: dossierOf(state).window?.basis === 'all_party', slowMinutes: Math.max(0, ...slow) };
}
/** Whatever is worse of the two. */
function worseOf(answeredFor: Terms | null, now: Terms): Terms | null {
  if (answeredFor === null) return null;
  return {
    isAllParty: answeredFor.isAllParty && now.isAllParty,
    slowMinutes: Math.max(answeredFor.slowMinutes, now.slowMinutes),
  };
}

interface Folded {
  readonly corridor: Corridor | null;
  readonly windows: readonly CeasefireWindow[];
  readonly attacks: readonly Attack[];
  readonly evidence: CorridorEvidence;
}

function evolved<S extends Folded>(rules: Rules, state: S, body: DomainEvent, recordedAt: Instant, actorId: PersonId | null): S {
  const { entity, entityId } = entityOf(body);
  const recorded = (version: number): Recorded => ({ body, version: version + 1, recordedAt, actorId });
  switch (entity) {
    case 'corridor':
      return {
        ...state,
        corridor: rules.evolveCorridor(state.corridor, recorded(state.corridor?.version ?? 0) as Recorded<CorridorEvent>),
      };
    case 'window': {
      const before = state.windows.find((window) => window.id === entityId) ?? null;
      const after = evolveWindow(before, recorded(before?.version ?? 0) as Recorded<WindowEvent>);
      return { ...state, windows: [...state.windows.filter((window) => window.id !== entityId), after] };
    }
    case 'attack': {
      const before = state.attacks.find((attack) => attack.id === entityId) ?? null;
      const after = evolveAttack(before, recorded(before?.version ?? 0) as Recorded<AttackEvent>);
      return { ...state, attacks: [...state.attacks.filter((attack) => attack.id !== entityId), after] };
    }
    case 'observation':
      return {
        ...state,
        evidence: rules.evolveEvidence(state.evidence, evolveObservation(recorded(0) as Recorded<ObservationEvent>)),
      };
    case 'corridor_status':
      return state;
  }
}

const idFor = (name: string): HoldId => name as HoldId;

/** Applies facts as the writer does: each, then what it forces. */
function applied(rules: Rules, state: State, events: readonly DomainEvent[], actorId: PersonId | null): State {
  return events.reduce<State>((before, body) => {
    const after = remembering(evolved(rules, before, body, state.now, actorId), before, body, actorId);
    const version = after.corridor.version;
    const cause: Recorded = { body, version, recordedAt: state.now, actorId };
    return applied(rules, after, rules.forcedEffects(cause, [dossierOf(after)], idFor), null);
  }, state);
}

function withTimeEffects(rules: Rules, state: State): State {
  return applied(rules, state, rules.timeEffects(dossierOf(state), state.now, idFor), null);
}

/** What time causes, and the status of now: the end of each batch, or of a deadline. */
function settled(rules: Rules, state: State): State {
  const after = withTimeEffects(rules, state);
  return { ...after, ...logging(rules, after) };
}

function logging(rules: Rules, state: Parameters<typeof dossierOf>[0] & Pick<State, 'now'>): Pick<State, 'logged' | 'loggedAt'> {
  let known: Status | null = null;
  return { loggedAt: state.now, logged: () => (known ??= rules.status(dossierOf(state), state.now)) };
}

// ── The bystander ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function remembering(after: State, before: State, body: DomainEvent, actorId: PersonId | null): State {
  const { memory } = after;
  const remember = (change: Partial<Memory>): State => ({ ...after, memory: { ...memory, ...change } });
  switch (body.type) {
    case 'CorridorStopped':
      return remember({ holds: [...memory.holds, body.holdId], mustReopen: true });
    case 'HoldSet':
      return remember({ holds: [...memory.holds, body.holdId] });
    case 'HoldLifted': {
      const hold = before.corridor.holds.find((known) => known.id === body.holdId);
      const isByTwo = hold?.clearedBy != null && hold.clearedBy !== actorId;
      return isByTwo || body.because === 'covered' ? remember({ holds: memory.holds.filter((known) => known !== body.holdId) }) : after;
    }
    case 'AttemptStarted':
      // A rule's hold ends with its attempt; a person's goes on.
      return remember({ holds: memory.holds.filter((known) => isOfAPerson(known)), requests: [], mustReopen: true });
    case 'OpeningRequested':
      return remember({
        requests: [
          ...memory.requests.filter(({ id }) => id !== body.requestId),
          { id: body.requestId, by: actorId as PersonId, at: after.now, limits: before.corridor.attempt?.limits.length ?? 0 },
        ],
      });
    case 'CorridorOpened':
      return remember({ hasExpired: false, mustReopen: false, answeredFor: termsOf(after) });
    case 'BasisSet':
    case 'TransitTimeSet':
      return remember({ answeredFor: worseOf(memory.answeredFor, termsOf(after)) });
    case 'ObservationRecorded': {
      const isWorse = body.condition === 'blocked' || body.condition === 'fire_heard';
      if (isWorse) return remember({ worseAt: latest(memory.worseAt, body.observedAt) });
      if (actorId !== FIELD_LEAD.id || body.observedAt > after.now) return after;
      return remember({
        seenAt: latest(memory.seenAt, body.observedAt),
        lookedAt: body.roadLookedAt ? latest(memory.lookedAt, body.observedAt) : memory.lookedAt,
      });
    }
    case 'AttackReported':
      return body.isAuthenticated ? remember({ strikes: [...memory.strikes, after.now], mustReopen: true }) : after;
    case 'ConsentRecorded':
      return body.consent === 'withdrawn' && body.windowId === after.corridor.attempt?.windowId ? remember({ mustReopen: true }) : after;
    default:
      return after;
  }
}

function isOfAPerson(hold: string): boolean {
  return hold.startsWith('command');
}

function latest(a: Instant | null, b: Instant): Instant {
  return a === null || b > a ? b : a;
}

/** The bystander's own watch: the window, as claimed, is over. */
function noticingTheEnd(state: State): State {
  const window = state.windows.find(({ id: known }) => known === state.corridor.attempt?.windowId);
  if (window === undefined) return state;
  const { lastEndAt } = windowTimes(window);
  const isOver = window.cancelledAt !== null || (lastEndAt !== null && state.now >= lastEndAt);
  return isOver ? { ...state, memory: { ...state.memory, hasExpired: true } } : state;
}

// ── What may happen next ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Action {
  readonly name: string;
  /** The next state; null: not possible, or refused and nothing changed. */
  readonly take: (rules: Rules, state: State) => State | null;
}

type Rule = (rules: Rules, state: State, commandId: CommandId) => Decision;

function act(name: string, who: Actor, rule: Rule): Action {
  return {
    name,
    take: (rules, before) => {
      const isWritten = before.loggedAt === before.now;
      const state = rules.catchesUp && !isWritten ? withTimeEffects(rules, before) : before;
      const commandId = `command ${name} ${state.now}` as CommandId;
      const decision = rule(rules, state, commandId);
      if (decision.kind === 'refused') return null;
      if (decision.events.some((body) => rules.refuseRaise(dossierOf(state), recordedNow(state, body, who)) !== null)) return null;
      for (const event of decision.events) breachOfOpening(state, event);
      return noticingTheEnd(settled(rules, applied(rules, { ...state, steps: state.steps + 1 }, decision.events, who.id)));
    },
  };
}

/** As the writer would record it; the version is not what is asked about. */
function recordedNow({ corridor, now }: State, body: DomainEvent, who: Actor): Recorded {
  return { body, version: corridor.version + 1, recordedAt: now, actorId: who.id };
}

/** S5 at the step itself: two different people, within 15 minutes, on the content that was shown. */
function breachOfOpening({ memory, corridor, now }: State, event: DomainEvent): void {
  if (event.type !== 'CorridorOpened') return;
  const request = memory.requests.find((known) => known.id === event.requestId);
  if (request === undefined) throw new Breach('S5: nobody asked for this opening');
  if (request.by === event.approvedBy) throw new Breach('S5: one person opened alone');
  if (msBetween(request.at, now) > 15 * MINUTE_MS) throw new Breach('S5: approved later than 15 minutes after the request');
  if (request.limits !== (corridor.attempt?.limits.length ?? 0)) throw new Breach('S5: approved something else than was shown');
}

const step = (state: State, commandId: CommandId, who: Actor) => ({ commandId, actor: who, reason: null, ...realNow(state) });
const realNow = (state: State) => ({ realNow: state.now });

const request = (who: Actor, name: string): Action =>
  act(`${name} asks to open`, who, (rules, state, commandId) => {
    if (state.corridor.attempt?.openingRequests.some(({ requestedBy }) => requestedBy === who.id) === true) return NOTHING;
    return rules.requestOpening(
      dossierOf(state),
      {
        ...step(state, commandId, who),
        kind: state.corridor.attempt?.lifecycle === 'suspended' ? 'reopen' : 'open',
        limitId: null,
        overrides: [],
        isByVoice: false,
        boundDigest: '',
      },
      state.now,
    );
  });
const oldestRequest = (state: State): OpeningRequestId => state.corridor.attempt?.openingRequests[0]?.id ?? ('none' as OpeningRequestId);
const approve = (who: Actor, name: string): Action =>
  act(`${name} approves`, who, (rules, state, commandId) =>
    rules.approveOpening(
      dossierOf(state),
      { ...step(state, commandId, who), requestId: oldestRequest(state), isRequesterActive: true },
      state.now,
    ),
  );

const EVERYTHING = { reason: 'shelling', modes: null, segmentIds: [], note: null } as const;
const firstHold = (state: State): HoldId => state.corridor.holds[0]?.id ?? ('none' as HoldId);

interface Seen {
  readonly condition?: 'quiet' | 'fire_heard';
  /** Minutes before (or, below zero, after) its receipt. */
  readonly ageMin?: number;
  readonly isLook?: boolean;
}
const observe = (name: string, who: Actor, { condition = 'quiet', ageMin = 0, isLook = false }: Seen): Action =>
  act(name, who, (rules, state, commandId) =>
    rules.recordObservation(
      state.corridor,
      {
        commandId,
        actor: who,
        segmentId: NORTH,
        seen: 'manned_post',
        condition,
        passability: {},
        roadLookedAt: isLook,
        observedAt: addMs(state.now, -ageMin * MINUTE_MS),
        enteredAt: null,
        sentAt: null,
        note: null,
        provenance: 'reported',
      },
      state.now,
    ),
  );

const strike = (name: string, isKnownSender: boolean): Action =>
  act(name, isKnownSender ? FIELD_LEAD : OBSERVER, (rules, state, commandId) => {
    if (state.attacks.some((attack) => attack.isAuthenticated === isKnownSender)) return NOTHING;
    const decision = rules.reportAttack(
      [state.corridor],
      {
        commandId,
        actor: isKnownSender ? FIELD_LEAD : OBSERVER,
        externalId: null,
        types: ['shelling_artillery_mortar'],
        modes: null,
        place: null,
        occurredAt: null,
        occurredOn: null,
        zone: state.corridor.zone,
        targets: [],
        casualties: { killed: null, injured: null, childrenKilled: null, childrenInjured: null, missing: null, status: 'unknown' },
        corridorIds: [K7],
        originGroup: null,
        note: null,
        provenance: 'reported',
      },
      state.now,
    );
    if (isKnownSender || decision.kind === 'refused') return decision;
    // No door takes reports of unknown senders yet: the same fact, from nobody known.
    return { kind: 'accepted', events: decision.events.map((event) => ({ ...event, isAuthenticated: false, teamOf: [] }) as DomainEvent) };
  });
const NOTHING: Decision = { kind: 'refused', problem: { code: 'no-attempt', details: {} } };

const consent = (name: string, parties: readonly string[], word: 'green_light' | 'withdrawn'): Action => ({
  name,
  take: (rules, before) =>
    parties.reduce<State | null>(
      (state, party) =>
        state === null
          ? null
          : act(name, FIRST, (bent, current) => {
              const window = dossierOf(current).window;
              if (window === null || (word === 'withdrawn' && window.consents[party]?.consent === word)) return NOTHING;
              return bent.recordConsent(window, [current.corridor], {
                commandId: '' as CommandId,
                actor: FIRST,
                party,
                consent: word,
                voice: null,
              });
            }).take(rules, state),
      before,
    ),
});

const ofWindow = (rule: (rules: Rules, window: CeasefireWindow, commandId: CommandId) => Decision): Rule => {
  return (rules, state, commandId) => {
    const { window } = dossierOf(state);
    return window === null ? NOTHING : rule(rules, window, commandId);
  };
};

const transit = (name: string, slowMinutes: number): Action =>
  act(name, FIRST, (rules, state, commandId) =>
    state.corridor.attempt?.transitTimes.bus?.slowMinutes === slowMinutes
      ? NOTHING
      : rules.setTransitTime(dossierOf(state), { ...step(state, commandId, FIRST), mode: 'bus', slowMinutes, basis: 'measured' }),
  );

/** Every step that somebody may take. */
export const ACTIONS = {
  firstAsks: request(FIRST, 'the first'),
  secondAsks: request(SECOND, 'the second'),
  firstApproves: approve(FIRST, 'the first'),
  secondApproves: approve(SECOND, 'the second'),
  reject: act('the second rejects', SECOND, (rules, state, commandId) =>
    rules.rejectOpening(dossierOf(state), { ...step(state, commandId, SECOND), requestId: oldestRequest(state) }),
  ),
  limit: act('the first sets a limit', FIRST, (rules, state, commandId) =>
    (state.corridor.attempt?.limits.length ?? 0) > 0
      ? NOTHING
      : rules.setLimit(dossierOf(state), {
          ...step(state, commandId, FIRST),
          kind: 'released_one_by_one',
          modes: null,
          peoplePerHour: null,
          until: null,
          note: null,
        }),
  ),
  stop: act('the field stops', FIELD_LEAD, (rules, state, commandId) =>
    state.corridor.holds.some(({ isStop }) => isStop)
      ? NOTHING
      : rules.stopCorridor(dossierOf(state), { ...EVERYTHING, commandId, actor: FIELD_LEAD }),
  ),
  hold: act('the field holds', FIELD_LEAD, (rules, state, commandId) =>
    state.corridor.holds.some(({ isStop }) => !isStop)
      ? NOTHING
      : rules.setHold(dossierOf(state), { ...EVERYTHING, commandId, actor: FIELD_LEAD }),
  ),
  clear: act('the field clears', FIELD_LEAD, (rules, state, commandId) =>
    rules.clearHold(dossierOf(state), { ...step(state, commandId, FIELD_LEAD), holdId: firstHold(state) }),
  ),
  lift: act('the first lifts', FIRST, (rules, state, commandId) =>
    rules.liftHold(dossierOf(state), { ...step(state, commandId, FIRST), holdId: firstHold(state) }, state.now),
  ),
  good: observe('the field sees it quiet', FIELD_LEAD, {}),
  look: observe('the field looked at the road', FIELD_LEAD, { isLook: true }),
  bad: observe('the field hears fire', FIELD_LEAD, { condition: 'fire_heard' }),
  late: observe('a late "quiet" of an hour ago', FIELD_LEAD, { ageMin: 60 }),
  future: observe('a "quiet" from the future', FIELD_LEAD, { ageMin: -45 }),
  forged: observe('a forged "quiet"', OBSERVER, { isLook: true }),
  strongAttack: strike('the field reports shelling', true),
  weakAttack: strike('nobody known reports shelling', false),
  greenLight: consent('both sides give the green light', ['ukraine', 'russia'], 'green_light'),
  withdraw: consent('one side takes back its word', ['russia'], 'withdrawn'),
  extend: act(
    'two people extend the window',
    FIRST,
    ofWindow((rules, window, commandId) =>
      window.claims.some(({ edge }) => edge.kind === 'instant' && edge.at === LATER_END)
        ? NOTHING
        : rules.extendWindow(window, {
            commandId,
            actor: FIRST,
            claim: { edge: { kind: 'instant', at: LATER_END }, claimedBy: 'ukraine', wording: null },
            approvedBy: SECOND.id,
            reason: null,
          }),
    ),
  ),
  cancel: act(
    'the window is cancelled',
    FIRST,
    ofWindow((rules, window, commandId) => rules.cancelWindow(window, { commandId, actor: FIRST, reason: null })),
  ),
  poorBasis: act(
    'the first sets a basis of one side',
    FIRST,
    ofWindow((rules, window, commandId) =>
      window.basis === 'single_control' ? NOTHING : rules.setBasis(window, { commandId, actor: FIRST, basis: 'single_control' }),
    ),
  ),
  fullBasis: act(
    'the first sets the basis of all parties',
    FIRST,
    ofWindow((rules, window, commandId) =>
      window.basis === 'all_party' ? NOTHING : rules.setBasis(window, { commandId, actor: FIRST, basis: 'all_party' }),
    ),
  ),
  slowTransit: transit('the first measures two hours of transit', 120),
  fastTransit: transit('the first measures an hour of transit', 60),
  agree: act('the first records agreement', FIRST, (rules, state, commandId) =>
    rules.agreeAttempt(dossierOf(state), step(state, commandId, FIRST)),
  ),
  schedule: act('the first schedules', FIRST, (rules, state, commandId) =>
    rules.scheduleAttempt(dossierOf(state), step(state, commandId, FIRST)),
  ),
  close: act('the first closes', FIRST, (rules, state, commandId) => rules.closeAttempt(dossierOf(state), step(state, commandId, FIRST))),
  newAttempt: act('the first starts a new attempt', FIRST, (rules, state, commandId) => {
    if ((state.corridor.attempt?.no ?? 0) > 1) return NOTHING;
    const { window } = dossierOf(state);
    return rules.startAttempt(dossierOf(state), { ...step(state, commandId, FIRST), window }, state.now);
  }),
  lockDown: {
    name: 'a lock-down',
    take: (rules, state) => (state.isLockedDown ? null : settled(rules, { ...state, isLockedDown: true })),
  },
} as const satisfies Readonly<Record<string, Action>>;
export type ActionName = keyof typeof ACTIONS;

export const LATER_END = at('21:00');

/** Log time goes on to the next instant; `isWritten`: the worker fires the deadline, else it sleeps and nobody writes anything. */
export function timePasses(instants: readonly Instant[], isWritten: boolean): Action {
  return {
    name: isWritten ? 'time passes' : 'time passes unwritten',
    take: (rules, state) => {
      const next = instants.find((instant) => instant > state.now);
      if (next === undefined) return null;
      const later = { ...state, now: next };
      return noticingTheEnd(isWritten ? settled(rules, later) : later);
    },
  };
}

// ── What must hold in every state ────────────────────────────────────────────────────────────────────────────────────────────

/** A rule of safety was broken; the message begins with its number. */
export class Breach extends Error {}

const isUsable = (display: Display): boolean => EASE[display] >= EASE.limited;

/**
 * The invariants S1–S9, S13 and S14 of this project and `ease`, judged by the bystander's memory and by arithmetic of its own.
 *
 * @param instants what the clock of a reader may show, also one that was set back
 */
export function judge(rules: Rules, before: State | null, state: State, instants: readonly Instant[]): void {
  const { now, corridor, memory } = state;
  const isWritten = state.loggedAt === now;
  const logged = state.logged();
  const { attempt } = corridor;
  const dossier = dossierOf(state);
  const decided = isWritten ? logged : rules.status(dossier, now);
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new Breach(what);
  };

  // S1, S6: a reader never draws more than the log says, and after the end nothing usable, whatever its clock shows.
  for (const reader of instants) {
    const drawn = rules.shown(logged, reader, { isHealthy: true });
    must(EASE[drawn] <= EASE[logged.display], 'S1: a reader draws more than was logged');
    if (reader >= now && isUsable(drawn)) must(isUsable(decided.display), `S1: ${drawn} is drawn and the corridor is ${decided.display}`);
    must(EASE[rules.shown(logged, reader, { isHealthy: false })] === 0, 'S1: a reader in doubt draws something usable');
    // Once the end is written it stays, also for a clock that was set back.
    if (memory.hasExpired && isWritten) must(!isUsable(rules.status(dossier, reader).display), 'S6: usable after its end');
  }

  // S13: only danger stands above a lock-down.
  if (state.isLockedDown) must(decided.display === 'danger' || decided.display === 'suspended', 'S13: a lock-down does not show');

  // S7: a stop is refused only where nothing moves any more.
  const hasEnded = attempt !== null && ['completed', 'cancelled', 'failed'].includes(attempt.lifecycle);
  const stopped = rules.stopCorridor(dossier, { ...EVERYTHING, commandId: 'one more stop' as CommandId, actor: FIELD_LEAD });
  must(hasEnded || stopped.kind === 'accepted', 'S7: a stop is refused');

  // S8: each fact moves the version by one, and nothing else does.
  must(before === null || corridor.version >= before.corridor.version, 'S8: the version went back');
  // S9: what was reported stays.
  must(before === null || state.evidence.observationCount >= before.evidence.observationCount, 'S9: a report is gone');

  if (isWritten) must(rules.timeEffects(dossier, now, idFor).length === 0, 'E1: what time caused is caused again and again');

  // `ease`: time alone makes nothing easier, except that what is planned begins.
  if (before !== null && before.steps === state.steps && isWritten && before.isLockedDown === state.isLockedDown) {
    const was = before.logged().display;
    const begins = was === 'planned' && startsOf(dossier).some((start) => start > before.loggedAt && start <= now);
    must(begins || EASE[logged.display] <= EASE[was], `ease: time alone makes ${was} ${logged.display}`);
  }

  if (!isUsable(decided.display)) return;
  must(attempt?.lifecycle === 'open', `S2: ${decided.display} though nobody opened it`);
  must(attempt?.opening != null && attempt.opening.requestedBy !== attempt.opening.approvedBy, 'S5: one person opened alone');
  const { window } = dossier;
  const starts = startsOf(dossier);
  const ends = window?.claims.flatMap(({ about, edge }) => (about === 'end' && edge.kind === 'instant' ? [edge.at] : [])) ?? [];
  must(window !== null && starts.length > 0 && starts.every((start) => start <= now), 'S2: before its start');
  // An hour of transit and half an hour of margin.
  must(ends.length > 0 && ends.every((end) => msBetween(now, end) > 90 * MINUTE_MS), 'S2: the last safe departure has passed');
  must(window?.cancelledAt === null, 'S2: the window is cancelled');
  must(!memory.hasExpired, 'S6: usable again after its end without a new opening');
  must(!memory.mustReopen, 'S7: usable again after a stop, fire or a withdrawn word, without a new opening');
  const { answeredFor } = memory;
  const terms = termsOf(state);
  must(answeredFor === null || !terms.isAllParty || answeredFor.isAllParty, 'S5: one person bettered the basis of what two opened');
  must(answeredFor === null || terms.slowMinutes >= answeredFor.slowMinutes, 'S5: one person shortened the transit of what two opened');
  must(memory.holds.length === 0, 'S7: a hold stands that nobody lifted');
  for (const party of corridor.relevantParties) {
    must(window?.consents[party]?.consent === 'green_light', `S2: no green light of ${party} for this window`);
  }
  const { seenAt, worseAt, lookedAt } = memory;
  must(seenAt !== null && msBetween(seenAt, now) < 30 * MINUTE_MS, 'S3: a segment was not seen in time by somebody trusted');
  must(worseAt === null || (seenAt !== null && seenAt > worseAt), 'S9: worse news came after the last good report');
  for (const struck of memory.strikes) {
    must(msBetween(struck, now) >= 180 * MINUTE_MS, 'S4: fire in the stop ring less than three hours ago');
    must(lookedAt !== null && lookedAt > struck, 'S4: nobody has looked at the road since the fire');
  }
  for (const [what, broken] of broken14(dossier)) {
    must(!isUsable(rules.status(broken, now).display), `S14: usable with ${what} that nobody knows`);
  }
}

function startsOf({ window }: Dossier): readonly Instant[] {
  return window?.claims.flatMap(({ about, edge }) => (about === 'start' && edge.kind === 'instant' ? [edge.at] : [])) ?? [];
}

/** The same dossier with a word in it that this version does not know. */
function broken14(dossier: Dossier): readonly (readonly [string, Dossier])[] {
  const { corridor, window } = dossier;
  const { attempt } = corridor;
  if (attempt === null || window === null) return [];
  const unheard = 'unheard-of' as never;
  const party = corridor.relevantParties[0] ?? '';
  const known = window.consents[party];
  return [
    ['a lifecycle', { ...dossier, corridor: { ...corridor, attempt: { ...attempt, lifecycle: unheard } } }],
    ['a stance', { ...dossier, corridor: { ...corridor, stance: unheard } }],
    ['a basis', { ...dossier, window: { ...window, basis: unheard } }],
    ['ordnance', { ...dossier, corridor: { ...corridor, segments: corridor.segments.map((one) => ({ ...one, ordnance: unheard })) } }],
    [
      'a consent',
      known === undefined
        ? { ...dossier, window: null }
        : { ...dossier, window: { ...window, consents: { [party]: { ...known, consent: unheard } } } },
    ],
    ['a claim', { ...dossier, window: { ...window, claims: [claim('start', { kind: unheard })] } }],
  ];
}

// ── The search ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Scene {
  readonly start: readonly Fact[];
  readonly instants: readonly Instant[];
  readonly actions: readonly ActionName[];
  /** Commands in a row; time may pass between them at will. */
  readonly depth: number;
}

export interface Found {
  readonly states: number;
  /** The shortest way to a breach, and the breach; null: every state within the depth is safe. */
  readonly breach: { readonly trace: readonly string[]; readonly message: string } | null;
}

interface Node {
  readonly state: State;
  readonly trace: readonly string[];
}

/** Breadth first: the trace of a breach is a shortest one. */
export function search(scene: Scene, rules: Rules = RULES): Found {
  const [first] = scene.instants;
  if (first === undefined) throw new Error('a scene begins at an instant');
  const actions: readonly Action[] = [
    ...scene.actions.map((name) => ACTIONS[name]),
    timePasses(scene.instants, true),
    timePasses(scene.instants, false),
  ];
  const start = startOf(rules, scene.start, first);
  const seen = new Map([[keyOf(start), 0]]); // with the fewest commands that lead there

  let level: readonly Node[] = [{ state: start, trace: [] }];
  while (level.length > 0) {
    const next: Node[] = [];
    for (const { state, trace } of level) {
      for (const action of actions) {
        const way = [...trace, `${state.now.slice(11, 16)} ${action.name}`];
        try {
          const after = action.take(rules, state);
          if (after === null || after.steps > scene.depth) continue;
          const key = keyOf(after);
          if ((seen.get(key) ?? Infinity) <= after.steps) continue;
          judge(rules, state, after, scene.instants);
          seen.set(key, after.steps);
          next.push({ state: after, trace: way });
        } catch (error) {
          if (error instanceof Breach) return { states: seen.size, breach: { trace: way, message: error.message } };
          throw error;
        }
      }
    }
    level = next;
  }
  return { states: seen.size, breach: null };
}

/** What tells two states apart: everything but counters and the wording of what was decided. */
function keyOf({ corridor, evidence, windows, logged: _logged, steps: _steps, ...state }: State): string {
  const { holds, liftedHoldIds, attempt } = corridor;
  const requests = attempt?.openingRequests.map(({ boundContent: _content, ...request }) => request);
  return JSON.stringify([
    [holds, liftedHoldIds, { ...attempt, openingRequests: requests }],
    corridor.segments.map(({ ordnance }) => ordnance.status),
    evidence.segments,
    windows.map(({ version: _version, ...window }) => window),
    state,
  ]);
}
