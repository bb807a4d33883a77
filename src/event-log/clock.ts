import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Instant } from '../domain/instant.js';

/** What a reader must know to count down by itself. */
export interface ClockState {
  readonly kind: 'live' | 'exercise';
  /** Said with everything that leaves an exercise database: `EXERCISE · HISTORY: Ukraine 2022`. */
  readonly notice: string | null;
  /** Log time. */
  readonly now: Instant;
  /** Log seconds a real second; 1 in a live database. */
  readonly rate: number;
  readonly isPaused: boolean;
  /** Real time, for a reader's own offset. */
  readonly serverNow: Instant;
  readonly waitsFor: string | null;
  /** Where somebody wishes an exercise to be; null: nowhere. */
  readonly jumpTo: Instant | null;
  /** The next record of the history that is played; the clock waits there until it is fed. */
  readonly nextEventAt: Instant | null;
}

/** The only clock of the rules, which lies in the database: `log_now()`. */
@Injectable()
export class Clock {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly database: DataSource) {}

  /** Called when somebody touched the clock of an exercise, on every process. */
  onTouched(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The tail hears it from the database. */
  touched(): void {
    for (const listener of this.listeners) listener();
  }

  async now(tx: EntityManager = this.database.manager): Promise<Instant> {
    const [row] = await tx.query<{ now: Instant }[]>(`SELECT log_now() AS now`);
    if (row === undefined) throw new Error('the database has no clock');
    return row.now;
  }

  async state(tx: EntityManager = this.database.manager): Promise<ClockState> {
    const [row] = await tx.query<ClockState[]>(
      `SELECT b.kind, b.notice, log_now() AS now, coalesce(c.rate, 1) AS rate, coalesce(c.is_paused, false) AS "isPaused",
              clock_timestamp() AS "serverNow", c.waits_for AS "waitsFor",
              c.jump_to AS "jumpTo", c.next_event_at AS "nextEventAt"
         FROM database_birth b LEFT JOIN exercise_clock c ON true`,
    );
    if (row === undefined) throw new Error('the database was not born yet');
    return row;
  }
}
