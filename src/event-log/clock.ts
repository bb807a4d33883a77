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
}

/** The only clock of the rules, which lies in the database: `log_now()`. */
@Injectable()
export class Clock {
  constructor(private readonly database: DataSource) {}

  async now(tx: EntityManager = this.database.manager): Promise<Instant> {
    const [row] = await tx.query<{ now: Instant }[]>(`SELECT log_now() AS now`);
    if (row === undefined) throw new Error('the database has no clock');
    return row.now;
  }

  async state(tx: EntityManager = this.database.manager): Promise<ClockState> {
    const [row] = await tx.query<ClockState[]>(
      `SELECT b.kind, b.notice, log_now() AS now, coalesce(c.rate, 1) AS rate, coalesce(c.is_paused, false) AS "isPaused",
              clock_timestamp() AS "serverNow", c.waits_for AS "waitsFor"
         FROM database_birth b LEFT JOIN exercise_clock c ON true`,
    );
    if (row === undefined) throw new Error('the database was not born yet');
    return row;
  }
}
