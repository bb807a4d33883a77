import { log } from './logging.js';

/** A trouble that lasts is told when it begins and when it is over, not at each try. */
export class Outage {
  private sinceMs: number | null = null;

  /** @param what goes wrong, as a sentence for the operator */
  constructor(private readonly what: string) {}

  goesOn(cause: unknown): void {
    if (this.sinceMs === null) log.warn({ cause }, this.what);
    this.sinceMs ??= performance.now();
  }

  isOver(): void {
    if (this.sinceMs === null) return;
    log.warn({ seconds: Math.round((performance.now() - this.sinceMs) / 1000) }, `over: ${this.what}`);
    this.sinceMs = null;
  }
}
