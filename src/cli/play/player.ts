import { setTimeout as pause } from 'node:timers/promises';
import type { Api, PlayedClock } from './api.js';
import { Feeder, type FeedOptions } from './feeder.js';
import { becomesSomething, type History } from './history.js';
import type { Synthetic } from './synthetic.js';
import { Visitors } from './visitors.js';

/** What is to be sent at one instant. */
interface Due {
  readonly at: number;
  readonly feed: () => Promise<void>;
}

const LOOK_MS = 200;
const LOOKS_A_SECOND = 5;

export interface PlayOptions extends Omit<FeedOptions, 'watching'> {
  readonly synthetic: Synthetic;
}

/**
 * Feeds a history through /v1 in order of time, under the accounts and rules that docs/history-player.md gives it. Nothing bypasses
 * permission, two people, or limits. The clock of the exercise does not pass a record before it was fed, so a player that was cut off at
 * any step goes on from the clock alone.
 */
export class Player {
  private readonly history: History;
  private readonly feeder: Feeder;
  /** By time. */
  private readonly due: readonly Due[];
  private place = 0;
  /** What the clock does not pass, as the server was last told; undefined: not told yet. */
  private named: number | null | undefined;

  constructor(
    private readonly api: Api,
    { history, synthetic, ...options }: PlayOptions,
  ) {
    this.history = history;
    this.feeder = new Feeder(api, { ...options, history, watching: synthetic.watching });
    const records = history.records
      .filter(becomesSomething)
      .map((record): Due => ({ at: Date.parse(record.at), feed: () => this.feeder.feed(record) }));
    const invented = synthetic.records.map(({ at, request }): Due => ({ at: Date.parse(at), feed: () => this.feeder.send([request]) }));
    // A stable sort: at one instant history comes first.
    this.due = [...records, ...invented].sort((a, b) => a.at - b.at);
  }

  /** After a restart: what lies before the clock has been fed; what lies at it may have been, and is fed again. */
  async catchUp(): Promise<void> {
    const now = Date.parse((await this.api.clock()).now);
    const next = this.due.findIndex((record) => record.at >= now);
    this.place = next === -1 ? this.due.length : next;
    await this.feeder.recall(
      this.history.records.filter((record) => Date.parse(record.at) < now),
      now,
    );
  }

  /** As fast as it goes: steps from one instant to the next, feeds it, and goes on to `until`, which nobody else can pass meanwhile. */
  async step(until: string): Promise<void> {
    const end = Date.parse(until);
    await this.name(end);
    for (let at = this.nextAt; at !== null && at <= end; at = this.nextAt) await this.feedAt(at);
    await this.stepTo(end);
  }

  /** Lets a clock run that nobody has touched since its birth; one that a visitor paused stays paused. */
  async begin(rate: number): Promise<void> {
    const { isPaused, waitsFor } = await this.api.clock();
    if (!isPaused || waitsFor !== null) return;
    await this.nameNext();
    await this.api.clock('rates', { rate });
    await this.api.clock('resumptions');
  }

  /** In the time of the exercise: waits for the clock, goes along with its jumps, and stands still while a visitor's request waits. */
  async follow(): Promise<never> {
    const visitors = new Visitors(this.api);
    await visitors.begin();
    for (let looks = 0; ; looks += 1) {
      const clock = await this.nameNext();
      const at = this.nextAt;
      if (looks % LOOKS_A_SECOND === 0) await this.standStillFor(visitors, clock.waitsFor);
      if (clock.jumpTo !== null) await this.jumpTo(Date.parse(clock.jumpTo));
      else if (at !== null && Date.parse(clock.now) >= at) await this.feedAt(at);
      else await pause(LOOK_MS, undefined, { signal: this.api.signal });
    }
  }

  /** Milliseconds of the next thing to be sent; null: the history is over. */
  private get nextAt(): number | null {
    const at = Math.min(this.feeder.nextStartAt, this.due[this.place]?.at ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(at) ? at : null;
  }

  private nameNext(): Promise<PlayedClock> {
    return this.name(this.nextAt);
  }

  /** Tells the server an instant which its clock does not pass. */
  private async name(at: number | null): Promise<PlayedClock> {
    if (at === this.named) return this.api.clock();
    const clock = await this.api.clock('next-event', { at: at === null ? null : new Date(at).toISOString() });
    this.named = at;
    return clock;
  }

  private async standStillFor(visitors: Visitors, waitsFor: string | null): Promise<void> {
    const areWaiting = await visitors.areWaiting();
    if (areWaiting && waitsFor === null) await this.api.clock('pauses', { waitsFor: 'opening_request' });
    if (!areWaiting && waitsFor === 'opening_request') await this.api.clock('resumptions');
  }

  private async jumpTo(target: number): Promise<void> {
    for (let at = this.nextAt; at !== null && at <= target; at = this.nextAt) {
      await this.feedAt(at);
      const { jumpTo } = await this.nameNext();
      if (jumpTo === null) return; // somebody thought better of it, or it was this one
    }
    await this.stepTo(target);
  }

  /** Everything of one instant, after what time itself causes at it: the step there fires its deadlines, also when the clock stands there. */
  private async feedAt(at: number): Promise<void> {
    await this.stepTo(at);
    for (let next = this.due[this.place]; next !== undefined && next.at <= at; next = this.due[this.place]) {
      await next.feed();
      this.place += 1;
    }
    await this.feeder.startWaiting(at);
  }

  private async stepTo(at: number): Promise<void> {
    const to = new Date(at).toISOString();
    let clock: PlayedClock;
    do clock = await this.api.clock('steps', { to });
    while (Date.parse(clock.now) < at);
  }
}
