import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { log } from './logging.js';
import { Outage } from './outage.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
/** What ran so long was no crash loop: its end is waited for as shortly as the first. */
const STEADY_MS = 60_000;

/**
 * Keeps the embedded PostgreSQL running: killed, or ended by a full disk, it is started again on the same data and socket. Until then what
 * is sent is refused (503), afterwards every connection finds it again by itself; nothing that was acknowledged is lost.
 */
export class PostgresKeeper {
  private readonly stopped = new AbortController();
  private readonly watching: Promise<void>;
  private waitMs = FIRST_WAIT_MS;

  constructor(private postgres: EmbeddedPostgres) {
    this.watching = this.watch();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.postgres.stop();
    await this.watching;
  }

  private isStopped(): boolean {
    return this.stopped.signal.aborted;
  }

  private async watch(): Promise<void> {
    for (;;) {
      const startedAtMs = performance.now();
      const reason = await this.postgres.exited;
      if (this.isStopped()) return;
      if (performance.now() - startedAtMs > STEADY_MS) this.waitMs = FIRST_WAIT_MS;
      log.error({ reason }, 'PostgreSQL has ended and is started again: until then every write is refused');
      await this.revive();
    }
  }

  /** Tries until it runs, or until nobody needs it any more; told once, not at each try. */
  private async revive(): Promise<void> {
    const outage = new Outage('PostgreSQL can’t be started; this is tried again and again');
    while (!this.isStopped()) {
      await pause(this.waitMs, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      this.waitMs = Math.min(2 * this.waitMs, LONGEST_WAIT_MS);
      if (this.isStopped()) return;
      try {
        this.postgres = await this.postgres.restart();
        if (this.isStopped())
          await this.postgres.stop(); // asked for while it started
        else log.warn('PostgreSQL runs again');
        return;
      } catch (cause) {
        outage.goesOn(cause);
      }
    }
  }
}
