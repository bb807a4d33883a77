import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { canonicalJson } from '../domain/canonical-json.js';
import { entityOf, type Recorded } from '../domain/event.js';
import type { OrganisationId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { problem, ProblemError } from '../domain/problem.js';
import { Database } from '../platform/database.js';
import { log } from '../platform/logging.js';
import { isDatabaseTrouble } from '../platform/problem.filter.js';
import { WorkingSets, type Command, type Draft, type Head, type Receipt, type Run, type WorkingSet } from './command.js';
import { FIRST_HASH, hashOf, toAppended, type ChainedRow, type DraftRow } from './event-rows.js';
import { Tail } from './tail.js';
import { Transaction } from './transaction.js';

/** A batch is bounded by count, by what it touches and by time, so that a stop never waits behind a long one. */
export const MOST_COMMANDS = 128;
const LONGEST_DECIDING_MS = 50;
const URGENT_TRIES = 2;
/** A committed batch is answered when the next one is on its way to PostgreSQL, and so long after its commit at the latest. */
const LATEST_ANSWER_MS = 10;
/** In batches of fewer commands, two statements more cost PostgreSQL more than it gains by beginning before the statuses are computed. */
const WORTH_SENDING_AHEAD = 8;

interface Waiting {
  readonly command: Command<unknown>;
  readonly settle: (receipt: Receipt<unknown>) => void;
  readonly fail: (reason: unknown) => void;
}

/** `id-taken`: a unique key of a table is somebody else's. Which one, for callers that drew it by themselves and can draw again. */
export class KeyTaken extends ProblemError {
  constructor(readonly constraint: string) {
    super(problem('id-taken', { field: constraint.includes('external_id') ? 'externalId' : 'commandId' }));
  }
}

/** What became of one command in a batch, told only after the commit. */
type Outcome = { readonly receipt: Receipt<unknown> } | { readonly refusal: ProblemError };

/**
 * The only write path of folded tables: group commit (README.md of this room). Two lanes, each a loop with its own connection; the log's
 * lock orders them, and every process, in one line.
 */
@Injectable()
export class Writer implements BeforeApplicationShutdown {
  private readonly lanes: Readonly<Record<Command<unknown>['lane'], Lane>>;
  private isClosing = false;

  constructor(database: Database, sets: WorkingSets, tail: Tail) {
    this.lanes = { urgent: new Lane(database.urgent, sets, tail, URGENT_TRIES), normal: new Lane(database.writer, sets, tail, 1) };
  }

  /**
   * Decides and writes one command. Resolves when it is on disk; a repeat resolves with the first answer.
   *
   * @throws ProblemError the rule's refusal; `command-id-reused`; `id-taken` (`KeyTaken` when a table refused it); `database-unavailable` when nothing was written
   */
  write<Answer>(command: Command<Answer>): Promise<Receipt<Answer>> {
    if (this.isClosing) return Promise.reject(new ProblemError(problem('not-ready', {})));
    return this.lanes[command.lane].add(command) as Promise<Receipt<Answer>>;
  }

  /** How many commands wait, for metrics and back-pressure. */
  get waiting(): number {
    return this.lanes.urgent.length + this.lanes.normal.length;
  }

  /** Everything accepted so far is written before the connections close. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    await Promise.all([this.lanes.urgent.idle(), this.lanes.normal.idle()]);
  }
}

/** A batch whose transaction was asked for: `BEGIN`, the lock, and all that it must read. */
interface Begun {
  readonly batch: readonly Waiting[];
  readonly connection: PoolClient;
  readonly transaction: Transaction;
  readonly reading: Promise<Read>;
  /** Answers the batch before, which waits until this one is on its way. */
  readonly answerBefore: () => void;
}

class Lane {
  private queue: Waiting[] = [];
  private running: Promise<void> = Promise.resolve();
  private isRunning = false;

  constructor(
    private readonly pool: Pool,
    private readonly sets: WorkingSets,
    private readonly tail: Tail,
    private readonly tries: number,
  ) {}

  get length(): number {
    return this.queue.length;
  }

  add(command: Command<unknown>): Promise<Receipt<unknown>> {
    return new Promise((settle, fail) => {
      this.queue.push({ command, settle, fail });
      if (!this.isRunning) this.running = this.run();
    });
  }

  async idle(): Promise<void> {
    while (this.isRunning) await this.running;
  }

  /** Lowers its flag in the very step that finds the queue empty: a command that comes a moment later starts a loop of its own. */
  private async run(): Promise<void> {
    this.isRunning = true;
    await Promise.resolve(); // the commands of one tick share a batch
    let next: Begun | null = null;
    while (next !== null || this.queue.length > 0) {
      next = next === null ? await this.write(this.take(), this.tries, true) : await this.writeBegun(next, this.tries, true);
    }
    this.isRunning = false;
  }

  /** A command that may touch very many corridors goes alone. */
  private take(): readonly Waiting[] {
    const wide = this.queue.slice(0, MOST_COMMANDS).findIndex(({ command }) => command.touches.isWide === true);
    return this.queue.splice(0, wide === -1 ? MOST_COMMANDS : Math.max(1, wide));
  }

  private async write(batch: readonly Waiting[], triesLeft: number, mayOverlap: boolean): Promise<Begun | null> {
    let connection: PoolClient;
    try {
      connection = await this.pool.connect();
    } catch (error) {
      await this.failed(batch, error, triesLeft);
      return null;
    }
    return this.writeBegun(this.begin(batch, connection, nothing), triesLeft, mayOverlap);
  }

  private begin(batch: readonly Waiting[], connection: PoolClient, answerBefore: () => void): Begun {
    const transaction = new Transaction(connection);
    const commands = batch.map(({ command }) => command);
    const reading = read(transaction, this.sets, commands);
    reading.catch(nothing); // told to who waits for it, which is after the commit of the batch before
    return { batch, connection, transaction, reading, answerBefore };
  }

  /** @returns the next batch, when it was begun behind the commit of this one */
  private async writeBegun(begun: Begun, triesLeft: number, mayOverlap: boolean): Promise<Begun | null> {
    const { connection } = begun;
    let { batch } = begun;
    let next: Begun | null = null;
    try {
      const { outcomes, flushing, committing } = await decideAndFlush(begun).finally(() => {
        setImmediate(begun.answerBefore); // when the statements have left: PostgreSQL works while we answer
      });
      this.queue.unshift(...batch.slice(outcomes.length)); // there was no time left for these
      batch = batch.slice(0, outcomes.length);
      let late: NodeJS.Timeout | undefined;
      const answer = (): void => {
        clearTimeout(late);
        batch.forEach((waiting, index) => {
          tell(waiting, outcomes[index]);
        });
      };
      const isFlushed = await flushing;
      if (isFlushed && mayOverlap && this.queue.length > 0) next = this.begin(this.take(), connection, answer);
      this.tail.committed(await committing);
      if (next === null) {
        connection.release();
        answer();
      } else late = setTimeout(answer, LATEST_ANSWER_MS);
      return next;
    } catch (error) {
      // What was begun behind a batch that failed was begun for nothing: its commands wait until these are dealt with.
      if (next !== null) this.queue.unshift(...next.batch);
      const broken = isDatabaseTrouble(error) ? (error as Error) : undefined;
      connection.release(
        await (next ?? begun).transaction.abandon().then(
          () => broken,
          (cause: unknown) => cause as Error,
        ),
      );
      await this.failed(batch, error, triesLeft);
      return null;
    }
  }

  private async failed(batch: readonly Waiting[], error: unknown, triesLeft: number): Promise<void> {
    if (isDatabaseTrouble(error)) {
      if (triesLeft > 1) await this.write(batch, triesLeft - 1, false);
      else for (const { fail } of batch) fail(new ProblemError(problem('database-unavailable', { retryAfterSeconds: 1 })));
      return;
    }
    if (batch.length === 1) {
      batch[0]?.fail(keyTaken(error) ?? error);
      return;
    }
    // One poisoned command must not sink its neighbours: each on its own.
    log.warn({ commands: batch.length, cause: error }, 'a batch failed to flush; its commands are written one by one');
    for (const waiting of batch) await this.write([waiting], triesLeft, false);
  }
}

function nothing(): void {
  // There is nobody to answer, and nothing to do.
}

/** The second time nobody listens. */
function tell({ settle, fail }: Waiting, outcome: Outcome | undefined): void {
  if (outcome === undefined) return;
  if ('refusal' in outcome) fail(outcome.refusal);
  else settle(outcome.receipt);
}

const UNIQUE_VIOLATION = '23505';

function keyTaken(error: unknown): KeyTaken | null {
  if (!(error instanceof Error)) return null;
  const { code, constraint } = error as Error & { readonly code?: unknown; readonly constraint?: unknown };
  return code === UNIQUE_VIOLATION && typeof constraint === 'string' ? new KeyTaken(constraint) : null;
}

// ── One batch ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a batch found: the log's end, what was done before, and the states that it touches. */
interface Read {
  readonly head: Head;
  readonly done: ReadonlyMap<string, Operation>;
  readonly set: WorkingSet;
}

async function read(transaction: Transaction, sets: WorkingSets, commands: readonly Command<unknown>[]): Promise<Read> {
  const { run } = transaction;
  const [, head, done, set] = await Promise.all([
    transaction.begin(),
    readHead(run),
    readOperations(run, commands),
    sets.load(
      run,
      commands.map((command) => command.touches),
    ),
  ]);
  return { head, done, set: await set(head) };
}

/** A batch whose statements are all sent. */
interface Sent {
  /** For each of the first commands: for as many as there was time for, at least one. To be told after the commit. */
  readonly outcomes: readonly Outcome[];
  /** Everything is written, and only the commit is waited for; false: something failed, and the commit will say what. */
  readonly flushing: Promise<boolean>;
  /** Resolves with the rows that the log has now. */
  readonly committing: Promise<readonly ChainedRow[]>;
}

async function decideAndFlush({ batch, transaction, reading }: Begun): Promise<Sent> {
  const { head, done, set } = await reading;
  const overdue = set.catchUp(head.now);
  const accepted = new Map<string, Command<unknown>>();
  const decided: Decided[] = [];
  const until = performance.now() + LONGEST_DECIDING_MS;
  for (const { command } of batch) {
    if (decided.length > 0 && performance.now() > until) break;
    decided.push(decide(set, command, { done, accepted }, head.now));
  }
  const { run } = transaction;
  const facts = [...overdue, ...decided.flatMap((one) => ('drafts' in one ? one.drafts : []))];
  const isSentAhead = decided.length >= WORTH_SENDING_AHEAD;
  const ahead = write(run, set, head, isSentAhead ? facts : []);
  transaction.send(); // PostgreSQL writes what was decided while the statuses that follow from it are computed
  const rest = write(run, set, ahead.head, [...(isSentAhead ? [] : facts), ...set.settle(head.now)]);
  const outcomes = answer(set, decided, head.now);
  const rows = [...ahead.rows, ...rest.rows];
  const flushing = Promise.all([ahead.written, rest.written, keepOperations(run, decided, outcomes), keepTexts(run, decided)]);
  const committing = Promise.all([flushing, transaction.commit()]).then(() => {
    set.committed(rest.head.hash);
    return rows;
  });
  committing.catch(nothing); // told to who waits for it, a moment later
  return {
    outcomes,
    flushing: flushing.then(
      () => true,
      () => false,
    ),
    committing,
  };
}

async function readHead(run: Run): Promise<Head> {
  const [row] = await run<{ now: Instant; seq: number | null; hash: Buffer | null }>(
    `SELECT greatest(log_now(), last.recorded_at)::timestamptz(3) AS now, last.seq, last.hash
       FROM (SELECT 1) AS one LEFT JOIN LATERAL (SELECT seq, recorded_at, hash FROM events ORDER BY seq DESC LIMIT 1) AS last ON true`,
    [],
  );
  if (row === undefined) throw new Error('the log has no head');
  return { now: row.now, seq: row.seq ?? 0, hash: row.hash ?? FIRST_HASH };
}

// ── Operations: the same command is done once ────────────────────────────────────────────────────────────────────────────────

interface Operation {
  readonly digest: string;
  readonly body: unknown;
}

function keyOf({ actorId, commandId }: Command<unknown>): string {
  return `${actorId ?? ''} ${commandId}`;
}

/** By its key, one after another: a plan made while the table was small would read the whole table for ever. */
async function readOperations(run: Run, commands: readonly Command<unknown>[]): Promise<ReadonlyMap<string, Operation>> {
  const repeatable = commands.filter((command) => command.digest !== null && command.actorId !== null);
  if (repeatable.length === 0) return new Map();
  const rows = await run<Operation & { actorId: string; commandId: string }>(
    `SELECT o.actor_id AS "actorId", o.command_id AS "commandId", o.digest, o.body
       FROM unnest($1::uuid[], $2::uuid[]) AS asked (actor_id, command_id)
      CROSS JOIN LATERAL (SELECT * FROM operations WHERE (actor_id, command_id) = (asked.actor_id, asked.command_id) LIMIT 1) AS o`,
    [repeatable.map((command) => command.actorId), repeatable.map((command) => command.commandId)],
  );
  return new Map(rows.map(({ actorId, commandId, digest, body }) => [`${actorId} ${commandId}`, { digest, body }]));
}

interface Accepted {
  readonly command: Command<unknown>;
  readonly drafts: readonly Draft[];
}
type Decided = Accepted | { readonly refusal: ProblemError } | { readonly repeats: Command<unknown> } | { readonly stored: Operation };

/** One command after another, in memory: each sees what the ones before it changed, and a refusal leaves everything as it was. */
function decide(
  set: WorkingSet,
  command: Command<unknown>,
  { done, accepted }: { readonly done: ReadonlyMap<string, Operation>; readonly accepted: Map<string, Command<unknown>> },
  now: Instant,
): Decided {
  const stored = done.get(keyOf(command));
  if (stored !== undefined) {
    return stored.digest === command.digest ? { stored } : { refusal: new ProblemError(problem('command-id-reused', {})) };
  }
  const earlier = command.digest === null ? undefined : accepted.get(keyOf(command));
  if (earlier !== undefined) {
    return earlier.digest === command.digest ? { repeats: earlier } : { refusal: new ProblemError(problem('command-id-reused', {})) };
  }
  if (command.touches.creates?.some((id) => set.isTaken(id)) === true) {
    return { refusal: new ProblemError(problem('id-taken', { field: 'commandId' })) };
  }
  let decision;
  try {
    decision = command.decide(set, now);
  } catch (error) {
    if (error instanceof ProblemError) return { refusal: error };
    throw error;
  }
  if (decision.kind === 'refused') return { refusal: new ProblemError(decision.problem) };
  const refusal = set.refusalOf(decision.events, command.actorId, now);
  if (refusal !== null) return { refusal: new ProblemError(refusal) };
  accepted.set(keyOf(command), command);
  const { actorId, commandId } = command;
  return { command, drafts: set.apply(decision.events, { actorId, commandId }, now) };
}

function answer(set: WorkingSet, decided: readonly Decided[], now: Instant): readonly Outcome[] {
  const bodies = new Map<Command<unknown>, unknown>();
  return decided.map((one): Outcome => {
    if ('refusal' in one) return one;
    if ('stored' in one) return { receipt: { body: one.stored.body, isRepeat: true } };
    if ('repeats' in one) return { receipt: { body: bodies.get(one.repeats), isRepeat: true } };
    const events: readonly Recorded[] = one.drafts.map((draft) => draft.recorded);
    const body = one.command.answer(set, events, now);
    bodies.set(one.command, body);
    return { receipt: { body, isRepeat: false } };
  });
}

async function keepOperations(run: Run, decided: readonly Decided[], answered: readonly Outcome[]): Promise<void> {
  const kept = decided.flatMap((one, index) => {
    const outcome = answered[index];
    if (!('command' in one) || outcome === undefined || 'refusal' in outcome) return [];
    const { actorId, commandId, digest } = one.command;
    return actorId === null || digest === null ? [] : [{ actor_id: actorId, command_id: commandId, digest, body: outcome.receipt.body }];
  });
  if (kept.length === 0) return;
  await run(
    `INSERT INTO operations (actor_id, command_id, digest, body)
     SELECT * FROM json_to_recordset($1::json) AS o (actor_id uuid, command_id uuid, digest text, body json)`,
    [JSON.stringify(kept)],
  );
}

async function keepTexts(run: Run, decided: readonly Decided[]): Promise<void> {
  const texts = decided.flatMap((one) => ('command' in one ? (one.command.texts ?? []) : []));
  if (texts.length === 0) return;
  await run(`INSERT INTO erasable_texts (id, subject_id, sealed) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[])`, [
    texts.map((text) => text.textId),
    texts.map((text) => text.subjectId),
    texts.map((text) => text.sealed),
  ]);
}

// ── The log ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The rows of the log, each chained to the one before. */
function chained(head: Head, drafts: readonly Draft[]): readonly ChainedRow[] {
  let hash = head.hash;
  return drafts.map(({ recorded, organisationId, corridorIds, commandId }, index) => {
    const { entity, entityId } = entityOf(recorded.body);
    const row: DraftRow = {
      seq: head.seq + index + 1,
      recordedAt: recorded.recordedAt,
      type: recorded.body.type,
      entity,
      entityId,
      version: recorded.version,
      organisationId: organisationId as OrganisationId,
      corridorIds,
      actorId: recorded.actorId,
      commandId,
      body: canonicalJson(recorded.body),
    };
    hash = hashOf(hash, row);
    return { ...row, hash };
  });
}

interface Written {
  readonly rows: readonly ChainedRow[];
  /** The end of the log behind them. */
  readonly head: Head;
  readonly written: Promise<unknown>;
}

/** Facts into the log, and the rows that they changed. */
function write(run: Run, set: WorkingSet, head: Head, drafts: readonly Draft[]): Written {
  const rows = chained(head, drafts);
  const last = rows.at(-1);
  if (last === undefined) return { rows, head, written: Promise.resolve() };
  const written = Promise.all([append(run, rows), set.flush(run)]);
  written.catch(nothing); // told by the commit, which is asked for a moment later
  return { rows, head: { ...head, seq: last.seq, hash: last.hash }, written };
}

async function append(run: Run, rows: readonly ChainedRow[]): Promise<void> {
  await run(`SELECT append_events($1::json, $2)`, toAppended(rows));
}
