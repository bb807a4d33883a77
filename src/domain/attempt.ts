import { TRANSITIONS, isEnded, isOver, type Attempt, type CorridorEvent, type EndReason, type Lifecycle } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import { inside } from './evidence.js';
import type { TextRef } from './event.js';
import type { CommandId } from './ids.js';
import type { Instant } from './instant.js';
import type { Actor } from './permission.js';
import { problem, type Problem } from './problem.js';
import { isAgreement, windowTimes, type CeasefireWindow } from './window.js';

interface Step {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly reason: TextRef | null;
}

/** The window this attempt shall use, as loaded; null: not chosen yet. */
export interface StartAttempt extends Step {
  readonly window: CeasefireWindow | null;
}

/**
 * Starts a new attempt on a corridor whose last one is over. People's holds are inherited; criteria of the attempt start anew.
 *
 * @returns `AttemptStarted`, or `attempt-running`, `window-of-other-corridor`, `window-cancelled`, `window-over`
 */
export function startAttempt(dossier: Dossier, command: StartAttempt, now: Instant): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const { attempt } = corridor;
  if (attempt !== null && !isOver(attempt.lifecycle)) {
    return refuse(problem('attempt-running', { lifecycle: attempt.lifecycle, attemptNo: attempt.no }));
  }
  const unfit = command.window === null ? null : unfitWindow(dossier, command.window, now);
  if (unfit !== null) return refuse(unfit);
  return accept({
    type: 'AttemptStarted',
    corridorId: corridor.id,
    attemptNo: (attempt?.no ?? 0) + 1,
    windowId: command.window?.id ?? null,
    lifecycle: attempt === null ? 'proposed' : 'under_negotiation',
  });
}

function unfitWindow(dossier: Dossier, window: CeasefireWindow, now: Instant): Problem | null {
  if (!window.corridorIds.includes(dossier.corridor.id)) return problem('window-of-other-corridor', { windowId: window.id });
  if (window.cancelledAt !== null) return problem('window-cancelled', { windowId: window.id });
  const { lastEndAt } = windowTimes(window);
  return lastEndAt !== null && lastEndAt <= now ? problem('window-over', { windowId: window.id }) : null;
}

export interface ChooseWindow extends Step {
  readonly window: CeasefireWindow | null;
}

/** proposed → under negotiation; also back from agreed. A window may be chosen with it. */
export function startNegotiation(dossier: Dossier, command: ChooseWindow, now: Instant): Decision<CorridorEvent> {
  const { window } = command;
  const unfit = window === null ? null : unfitWindow(dossier, window, now);
  if (unfit !== null) return refuse(unfit);
  const step = move(dossier, 'under_negotiation', command);
  if (step.kind === 'refused' || window === null) return step;
  return accept<CorridorEvent>(...step.events, { type: 'WindowChosen', corridorId: dossier.corridor.id, windowId: window.id });
}

/** Agreed only if every relevant party is at `terms_confirmed` or `green_light` for this attempt's window. */
export function agreeAttempt(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'agreed', command, () => {
    const { window, corridor } = dossier;
    if (window === null) return problem('window-missing', {});
    const parties = corridor.relevantParties
      .map((party) => ({ party, consent: window.consents[party]?.consent ?? 'none' }))
      .filter(({ consent }) => !isAgreement(consent));
    return parties.length === 0 ? null : problem('consent-missing', { parties });
  });
}

/** Scheduled only if the window and the route are set. Who may leave may still be "not stated": criterion 5 then blocks the opening. */
export function scheduleAttempt(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'scheduled', command, () => (dossier.window === null ? problem('window-missing', {}) : null));
}

/** The last departure has gone; the agreement is held for those still inside. One person. */
export function startClosing(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'closing', command);
}

/** One person, always. */
export function closeAttempt(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'closed', command, () => null, 'decided');
}

export interface CompleteAttempt extends Step {
  /** People who set out and of whom nobody knows where they are; named, never left out. */
  readonly unaccounted: number | null;
}

/** Completed needs nobody inside, or a named "unaccounted: N". */
export function completeAttempt(dossier: Dossier, command: CompleteAttempt): Decision<CorridorEvent> {
  const step = move(dossier, 'completed', command, (attempt) => {
    if (inside(dossier.corridor) === 'nobody' || command.unaccounted !== null) return null;
    return problem('people-inside', { min: attempt.peopleInside?.min ?? 0, max: attempt.peopleInside?.max ?? null });
  });
  if (step.kind === 'refused') return step;
  return accept(
    ...step.events.map((event) => (event.type === 'LifecycleChanged' ? { ...event, unaccounted: command.unaccounted ?? 0 } : event)),
  );
}

export function cancelAttempt(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'cancelled', command, () => null, 'decided');
}

export function failAttempt(dossier: Dossier, command: Step): Decision<CorridorEvent> {
  return move(dossier, 'failed', command, () => null, 'decided');
}

/** One step of TRANSITIONS, with the guard of that step. */
function move(
  dossier: Dossier,
  to: Lifecycle,
  command: Step,
  guard: (attempt: Attempt) => Problem | null = () => null,
  endReason: EndReason | null = null,
): Decision<CorridorEvent> {
  const { attempt } = dossier.corridor;
  if (attempt === null) return refuse(problem('no-attempt', {}));
  const allowed = TRANSITIONS[attempt.lifecycle];
  if (isEnded(attempt.lifecycle)) return refuse(problem('attempt-ended', { lifecycle: attempt.lifecycle }));
  if (!allowed.includes(to)) return refuse(problem('transition-not-allowed', { lifecycle: attempt.lifecycle, allowed }));
  const refusal = guard(attempt);
  if (refusal !== null) return refuse(refusal);
  return accept({
    type: 'LifecycleChanged',
    corridorId: dossier.corridor.id,
    from: attempt.lifecycle,
    to,
    cause: 'decision',
    endReason,
    unaccounted: 0,
    reason: command.reason,
  });
}
