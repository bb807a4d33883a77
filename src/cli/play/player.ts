import { setTimeout as pause } from 'node:timers/promises';
import { dayBounds, type LocalDate, type Zone } from '../../domain/zone.js';
import { type Api, RefusedRequest } from './api.js';
import { announce, attempt, declare, idOf, incident, outcome, type Request } from './commands.js';
import type { History, HistoryRecord, HistoryWindow } from './history.js';
import type { Synthetic } from './synthetic.js';
import { Visitors } from './visitors.js';

/** What is to be sent at one instant. */
interface Due {
  readonly at: number;
  readonly feed: () => Promise<void>;
}

interface Waiting {
  readonly corridorId: string;
  readonly window: HistoryWindow;
  readonly startsAt: number;
}

interface CorridorNow {
  readonly status: {
    readonly attempt: { readonly lifecycle: string; readonly no: number } | null;
    readonly window: { readonly lastEndAt: string | null } | null;
  } | null;
}

const OVER: ReadonlySet<string> = new Set(['closed', 'completed', 'cancelled', 'failed']);
const LOOK_MS = 200;
const LOOKS_A_SECOND = 5;

export interface PlayOptions {
  readonly history: History;
  readonly synthetic: Synthetic;
  readonly countryOf: (position: readonly [number, number]) => string | null;
  /** Each refusal of the server, for the log: a history is not bent to fit. */
  readonly onRefused?: (refused: RefusedRequest) => void;
}

/**
 * Feeds a history through /v1 in order of time, under the accounts and rules that docs/history-player.md gives it. Nothing bypasses
 * permission, two people, or limits. Ids and commandIds come from the records, so that what was sent before a restart is not done twice.
 */
export class Player {
  private readonly declared = new Set<string>();
  private readonly announced = new Map<string, HistoryWindow>();
  private waiting: Waiting[] = [];
  private readonly due: Due[];
  private place = 0;

  constructor(
    private readonly api: Api,
    private readonly options: PlayOptions,
  ) {
    const { history, synthetic } = options;
    const records = history.records.map((record): Due => ({ at: Date.parse(record.at), feed: () => this.feed(record) }));
    const invented = synthetic.records.map(({ at, request }): Due => ({ at: Date.parse(at), feed: () => this.send([request]) }));
    // A stable sort: at one instant history comes first.
    this.due = [...records, ...invented]
      .map((one, order) => ({ one, order }))
      .sort((a, b) => a.one.at - b.one.at || a.order - b.order)
      .map(({ one }) => one);
  }

  /** When the next thing is to be sent; null: the history is over. */
  get nextAt(): number | null {
    const start = Math.min(...this.waiting.map((wait) => wait.startsAt));
    const next = this.due[this.place]?.at ?? Number.POSITIVE_INFINITY;
    const at = Math.min(start, next);
    return Number.isFinite(at) ? at : null;
  }

  /** As fast as it goes: steps from one instant to the next, feeds it, and goes on to `until`. */
  async step(until: string): Promise<void> {
    const end = Date.parse(until);
    for (let at = this.nextAt; at !== null && at <= end; at = this.nextAt) {
      await this.stepTo(at);
      await this.feedUpTo(at);
    }
    await this.stepTo(end);
  }

  /** In the time of the exercise (after `catchUp`): waits for the clock, goes along with its jumps, and stands still while a visitor's request waits. */
  async follow(isStopped: () => boolean): Promise<void> {
    const visitors = new Visitors(this.api);
    await visitors.begin();
    for (let looks = 0; !isStopped(); looks += 1) {
      const at = this.nextAt;
      const clock = await this.api.clock('next-event', { at: at === null ? null : new Date(at).toISOString() });
      if (looks % LOOKS_A_SECOND === 0) await this.standStillFor(visitors, clock.waitsFor);
      if (clock.jumpTo !== null) await this.jumpTo(Date.parse(clock.jumpTo));
      else if (at !== null && Date.parse(clock.now) >= at) await this.feedUpTo(at);
      else await pause(LOOK_MS);
    }
  }

  private async standStillFor(visitors: Visitors, waitsFor: string | null): Promise<void> {
    const areWaiting = await visitors.areWaiting();
    if (areWaiting && waitsFor === null) await this.api.clock('pauses', { waitsFor: 'opening_request' });
    if (!areWaiting && waitsFor === 'opening_request') await this.api.clock('resumptions');
  }

  /** After a restart: what lies before the clock has been fed; what lies at it may have been, and is sent again, which does nothing twice. */
  async catchUp(): Promise<void> {
    const { now } = await this.api.clock();
    const stands = Date.parse(now);
    for (;;) {
      const record = this.due[this.place];
      if (record === undefined || record.at >= stands) break;
      this.place += 1;
    }
    for (const record of this.options.history.records) {
      if (Date.parse(record.at) >= stands) break;
      if (record.type === 'corridor_declared') this.declared.add(record.payload.id);
      if (record.type !== 'window_announced') continue;
      this.announced.set(record.payload.id, record.payload);
      for (const corridorId of record.payload.corridor_ids) {
        this.declared.add(corridorId);
        const startsAt = startOf(record.payload);
        if (startsAt > stands) this.waiting.push({ corridorId, window: record.payload, startsAt });
      }
    }
  }

