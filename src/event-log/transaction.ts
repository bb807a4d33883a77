import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Run } from './command.js';
import { LOG_LOCK } from './log-lock.js';

/**
 * One batch's transaction. The connection is pipelined: statements that don't need each other's rows are sent together and run one after
 * another, in the order in which they are asked, so that a batch costs a few round trips, however many statements it has.
 */
export class Transaction {
  private isCommitting = false;
  private failure: Error | null = null;
  private isGathering = false;

  constructor(private readonly client: PoolClient) {}

  /** The lock is taken before any read and is a statement of its own: the reads after it see everything that was committed before us. */
  async begin(): Promise<void> {
    this.gather();
    await this.client.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(LOG_LOCK)})`);
  }

  /** Each statement is one of few texts: PostgreSQL parses and plans it once a connection. */
  readonly run: Run = async <Row extends object>(sql: string, values: readonly unknown[]) => {
    if (this.isCommitting) throw new Error('a statement after the commit would stand outside the transaction');
    this.gather();
    try {
      return (await this.client.query<Row>({ name: nameOf(sql), text: sql, values: values as unknown[] })).rows;
    } catch (error) {
      throw this.firstOf(error as Error);
    }
  };

  /** Asked to commit after a failed statement, PostgreSQL rolls back without an error: that is no commit. */
  async commit(): Promise<void> {
    this.isCommitting = true;
    this.gather();
    const { command } = await this.client.query('COMMIT');
    if (command !== 'COMMIT') throw this.firstOf(new Error('the batch was rolled back'));
  }

  /** Given up before its commit was asked for: rolled back. After it there is nothing to take back, and another may have begun behind it. */
  async abandon(): Promise<void> {
    if (!this.isCommitting) await this.client.query('ROLLBACK');
  }

  /** What was asked so far leaves now, and not when the caller pauses. */
  send(): void {
    if (!this.isGathering) return;
    this.isGathering = false;
    this.client.connection.stream.uncork();
  }

  /** Statements that are asked in one go leave in one packet: one write for us, one awakening for PostgreSQL. */
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    this.client.connection.stream.cork();
    process.nextTick(() => {
      this.send();
    });
  }

  /** After one statement has failed, those behind it fail because of it: the first failure is the one to tell. */
  private firstOf(failure: Error): Error {
    this.failure ??= failure;
    return this.failure;
  }
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
    names.set(sql, name);
  }
  return name;
}
