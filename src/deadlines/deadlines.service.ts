import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { LoggedEvent } from '../domain/event.js';
import { msBetween, type Instant } from '../domain/instant.js';
import { Due } from '../dossiers/due.service.js';
import { Clock } from '../event-log/clock.js';
import { Tail } from '../event-log/tail.js';
import { Database } from '../platform/database.js';
import { Health } from '../platform/health.js';
import { Outage } from '../platform/outage.js';

/** One process fires: whoever holds this session lock. */
const DEADLINES_LOCK = 7002;
const LONGEST_SLEEP_MS = 1_000;
const STALLED_MS = 10_000;
const HIGH_WATER_EVERY_MS = 1_000;

/**
 * Fires what is due within a second, on one process. No timer is set for a window (a timer of 30 days fires at once, and dies with its
 * process): the database says what is due.
 */
@Injectable()
export class Deadlines implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly outage = new Outage('deadlines can’t be fired; they stay due');
  private isStopped = false;
  private leader: Client | null = null;
  private workedAtMs = performance.now();
  private movedAtMs = Number.NEGATIVE_INFINITY;
  /** The deadline that we sleep for. */
  private next: Instant | null = null;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: DataSource,
    private readonly database: Database,
    private readonly due: Due,
    private readonly tail: Tail,
    private readonly clock: Clock,
    health: Health,
  ) {
    health.register('deadlines', () => {
      const silentMs = Math.round(performance.now() - this.workedAtMs);
      return {
        isOk: silentMs < STALLED_MS,
        detail: `${this.leader === null ? 'standing by' : 'firing'}, last look ${String(silentMs)} ms ago`,
      };
    });
  }

  onApplicationBootstrap(): void {
    this.tail.subscribe((events) => {
      if (events.some((event) => this.isSooner(event))) this.wake();
    });
    this.clock.onTouched(() => {
      this.wake();
    });
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    this.wake();
    await this.running;
    await this.leader?.end().catch(() => undefined);
  }

  /** A new valid-until that is nearer than what we sleep for. */
  private isSooner({ body }: LoggedEvent): boolean {
    if (body.type !== 'CorridorStatusChanged' || body.status.validUntil === null) return false;
    return this.next === null || body.status.validUntil < this.next;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      let sleepMs = LONGEST_SLEEP_MS;
      try {
        if (await this.leads()) {
          await this.moveHighWater();
          await this.due.fire();
          sleepMs = await this.untilNext();
        }
        this.workedAtMs = performance.now();
        this.outage.isOver();
      } catch (cause) {
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- may have changed while we waited
        if (!this.isStopped) this.outage.goesOn(cause);
      }
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- may have changed while we waited
      if (!this.isStopped) await this.sleep(sleepMs);
    }
  }

  private async leads(): Promise<boolean> {
    if (this.leader !== null) return true;
    const client = this.database.listener();
    const lost = (): void => {
      if (this.leader === client) this.leader = null;
    };
    client.on('error', lost);
    client.on('end', lost);
    try {
      await client.connect();
      const { rows } = await client.query<{ isOurs: boolean }>('SELECT pg_try_advisory_lock($1) AS "isOurs"', [DEADLINES_LOCK]);
      if (rows[0]?.isOurs === true) {
        this.leader = client;
        return true;
      }
    } catch (cause) {
      await client.end().catch(() => undefined);
      throw cause;
    }
    await client.end();
    return false;
  }

  /** Log time does not step back between events either, whatever the machine's clock does. Once a second, however often we are woken. */
  private async moveHighWater(): Promise<void> {
    if (performance.now() - this.movedAtMs < HIGH_WATER_EVERY_MS) return;
    this.movedAtMs = performance.now();
    await this.source.query(
      `INSERT INTO log_high_water (at, moved_at) VALUES (log_now(), clock_timestamp())
       ON CONFLICT (is_only) DO UPDATE SET at = greatest(log_high_water.at, excluded.at), moved_at = excluded.moved_at`,
    );
  }

  /** Real milliseconds until the next deadline, at the clock's rate. */
  private async untilNext(): Promise<number> {
    const [next, { now, rate, isPaused }] = [await this.due.next(), await this.clock.state()];
    this.next = next;
    if (next === null || isPaused) return LONGEST_SLEEP_MS;
    return Math.min(LONGEST_SLEEP_MS, Math.max(5, msBetween(now, next) / rate));
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
