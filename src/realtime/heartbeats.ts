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

type Listener = (beat: Beat) => void;

const EVERY_MS = 5_000;
/** The listeners take turns, so that no frame waits behind the heartbeats of all. */
const TURNS = 25;
const TURN_MS = EVERY_MS / TURNS;

/** The heartbeats of all transports. When the clock can't be read there are none: silence is the honest answer of a server without its database. */
@Injectable()
export class Heartbeats implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners: readonly Set<Listener>[] = Array.from({ length: TURNS }, () => new Set<Listener>());
  private joined = 0;
  private turn = 0;
  /** Who is to hear a beat read from now on, and who the one that is being read. */
  private due = new Set<Listener>();
  private waiting = new Set<Listener>();
  private isTelling = false;
  private readonly outage = new Outage('no heartbeat: the clock can’t be read');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly tail: Tail,
  ) {}

  onApplicationBootstrap(): void {
    this.turn = turnOf(performance.now());
    this.timer = setInterval(() => {
      this.takeTurns();
    }, TURN_MS);
    // At once when the clock of an exercise is touched, so that every screen counts with the new rate.
    this.clock.onTouched(() => {
      for (const turn of this.listeners.keys()) this.owe(turn);
    });
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Hears a beat each 5 s, in a turn of its own. */
  onBeat(listener: Listener): () => void {
    const turn = this.listeners[this.joined % TURNS];
    this.joined += 1;
    turn?.add(listener);
    return () => {
      for (const hearing of [turn, this.due, this.waiting]) hearing?.delete(listener);
    };
  }

  /** All that have come since the last time: a busy process may be late, and must not fall behind. */
  private takeTurns(): void {
    const now = turnOf(performance.now());
    for (let turn = Math.max(this.turn, now - TURNS) + 1; turn <= now; turn += 1) this.owe(turn % TURNS);
    this.turn = now;
  }

  private owe(turn: number): void {
    for (const listener of this.listeners[turn] ?? []) this.due.add(listener);
    if (!this.isTelling) void this.tell();
  }

  private async tell(): Promise<void> {
    this.isTelling = true;
    while (this.due.size > 0) {
      this.waiting = this.due;
      this.due = new Set();
      try {
        const beat = await this.read();
        this.outage.isOver();
        for (const listener of this.waiting) listener(beat);
      } catch (cause) {
        this.outage.goesOn(cause);
      }
    }
    this.isTelling = false;
  }

  private async read(): Promise<Beat> {
    const { kind, notice, now, rate, isPaused, waitsFor, serverNow } = await this.clock.state();
    return { kind, notice, clock: { now, rate, isPaused, waitsFor }, serverNow, lagMs: Math.round(this.tail.silentMs()) };
  }
}

function turnOf(ms: number): number {
  return Math.floor(ms / TURN_MS);
}
