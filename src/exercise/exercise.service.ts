import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseInstant, type Instant } from '../domain/instant.js';
import { problem, ProblemError } from '../domain/problem.js';
import { Due } from '../dossiers/due.service.js';
import { Clock, type ClockState } from '../event-log/clock.js';

/** A step that passes more deadlines than this answers where it stands and is asked again. */
const MOST_STOPS = 400;
/** Real time that a stop at a deadline may take. */
const LONGEST_STOP = '10 seconds';

/**
 * The clock of an exercise database: it serves everything that the rules see and nothing else. It only goes forward, and never past a
 * deadline or a record of the history without stopping there, so that each fact is logged at its own time. A live clock can't be touched.
 */
@Injectable()
export class Exercise {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly due: Due,
  ) {}

  state(): Promise<ClockState> {
    return this.clock.state();
  }

  async pause(waitsFor: string): Promise<ClockState> {
    return this.touch(`log_at = log_now(), anchored_at = clock_timestamp(), is_paused = true, waits_for = $1`, [waitsFor]);
  }

  async resume(): Promise<ClockState> {
    return this.touch(`log_at = log_now(), anchored_at = clock_timestamp(), is_paused = false, waits_for = NULL, jump_to = NULL`, []);
  }

  async setRate(rate: number): Promise<ClockState> {
    return this.touch(`log_at = log_now(), anchored_at = clock_timestamp(), rate = $1`, [rate]);
  }

  /** A wish: whoever plays the history steps there; without a player the server does it at once. */
  async jump(to: string): Promise<ClockState> {
    const { nextEventAt, now } = await this.exerciseState();
    const target = to === 'next_event' ? nextEventAt : parseInstant(to);
    if (target === null || target < now) throw new ProblemError(problem('clock-goes-forward', { now }));
    if (nextEventAt === null) return this.step(target);
    return this.touch(`jump_to = $1`, [target]);
  }

  /** The next record of the history: the clock waits there until it is fed and the next one is named. */
  async setNextEvent(at: string | null): Promise<ClockState> {
    const next = at === null ? null : parseInstant(at);
    return this.touch(`log_at = log_now(), anchored_at = clock_timestamp(), next_event_at = $1`, [next]);
  }

  /**
   * Goes to an instant, deadline by deadline, each fired at its own time. The clock runs or stands as it did before.
   *
   * @returns the clock; `now` before `to` when there were too many stops for one call: ask again
   */
  async step(to: string): Promise<ClockState> {
    const target = parseInstant(to);
    const { now, nextEventAt } = await this.exerciseState();
    if (target === null || target < now || (nextEventAt !== null && target > nextEventAt)) {
      throw new ProblemError(problem('clock-goes-forward', { now }));
    }
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      const due = await this.due.next();
      const stop: Instant = due !== null && due < target ? due : target;
      await this.standAt(stop);
      await this.due.fire();
      if (stop === target) return this.touch(`anchored_at = clock_timestamp(), jump_to = nullif(jump_to, $1)`, [target]);
    }
    return this.touch(`anchored_at = clock_timestamp()`, []);
  }

  /** An anchor ahead: until then the clock stands, and should this process die, it runs on by itself. */
  private async standAt(at: Instant): Promise<void> {
    await this.database.query(
      `UPDATE exercise_clock SET log_at = greatest(log_now(), $1), anchored_at = clock_timestamp() + $2::interval`,
      [at, LONGEST_STOP],
    );
  }

  private async exerciseState(): Promise<ClockState> {
    const state = await this.clock.state();
    if (state.kind === 'live') throw new ProblemError(problem('clock-is-live', {}));
    return state;
  }

  private async touch(set: string, values: readonly unknown[]): Promise<ClockState> {
    await this.exerciseState();
    await this.database.query(`UPDATE exercise_clock SET ${set}`, [...values]);
    await this.database.query(`SELECT pg_notify('clock', '')`);
    return this.clock.state();
  }
}