  private async jumpTo(target: number): Promise<void> {
    for (let at = this.nextAt; at !== null && at <= target; at = this.nextAt) {
      await this.api.clock('next-event', { at: new Date(at).toISOString() });
      await this.stepTo(at);
      await this.feedUpTo(at);
      const { jumpTo } = await this.api.clock();
      if (jumpTo === null) return; // somebody thought better of it, or it was this one
    }
    await this.api.clock('next-event', { at: this.nextAt === null ? null : new Date(this.nextAt).toISOString() });
    await this.stepTo(target);
  }

  private async stepTo(at: number): Promise<void> {
    for (;;) {
      const { now } = await this.api.clock('steps', { to: new Date(at).toISOString() });
      if (Date.parse(now) >= at) return;
    }
  }

  /** Everything of one instant, in the order of the file; windows whose start has come begin their attempts after it. */
  private async feedUpTo(at: number): Promise<void> {
    for (;;) {
      const next = this.due[this.place];
      if (next === undefined || next.at > at) break;
      this.place += 1;
      await next.feed();
    }
    const starting = this.waiting.filter((wait) => wait.startsAt <= at);
    this.waiting = this.waiting.filter((wait) => wait.startsAt > at);
    for (const { corridorId, window } of starting) await this.startAttempt(corridorId, window);
  }

  private async feed(record: HistoryRecord): Promise<void> {
    const { history } = this.options;
    switch (record.type) {
      case 'corridor_declared':
        return this.ensureDeclared([record.payload.id]);
      case 'window_announced': {
        const window = record.payload;
        await this.ensureDeclared(window.corridor_ids);
        await this.send(announce(window, history));
        this.announced.set(window.id, window);
        for (const corridorId of window.corridor_ids) await this.startOrWait(corridorId, window);
        return;
      }
      case 'window_start_scheduled': // the window waits by its own start
      case 'window_end_scheduled': // the rules see to it (E1)
      case 'movement_reported':
      case 'corridor_last_seen':
        return;
      case 'window_outcome':
        if (record.payload.outcome === 'cancelled')
          this.waiting = this.waiting.filter((wait) => wait.window.id !== record.payload.window_id);
        return this.send(outcome(record.payload, history));
      case 'incident_reported':
        await this.ensureDeclared(record.payload.corridor_ids);
        return this.send(incident(record.payload, history));
    }
  }

  private async ensureDeclared(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const corridor = this.options.history.corridors.get(id);
      if (corridor === undefined || this.declared.has(id)) continue;
      this.declared.add(id);
      await this.send(declare(corridor, this.options.history, this.options.countryOf, this.options.synthetic.watching[id]));
    }
  }

  /** If no attempt runs, an attempt; a window that starts at or after the running attempt's latest end waits for its own start. */
  private async startOrWait(corridorId: string, window: HistoryWindow): Promise<void> {
    const running = await this.running(corridorId);
    if (running === null) return this.startAttempt(corridorId, window);
    const startsAt = startOf(window);
    if (running.lastEndAt !== null && startsAt >= Date.parse(running.lastEndAt)) this.waiting.push({ corridorId, window, startsAt });
  }

  private async startAttempt(corridorId: string, window: HistoryWindow): Promise<void> {
    if ((await this.running(corridorId)) !== null) return;
    const before = await this.api.read<CorridorNow>(`/v1/corridors/${idOf(corridorId)}`);
    await this.send(attempt(corridorId, window, before?.status?.attempt == null, this.options.history));
  }

  private async running(corridorId: string): Promise<{ readonly lastEndAt: string | null } | null> {
    const corridor = await this.api.read<CorridorNow>(`/v1/corridors/${idOf(corridorId)}`);
    const now = corridor?.status?.attempt;
    return now == null || OVER.has(now.lifecycle) ? null : { lastEndAt: corridor?.status?.window?.lastEndAt ?? null };
  }

  /** A refusal is an answer: the rest of the record is still sent, and the refusal is told. */
  private async send(requests: readonly Request[]): Promise<void> {
    for (const request of requests) {
      try {
        await this.api.send(request);
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        this.options.onRefused?.(error);
      }
    }
  }
}

/** The claimed start; of a day its first moment (the zone of a history is one, and its days are its own). */
function startOf(window: HistoryWindow): number {
  if (window.start_utc !== null) return Date.parse(window.start_utc);
  return Date.parse(dayBounds(window.date as LocalDate, window.timezone as Zone).from);
}
