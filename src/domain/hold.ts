import { dangerEndsAt } from './attack.js';
import {
  hasDepartures,
  isEnded,
  type Corridor,
  type CorridorEvent,
  type Hold,
  type Mode,
  type RuleHoldReason,
  type StopReason,
} from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import { dangersOf, isFresh } from './evidence.js';
import type { TextRef } from './event.js';
import type { CommandId, HoldId, SegmentId } from './ids.js';
import type { Instant } from './instant.js';
import type { Actor } from './permission.js';
import { problem } from './problem.js';

export interface StopCorridor {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly reason: StopReason;
  /** null: all modes. A stop of some modes acts on those alone and never suspends the attempt. */
  readonly modes: readonly Mode[] | null;
  readonly segmentIds: readonly SegmentId[];
  readonly note: TextRef | null;
}

/**
 * Stops new departures. Tells nothing to people already on the road: that is the instruction in force, given by voice.
 *
 * One person is enough, at any version, from any step but the three that end an attempt, and before there is one: stopping is cheap,
 * opening is dear. A second stop is welcome: each is a hold with its own reason, and all must be lifted before it can open again.
 * Source: domain 1.5, `holds[]`.
 *
 * @returns `CorridorStopped`, or `attempt-ended` when the attempt is completed, cancelled or failed
 */
export function stopCorridor(dossier: Dossier, command: StopCorridor): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const lifecycle = corridor.attempt?.lifecycle ?? null;
  if (lifecycle !== null && isEnded(lifecycle)) return refuse(problem('attempt-ended', { lifecycle }));
  const suspends = lifecycle !== null && command.modes === null && hasDepartures(lifecycle);
  return accept({
    type: 'CorridorStopped',
    corridorId: corridor.id,
    holdId: command.commandId as string as HoldId,
    reason: command.reason,
    modes: command.modes,
    segmentIds: command.segmentIds.filter((id) => corridor.segments.some((segment) => segment.id === id)),
    lifecycle: suspends ? 'suspended' : null,
    note: command.note,
  });
}

/** A hold: no new departures; the lifecycle stays. Always accepted, like a stop. */
export function setHold(dossier: Dossier, command: StopCorridor): Decision<CorridorEvent> {
  const { corridor } = dossier;
  const lifecycle = corridor.attempt?.lifecycle ?? null;
  if (lifecycle !== null && isEnded(lifecycle)) return refuse(problem('attempt-ended', { lifecycle }));
  return accept({
    type: 'HoldSet',
    corridorId: corridor.id,
    holdId: command.commandId as string as HoldId,
    reason: command.reason,
    origin: 'person',
    modes: command.modes,
    segmentIds: command.segmentIds.filter((id) => corridor.segments.some((segment) => segment.id === id)),
    attackId: null,
    note: command.note,
  });
}

export type HoldSet = Extract<CorridorEvent, { readonly type: 'HoldSet' }>;

/** A hold that a rule sets. Left out: of the whole corridor, for all modes, without an attack. */
export function ruleHold(
  corridor: Corridor,
  why: RuleHoldReason,
  holdId: HoldId,
  about: Partial<Pick<HoldSet, 'modes' | 'segmentIds' | 'attackId'>> = {},
): HoldSet {
  const { modes = null, segmentIds = [], attackId = null } = about;
  return { type: 'HoldSet', corridorId: corridor.id, holdId, reason: why, origin: 'rule', modes, segmentIds, attackId, note: null };
}

export interface HoldStep {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly holdId: HoldId;
  readonly reason: TextRef | null;
}

/** "Clear" from the setter or the team nearest the cause; it lifts nothing by itself. */
export function clearHold(dossier: Dossier, command: HoldStep): Decision<CorridorEvent> {
  const hold = standing(dossier, command.holdId);
  if (hold === null) return refuse(problem('hold-unknown', { standing: dossier.corridor.holds.map(({ id }) => id) }));
  if (hold.clearedBy === command.actor.id) return refuse(problem('already-decided', { was: 'cleared' }));
  return accept({ type: 'HoldCleared', corridorId: dossier.corridor.id, holdId: hold.id, note: command.reason });
}

/**
 * Lifted by the duty coordinator, with a reason and a "clear" from another person. Lifting opens nothing: a suspended attempt stays so. The
 * hold that fire set stands while that fire is DANGER: lifted in its dark, it would be gone when only time ends the word (ADR 13).
 *
 * @returns `HoldLifted`, or `hold-unknown`, `hold-not-cleared`, `clear-by-another`, `danger-not-over`
 */
export function liftHold(dossier: Dossier, command: HoldStep, now: Instant): Decision<CorridorEvent> {
  const hold = standing(dossier, command.holdId);
  if (hold === null) return refuse(problem('hold-unknown', { standing: dossier.corridor.holds.map(({ id }) => id) }));
  if (hold.clearedBy === null) return refuse(problem('hold-not-cleared', { clearBy: hold.setBy ?? 'the team nearest the cause' }));
  if (hold.clearedBy === command.actor.id) return refuse(problem('clear-by-another', { liftedBy: command.actor.id }));
  const fire = dangersOf(dossier).find(({ attack }) => hold.reason === 'attack' && attack.id === hold.attackId && isFresh(attack, now));
  if (fire !== undefined) return refuse(problem('danger-not-over', { attackId: fire.attack.id, endsAt: dangerEndsAt(fire.attack) }));
  return accept({ type: 'HoldLifted', corridorId: dossier.corridor.id, holdId: hold.id, because: 'decision', reason: command.reason });
}

export interface ReconfirmCorridor {
  readonly commandId: CommandId;
  readonly actor: Actor;
  readonly reason: TextRef | null;
}

/**
 * E5: a coordinator reconfirms a corridor that was held because another corridor of its window was hit. Only those holds go; the hold of a
 * corridor that was hit itself is cleared and lifted like any other.
 */
export function reconfirmCorridor(dossier: Dossier, command: ReconfirmCorridor): Decision<CorridorEvent> {
  const violated = dossier.corridor.holds.filter((hold) => hold.reason === 'window_violated' && !wasHit(dossier, hold));
  if (violated.length === 0) return refuse(problem('hold-unknown', { standing: dossier.corridor.holds.map(({ id }) => id) }));
  return accept(
    ...violated.map((hold): CorridorEvent => ({
      type: 'HoldLifted',
      corridorId: dossier.corridor.id,
      holdId: hold.id,
      because: 'reconfirmed',
      reason: command.reason,
    })),
  );
}

/** Whether the violation that set this hold hit this corridor itself: both are of one instant. */
function wasHit({ window, corridor }: Dossier, hold: Hold): boolean {
  return (window?.violations ?? []).some(
    (violation) =>
      violation.recordedAt === hold.setAt && violation.attackId === hold.attackId && violation.hitCorridorIds.includes(corridor.id),
  );
}

function standing(dossier: Dossier, holdId: HoldId): Hold | null {
  return dossier.corridor.holds.find((hold) => hold.id === holdId) ?? null;
}
