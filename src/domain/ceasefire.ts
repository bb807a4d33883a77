import type { Corridor, Party, Provenance } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { TextRef } from './event.js';
import type { AttackId, CommandId, CorridorId, PersonId, WindowId } from './ids.js';
import type { Actor } from './permission.js';
import { problem, type Problem } from './problem.js';
import {
  VIOLATION_EFFECTS,
  windowTimes,
  type Basis,
  type CeasefireWindow,
  type Claim,
  type Consent,
  type Outcome,
  type OutcomeViolation,
  type ViolationKind,
  type WindowEvent,
  type WindowKind,
} from './window.js';
import type { Zone } from './zone.js';

interface Step {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

export interface AnnounceWindow extends Step {
  readonly externalId: string | null;
  readonly kind: WindowKind;
  readonly corridorIds: readonly CorridorId[];
  readonly zone: Zone;
  readonly announcedBy: readonly string[];
  readonly basis: Basis | null;
  readonly claims: readonly Claim[];
  readonly provenance: Provenance;
}

/** Somebody announced hours of no fire. Announced is not agreed: every consent starts at `none`. Its id is the command's. */
export function announceWindow(command: AnnounceWindow): Decision<WindowEvent> {
  const { commandId, actor, ...announced } = command;
  const disorder = notOrdered(announced);
  if (disorder !== null) return refuse(disorder);
  return accept({ type: 'WindowAnnounced', windowId: commandId as string as WindowId, organisationId: actor.organisationId, ...announced });
}

/** Refuses a window all of whose claimed ends lie before its start. Claims that merely differ are kept. */
function notOrdered(window: Pick<CeasefireWindow, 'claims' | 'zone'>): Problem | null {
  const { startsAt, lastEndAt } = windowTimes(window);
  return startsAt !== null && lastEndAt !== null && lastEndAt <= startsAt
    ? problem('edge-not-ordered', { startsAt, endsAt: lastEndAt })
    : null;
}

export interface MakeClaim extends Step {
  readonly claim: Omit<Claim, 'id'>;
}

/** One more voice on an edge, or a statement that contradicts the announcement. Nobody's earlier claim is dropped. */
export function makeClaim(window: CeasefireWindow, command: MakeClaim): Decision<WindowEvent> {
  const claim: Claim = { ...command.claim, id: command.commandId };
  const disorder = claim.about === 'announcement' ? null : notOrdered({ ...window, claims: [...window.claims, claim] });
  if (disorder !== null) return refuse(disorder);
  return accept({ type: 'ClaimMade', windowId: window.id, claim });
}

export interface RecordConsent extends Step {
  readonly party: Party;
  readonly consent: Consent;
  /** Who said it for the party, and how: never in the log. */
  readonly voice: TextRef | null;
}

/** What a relevant party says to this window. Consents of different windows are never joined. */
export function recordConsent(window: CeasefireWindow, corridors: readonly Corridor[], command: RecordConsent): Decision<WindowEvent> {
  const refusal = notRelevant(corridors, command.party);
  if (refusal !== null) return refuse(refusal);
  return accept({ type: 'ConsentRecorded', windowId: window.id, party: command.party, consent: command.consent, voice: command.voice });
}

export interface AnswerHotline extends Step {
  readonly party: Party;
}

/** The party's hotline was answered: "the units on the route have it". */
export function answerHotline(window: CeasefireWindow, corridors: readonly Corridor[], command: AnswerHotline): Decision<WindowEvent> {
  const refusal = notRelevant(corridors, command.party);
  if (refusal !== null) return refuse(refusal);
  return accept({ type: 'HotlineAnswered', windowId: window.id, party: command.party });
}

function notRelevant(corridors: readonly Corridor[], party: Party): Problem | null {
  const allowed = [...new Set(corridors.flatMap((corridor) => corridor.relevantParties))];
  return allowed.includes(party) ? null : problem('party-not-relevant', { party, allowed });
}

export interface SetBasis extends Step {
  readonly basis: Basis | null;
}

export function setBasis(window: CeasefireWindow, command: SetBasis): Decision<WindowEvent> {
  return accept({ type: 'BasisSet', windowId: window.id, basis: command.basis });
}

export interface ExtendWindow extends Step {
  readonly claim: Omit<Claim, 'id' | 'about'>;
  readonly approvedBy: PersonId | null;
  readonly reason: TextRef | null;
}

/** A later end. One person may extend for people already inside; for new departures a second person approves: until then the end is disputed. */
export function extendWindow(window: CeasefireWindow, command: ExtendWindow): Decision<WindowEvent> {
  if (window.cancelledAt !== null) return refuse(problem('window-cancelled', { windowId: window.id }));
  if (command.approvedBy === command.actor.id) return refuse(problem('same-person', { firstBy: command.actor.id }));
  const claim: Claim = { ...command.claim, id: command.commandId, about: 'end' };
  const disorder = notOrdered({ ...window, claims: [claim, ...window.claims.filter((known) => known.about === 'start')] });
  if (disorder !== null) return refuse(disorder);
  // Without a second person the later end is one more claim: departures still stop at the earliest.
  if (command.approvedBy === null) return accept({ type: 'ClaimMade', windowId: window.id, claim });
  return accept({ type: 'WindowExtended', windowId: window.id, claim, approvedBy: command.approvedBy, reason: command.reason });
}

export interface ShortenWindow extends Step {
  readonly claim: Omit<Claim, 'id' | 'about'>;
  readonly reason: TextRef | null;
}

/** An earlier end: one person, at once. The earliest claimed end stops departures. */
export function shortenWindow(window: CeasefireWindow, command: ShortenWindow): Decision<WindowEvent> {
  const claim: Claim = { ...command.claim, id: command.commandId, about: 'end' };
  return accept({ type: 'WindowShortened', windowId: window.id, claim, reason: command.reason });
}

export interface CancelWindow extends Step {
  readonly reason: TextRef | null;
}

export function cancelWindow(window: CeasefireWindow, command: CancelWindow): Decision<WindowEvent> {
  if (window.cancelledAt !== null) return refuse(problem('already-decided', { was: 'cancelled' }));
  return accept({ type: 'WindowCancelled', windowId: window.id, reason: command.reason });
}

export interface RecordViolation extends Step {
  readonly kind: ViolationKind;
  readonly hitCorridorIds: readonly CorridorId[];
  readonly attackId: AttackId | null;
  readonly note: TextRef | null;
}

/** E5 (b): a coordinator records a violation. What each kind does to the corridors hit, and to the others of the window: `VIOLATION_EFFECTS`. */
export function recordViolation(window: CeasefireWindow, command: RecordViolation): Decision<WindowEvent> {
  const stranger = command.hitCorridorIds.find((id) => !window.corridorIds.includes(id));
  if (stranger !== undefined) return refuse(problem('window-of-other-corridor', { windowId: window.id }));
  const { kind, note, commandId } = command;
  // A party that takes back its word and names no corridor means the window, and so all of them.
  const isOfAll = VIOLATION_EFFECTS[kind] === 'broken_word' && command.hitCorridorIds.length === 0;
  const hitCorridorIds = isOfAll ? window.corridorIds : command.hitCorridorIds;
  return accept({ type: 'ViolationRecorded', windowId: window.id, violationId: commandId, kind, hitCorridorIds, attackId: null, note });
}

export interface RecordOutcome extends Step {
  readonly outcome: Outcome;
  readonly violationKind: OutcomeViolation | null;
  readonly detail: TextRef | null;
}

/** What became of it, a fact beside the state; it moves nothing. May be recorded again when more is known. */
export function recordOutcome(window: CeasefireWindow, command: RecordOutcome): Decision<WindowEvent> {
  const { outcome, violationKind, detail } = command;
  return accept({ type: 'OutcomeRecorded', windowId: window.id, outcome, violationKind, detail });
}
