import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import type { LoggedEvent } from '../domain/event.js';
import { Database } from '../platform/database.js';
import { Health } from '../platform/health.js';
import { log } from '../platform/logging.js';
import { Tail } from './tail.js';

/**
 * Sees every event at least once and in order, from where it stood before the last restart. What it does must be idempotent by the event's
 * `seq`, and may be late: a reaction never carries a stop.
 */
export interface Follower {
  /** Names the stored cursor: a new name starts at the present end of the log. */
  readonly name: string;
  /** An error stops this follower at this event; it tries again, and the others go on. */
  follow(event: LoggedEvent): Promise<void>;
}

const PAGE = 200;
const RETRY_MS = 1000;
/** Standing still at one event for this long is an alarm. */
const STUCK_MS = 30_000;
/** Advisory locks of followers: this class, and the hash of the name. */
const FOLLOWER_LOCKS = 7003;

/** Runs followers: each on one process at a time, under an advisory lock that goes with that process's connection. */
@Injectable()
export class Followers implements BeforeApplicationShutdown {
  private readonly running = new Set<Running>();

  constructor(
    private readonly database: Database,
    private readonly tail: Tail,
    private readonly health: Health,
  ) {}

  /** Starts to follow; another process that follows under the same name takes over when this one ends. */
  start(follower: Follower): void {
    const running = new Running(follower, this.database, this.tail);
    this.running.add(running);
    this.health.register(`follower ${follower.name}`, () => ({
      isOk: running.stuckMs() < STUCK_MS,
      detail: `at ${String(running.seq ?? 'rest')}`,
    }));
    running.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.running].map((running) => running.stop()));
  }
}

class Running {
  /** The last event followed; null while another process follows. */
  seq: number | null = null;
  private failingSinceMs: number | null = null;
  private isStopped = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly follower: Follower,
    private readonly database: Database,
    private readonly tail: Tail,
  ) {}

  start(): void {
    this.unsubscribe = this.tail.subscribe(() => {
      this.wake();
    });
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.unsubscribe();
    this.wake();
    await this.loop;
  }

  stuckMs(): number {
    return this.failingSinceMs === null ? 0 : performance.now() - this.failingSinceMs;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const client = this.database.listener();
      client.on('error', () => undefined); // the next statement tells
      try {
        await client.connect();
        if (await this.takesTheLock(client)) await this.followOn(client);
      } catch (cause) {
        this.failingSinceMs ??= performance.now();
        log.error({ cause, follower: this.follower.name }, 'a follower stands still');
      } finally {
        this.seq = null;
        await client.end().catch(() => undefined); // the lock goes with the connection
      }
      await this.pause();
    }
  }

  private async takesTheLock(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ isOurs: boolean }>(`SELECT pg_try_advisory_lock($1, hashtext($2)) AS "isOurs"`, [
      FOLLOWER_LOCKS,
      this.follower.name,
    ]);
    return rows[0]?.isOurs === true;
  }

  private async followOn(client: Client): Promise<void> {
    this.seq = await this.readCursor(client);
    while (!this.isStopped) {
      const events = await this.tail.since(this.seq, PAGE);
      for (const event of events) {
        await this.follower.follow(event);
        await client.query(`UPDATE follower_cursors SET seq = $2 WHERE name = $1`, [this.follower.name, event.seq]);
        this.seq = event.seq;
        this.failingSinceMs = null;
      }
      if (events.length === 0) await this.pause();
    }
  }

  private async readCursor(client: Client): Promise<number> {
    await client.query(
      `INSERT INTO follower_cursors (name, seq) SELECT $1, coalesce(max(seq), 0) FROM events ON CONFLICT (name) DO NOTHING`,
      [this.follower.name],
    );
    const { rows } = await client.query<{ seq: number }>(`SELECT seq FROM follower_cursors WHERE name = $1`, [this.follower.name]);
    if (rows[0] === undefined) throw new Error(`the cursor of ${this.follower.name} is gone`);
    return rows[0].seq;
  }

  /** Until the tail brings something, or a moment passes. */
  private pause(): Promise<void> {
    if (this.isStopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, RETRY_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
