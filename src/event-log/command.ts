import type { Attack } from '../domain/attack.js';
import type { Corridor } from '../domain/corridor.js';
import type { Decision } from '../domain/decision.js';
import type { Dossier } from '../domain/dossier.js';
import type { DomainEvent, Recorded } from '../domain/event.js';
import type { Box } from '../domain/geometry.js';
import type { AttackId, CommandId, CorridorId, PersonId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import type { Problem } from '../domain/problem.js';
import type { Status } from '../domain/status.js';
import type { CeasefireWindow } from '../domain/window.js';
import type { TextDraft } from './texts.js';

/** What must be loaded for a command to be decided. Unknown ids are simply absent from the world. */
export interface Touches {
  readonly corridors?: readonly CorridorId[];
  readonly windows?: readonly WindowId[];
  readonly attacks?: readonly AttackId[];
  /** Corridors are found by place after the lock, so that one declared a moment ago is found, too. */
  readonly boxes?: readonly Box[];
  /**
   * May force something on the other corridors of every window that a loaded corridor's attempt uses (attacks, violations): they are
   * loaded, too, and the command gets a batch of its own. Boxes load them as well.
   */
  readonly isWide?: boolean;
  /** Corridors to be decided again although no fact touches them: what falls due. */
  readonly due?: readonly CorridorId[];
  /** People on whose rights the decision rests besides the sender: whether they may still, asked inside the batch. */
  readonly people?: readonly PersonId[];
  /** Ids that the command would create: taken ones are refused before the rule is asked. */
  readonly creates?: readonly string[];
}

/** What a rule may ask while it decides; it sees what the commands before it in the batch have changed. */
export interface World {
  corridor(id: CorridorId): Corridor | null;
  window(id: WindowId): CeasefireWindow | null;
  attack(id: AttackId): Attack | null;
  dossier(id: CorridorId): Dossier | null;
  /** All that were loaded. */
  corridors(): readonly Corridor[];
  /** One of those that `touches.people` named, if still active; their rights stay what they are until the batch is over. */
  person(id: PersonId): Actor | null;
  /** The last logged status; during `answer` the one decided at the end of the batch. */
  status(id: CorridorId): Status | null;
}

/** One decision to be made, whoever asks: a person through a route, time, or a reaction. */
export interface Command<Answer> {
  /** Null: time or a rule of the system. */
  readonly actorId: PersonId | null;
  readonly commandId: CommandId;
  /** Urgent: stops, attacks, withdrawn consent. They have their own queue and their own connections. */
  readonly lane: 'urgent' | 'normal';
  /** Digest of method, path and validated body: what makes a repeat the same command. Null: not repeatable from outside. */
  readonly digest: string | null;
  readonly touches: Touches;
  readonly texts?: readonly TextDraft[];
  readonly decide: (world: World, now: Instant) => Decision;
  /** Made after the whole batch is decided, before it is flushed. */
  readonly answer: (world: World, events: readonly Recorded[], now: Instant) => Answer;
}

/** What the sender gets, at once or again. */
export interface Receipt<Answer> {
  readonly body: Answer;
  readonly isRepeat: boolean;
}

/** A recorded fact with what the log needs to know about it. */
export interface Draft {
  readonly recorded: Recorded;
  readonly organisationId: string;
  readonly corridorIds: readonly CorridorId[];
  readonly commandId: CommandId | null;
}

/**
 * The state that one batch works on. The log knows nothing of corridors: `dossiers/` loads them, applies the facts, and flushes rows.
 */
export interface WorkingSet extends World {
  /** Whether an id among `creates` exists, from before the batch or from earlier in it. */
  isTaken(id: string): boolean;
  /** Why the facts of a command, though its rule accepts them, are not one person's to cause; null: they are. */
  refusalOf(events: readonly DomainEvent[], actorId: PersonId | null, now: Instant): Problem | null;
  /** Gives the facts of one accepted command their versions, applies them and everything they force; answers all of them in order. */
  apply(
    events: readonly DomainEvent[],
    by: { readonly actorId: PersonId | null; readonly commandId: CommandId },
    now: Instant,
  ): readonly Draft[];
  /** What time had caused before the batch and nobody has written yet: a command late by any worker's fault meets what readers were shown. */
  catchUp(now: Instant): readonly Draft[];
  /** What time causes on every corridor touched so far, and their statuses where they changed. */
  settle(now: Instant): readonly Draft[];
  /** Rows of every entity that changed since the last flush, two statements a table at most. The events of the changes were appended before. */
  flush(run: Run): Promise<void>;
  /** Told after the commit, and only then: the states are those after the event with this hash. */
  committed(hash: Buffer): void;
}

/** One statement on the batch's connection. */
export type Run = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** The end of the log as a batch finds it under the lock. */
export interface Head {
  /** Log time of the batch. */
  readonly now: Instant;
  readonly seq: number;
  readonly hash: Buffer;
}

/** Made by `dossiers/`: a fixed number of statements for any number of corridors. */
export abstract class WorkingSets {
  /**
   * Asks at once for what does not depend on the head of the log, behind the statements that were asked before.
   *
   * @returns what loads the rest, to be called with the head
   */
  abstract load(run: Run, touches: readonly Touches[]): Promise<(head: Head) => Promise<WorkingSet>>;
}
