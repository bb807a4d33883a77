import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, type ClockState } from '../event-log/clock.js';
import { Tail } from '../event-log/tail.js';
import { Outage } from '../platform/outage.js';

/** Every client hears this each 5 s; after 15 s without it draws everything usable as UNKNOWN. */
export interface Beat {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly clock: Pick<ClockState, 'now' | 'rate' | 'isPaused' | 'waitsFor'>;
  readonly serverNow: string;
  /** How long ago this process last read the log to its end, ms. */
  readonly lagMs: number;
}

const BEAT_MS = 5_000;

/** One beat for all transports. When the clock can't be read there is no beat: silence is the honest answer of a server without its database. */
@Injectable()
export class Heartbeats implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners = new Set<(beat: Beat) => void>();
  private readonly outage = new Outage('no heartbeat: the clock can’t be read');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tail: Tail,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.beat(), BEAT_MS);
    // At once when the clock of an exercise is touched, so that every screen counts with the new rate.
    this.clock.onTouched(() => void this.beat());
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  onBeat(listener: (beat: Beat) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async beat(): Promise<void> {
    try {
      const { kind, notice, now, rate, isPaused, waitsFor, serverNow } = await this.clock.state();
      const beat: Beat = { kind, notice, clock: { now, rate, isPaused, waitsFor }, serverNow, lagMs: Math.round(this.tail.silentMs()) };
      this.outage.isOver();
      for (const listener of this.listeners) listener(beat);
    } catch (cause) {
      this.outage.goesOn(cause);
    }
  }
}
