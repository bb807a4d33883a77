import { Injectable } from '@nestjs/common';
import { shown } from '../domain/display.js';
import type { Instant } from '../domain/instant.js';
import type { Status } from '../domain/status.js';
import { Clock } from '../event-log/clock.js';
import { Health } from '../platform/health.js';

/** How a logged status may be drawn at one moment. */
export interface Reading {
  readonly now: Instant;
  /** False: this process doubts itself, and everything usable is UNKNOWN. */
  readonly isHealthy: boolean;
  /** The notice of an exercise database; null: live. */
  readonly notice: string | null;
  readonly show: (status: Status) => Status;
}

/** The one way from a logged status to a reader who asks over HTTP: past its `validUntil`, or in doubt, everything usable is UNKNOWN. */
@Injectable()
export class ShownStatuses {
  constructor(
    private readonly clock: Clock,
    private readonly health: Health,
  ) {}

  async reading(): Promise<Reading> {
    const { now, notice } = await this.clock.state();
    const { isHealthy } = this.health.report();
    return { now, isHealthy, notice, show: (status) => shownStatus(status, now, isHealthy) };
  }
}

function shownStatus(status: Status, now: Instant, isHealthy: boolean): Status {
  const { validUntil } = status;
  return {
    ...status,
    display: shown(status, now, { isHealthy }),
    modes: status.modes.map((mode) => ({ ...mode, display: shown({ display: mode.display, validUntil }, now, { isHealthy }) })),
  };
}
