import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { LoggedEvent } from '../domain/event.js';
import { Database } from '../platform/database.js';
import { Health } from '../platform/health.js';
import { log } from '../platform/logging.js';
import { Outage } from '../platform/outage.js';
import { Clock } from './clock.js';
import { EVENT_COLUMNS, toLoggedEvent, type EventRow } from './event-rows.js';

/** A second of silence is bridged by the poll: NOTIFY only wakes. */
const POLL_MS = 1000;
const PAGE = 500;
const RING = 5000;
const RECONNECT_MS = 500;
/** With no successful read for this long, this process must not be asked. */
const STALLED_MS = 5000;

const AFTER = `SELECT ${EVENT_COLUMNS} FROM events WHERE seq > $1 ORDER BY seq LIMIT $2`;
/** A link that died without a word never answers. */
const ANSWER_MS = 2000;
/** Planned once a connection. */
const READ = { name: 'events-after', text: AFTER, query_timeout: ANSWER_MS };
/** By the key, always: a plan made while the log was short would read all of it for ever. */
const LISTEN = `SET application_name = 'tail'; SET enable_seqscan = off; SET enable_bitmapscan = off; LISTEN events; LISTEN clock`;

type Listener = (events: readonly LoggedEvent[]) => void;

/**
 * One tail per process: reads the log in order, keeps the newest events in a bounded ring, and hands each batch to its listeners.
 * Every process tails the log by itself, so that several need nothing between them.
 */
@Injectable()
export class Tail implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners = new Set<Listener>();
  private readonly outage = new Outage('the tail can’t read the log');
  private ring: LoggedEvent[] = [];
  private newest = 0;
  private readAtMs = performance.now();
  private reading: Promise<void> | null = null;
  private isAskedAgain = false;
  private poll: NodeJS.Timeout | undefined;
  /** The connection that listens, or is being opened to. */
  private listener: Client | null = null;
  private isListening = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly source: DataSource,
    private readonly clock: Clock,
    health: Health,
  ) {
    health.register('tail', () => ({
      isOk: this.silentMs() < STALLED_MS,
      detail: `last read ${String(Math.round(this.silentMs()))} ms ago`,
    }));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.newest = await this.head();
    this.readAtMs = performance.now();
    this.poll = setInterval(() => {
      this.wake();
    }, POLL_MS);
    void this.listen();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    await this.reading;
    await this.listener?.end().catch(() => undefined);
  }

  /** The place up to which everything has been handed to the listeners. */
  get seq(): number {
    return this.newest;
  }

  /** Milliseconds since the log was last read to its end. */
  silentMs(): number {
    return performance.now() - this.readAtMs;
  }

  /** Called with each batch, in order, each event once. A listener that throws is logged, and the others still hear. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Events after `seq`, at most `limit`, from the ring where it reaches back that far, else from the log. */
  async since(seq: number, limit: number, tx: EntityManager = this.source.manager): Promise<readonly LoggedEvent[]> {
    const oldest = this.ring[0]?.seq ?? Number.POSITIVE_INFINITY;
    if (oldest <= seq + 1) {
      const from = this.ring.findIndex((event) => event.seq > seq);
      return from === -1 ? [] : this.ring.slice(from, from + limit);
    }
    return (await tx.query<EventRow[]>(AFTER, [seq, limit])).map(toLoggedEvent);
  }

  async head(tx: EntityManager = this.source.manager): Promise<number> {
    const [row] = await tx.query<{ seq: number | null }[]>(`SELECT max(seq) AS seq FROM events`);
    return row?.seq ?? 0;
  }

  /**
   * What this process has just committed, as its rows stand in the log: told at once when nothing is missing before it, and not read again.
   * Otherwise it is passed over, and the read that the commit wakes comes upon it in its place.
   */
  committed(rows: readonly EventRow[]): void {
    if (this.isStopped || rows[0]?.seq !== this.newest + 1) return;
    this.take(rows);
  }

  /** Reads what is new; while a read runs, once more after it. */
  wake(): void {
    if (this.isStopped) return;
    if (this.reading !== null) {
      this.isAskedAgain = true;
      return;
    }
    this.reading = this.read()
      .catch((cause: unknown) => {
        this.outage.goesOn(cause);
      })
      .finally(() => {
        this.reading = null;
        if (!this.isAskedAgain) return;
        this.isAskedAgain = false;
        this.wake();
      });
  }

  private async read(): Promise<void> {
    for (;;) {
      const rows = await this.rowsAfter(this.newest);
      this.readAtMs = performance.now();
      this.outage.isOver();
      this.take(rows.filter(({ seq }) => seq > this.newest)); // some may have been told while they were read
      if (rows.length < PAGE) return;
    }
  }

  private take(rows: readonly EventRow[]): void {
    const events = rows.map(toLoggedEvent);
    this.newest = events.at(-1)?.seq ?? this.newest;
    this.ring = [...this.ring, ...events].slice(-RING);
    if (events.length > 0) this.tell(events);
  }

  /** On the connection that listens, while there is one: it waits for no pool, and the poll finds out when it died. */
  private async rowsAfter(seq: number): Promise<readonly EventRow[]> {
    const values = [seq, PAGE];
    const { listener } = this;
    if (listener !== null && this.isListening) {
      try {
        return (await listener.query<EventRow>({ ...READ, values })).rows;
      } catch {
        this.lost(listener);
      }
    }
    return inTime(this.source.query<EventRow[]>(AFTER, values)); // those of the pool may have died with it
  }

  private tell(events: readonly LoggedEvent[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events);
      } catch (cause) {
        log.error({ cause }, 'a listener of the log failed');
      }
    }
  }

  /** A connection of its own; when it breaks, a new one, and the poll covers the time between. */
  private async listen(): Promise<void> {
    if (this.isStopped) return;
    const client = this.database.listener();
    const lost = (): void => {
      this.lost(client);
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel, payload }) => {
      if (channel === 'clock') this.clock.touched();
      else if (!(Number(payload) <= this.newest)) this.wake(); // the payload is the newest `seq` of the commit
    });
    this.listener = client;
    try {
      await client.connect();
      await client.query(LISTEN);
      this.isListening = this.listener === client;
      this.wake();
    } catch {
      lost();
    }
  }

  private lost(client: Client): void {
    if (this.listener !== client) return;
    this.listener = null;
    this.isListening = false;
    void client.end().catch(() => undefined);
    if (!this.isStopped) setTimeout(() => void this.listen(), RECONNECT_MS).unref();
  }
}

/** @throws Error when there is no answer within `ANSWER_MS`: the next turn asks on another connection */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const answered = new AbortController();
  const late = pause(ANSWER_MS, undefined, { signal: answered.signal }).then(() => {
    throw new Error('timeout expired: the database does not answer');
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}
