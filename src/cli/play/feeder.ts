import type { Board } from '../../domain/board.js';
import { isOver, type Lifecycle } from '../../domain/corridor.js';
import type { CorridorId } from '../../domain/ids.js';
import { dayBounds, type LocalDate, type Zone } from '../../domain/zone.js';
import { type Api, RefusedRequest } from './api.js';
import { announce, attempt, declare, idOf, incident, outcome, type Request, type Watching } from './commands.js';
import type { History, HistoryRecord, HistoryWindow } from './history.js';

/** A window that starts when the attempt that runs now is over. */
interface Waiting {
  readonly corridorId: string;
  readonly window: HistoryWindow;
  readonly startsAt: number;
}

/** What the log says of a corridor's newest attempt. */
interface Known {
  readonly attempt: { readonly no: number; readonly lifecycle: Lifecycle; readonly windowId: string | null } | null;
  readonly window: { readonly lastEndAt?: string | null } | null;
}

export interface FeedOptions {
  readonly history: History;
  /** How the legs of a corridor are watched, by its record id. */
  readonly watching: Readonly<Record<string, readonly Watching[]>>;
  readonly countryOf: (position: readonly [number, number]) => string | null;
  /** Each refusal of the server, for the log: a history is not bent to fit. */
  readonly onRefused: (refused: RefusedRequest) => void;
}

/**
 * Sends what a record becomes (docs/history-player.md). A record may be fed again after a crash at any step: ids and commandIds come from
 * it, so what was done is not done twice, and what was not is done then.
 */
export class Feeder {
  private readonly declared = new Set<string>();
  private waiting: Waiting[] = [];

  constructor(
    private readonly api: Api,
    private readonly options: FeedOptions,
  ) {}

  /** Milliseconds of the next start of a waiting window; infinite: none waits. */
  get nextStartAt(): number {
    return Math.min(...this.waiting.map((wait) => wait.startsAt));
  }

  async feed(record: HistoryRecord): Promise<void> {
    const { history } = this.options;
    await this.ensureDeclared(mentionedBy(record));
    switch (record.type) {
      case 'window_announced':
        await this.send(announce(record.payload, history));
        for (const corridorId of record.payload.corridor_ids) await this.startOrWait(corridorId, record.payload);
        return;
      case 'window_outcome':
        if (record.payload.outcome === 'cancelled') this.dropWaiting(record.payload.window_id);
        return this.send(outcome(record.payload, history));
      case 'incident_reported':
        return this.send(incident(record.payload, history));
      case 'corridor_declared':
      case 'window_start_scheduled': // a waiting window knows its own start
      case 'window_end_scheduled': // the rules see to it (E1)
      case 'movement_reported':
      case 'corridor_last_seen':
        return;
    }
  }

  /** Windows that waited until now begin their attempts. */
  async startWaiting(now: number): Promise<void> {
    const starting = this.waiting.filter((wait) => wait.startsAt <= now);
    for (const { corridorId, window } of starting) {
      const known = await this.known(corridorId);
      if (!isTaken(known, window)) await this.startAttempt(corridorId, window, known);
    }
    this.waiting = this.waiting.filter((wait) => wait.startsAt > now);
  }

  /** A refusal is an answer: the rest of the record is still sent, and the refusal is told. */
  async send(requests: readonly Request[]): Promise<void> {
    for (const request of requests) {
      try {
        await this.api.send(request);
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        this.options.onRefused(error);
      }
    }
  }

  /** After a restart: what the records before `now` left waiting, as the log knew it when each was fed. */
  async recall(records: readonly HistoryRecord[], now: number): Promise<void> {
    for (const record of records) {
      for (const id of mentionedBy(record)) this.declared.add(id);
      if (record.type === 'window_announced' && startOf(record.payload) >= now) await this.recallWaiting(record.payload, record.at);
      if (record.type === 'window_outcome' && record.payload.outcome === 'cancelled') this.dropWaiting(record.payload.window_id);
    }
  }

  private async recallWaiting(window: HistoryWindow, announcedAt: string): Promise<void> {
    const then = await this.api.read<{ readonly asKnown: { readonly then: Board } }>(`/v1/board?asOf=${announcedAt}`);
    for (const corridorId of window.corridor_ids) {
      this.waitIfLater(corridorId, window, then?.asKnown.then.corridors[idOf(corridorId) as CorridorId]?.status ?? null);
    }
  }

  private async ensureDeclared(ids: readonly string[]): Promise<void> {
    const { history, countryOf, watching } = this.options;
    for (const id of ids) {
      const corridor = history.corridors.get(id);
      if (corridor === undefined || this.declared.has(id)) continue;
      await this.send(declare(corridor, history, countryOf, watching[id]));
      this.declared.add(id);
    }
  }

  /** If no attempt runs, an attempt; a window that starts at or after the running attempt's latest end waits for its own start. */
  private async startOrWait(corridorId: string, window: HistoryWindow): Promise<void> {
    const known = await this.known(corridorId);
    if (isTaken(known, window)) this.waitIfLater(corridorId, window, known);
    else await this.startAttempt(corridorId, window, known);
  }

  private waitIfLater(corridorId: string, window: HistoryWindow, known: Known | null): void {
    const lastEndAt = known?.window?.lastEndAt ?? null;
    const startsAt = startOf(window);
    if (!isTaken(known, window) || lastEndAt === null || startsAt < Date.parse(lastEndAt)) return;
    this.waiting.push({ corridorId, window, startsAt });
  }

  private dropWaiting(windowId: string): void {
    this.waiting = this.waiting.filter((wait) => wait.window.id !== windowId);
  }

  /** Every step of the window's attempt, also when it has begun already: a crash may have come between two of them. */
  private async startAttempt(corridorId: string, window: HistoryWindow, known: Known | null): Promise<void> {
    const last = known?.attempt ?? null;
    const isBegun = last?.windowId === idOf(window.id);
    if (last !== null && isBegun && isOver(last.lifecycle)) return;
    const isFirst = last === null || (isBegun && last.no === 1);
    await this.send(attempt(corridorId, window, isFirst, this.options.history));
  }

  private async known(corridorId: string): Promise<Known | null> {
    const corridor = await this.api.read<{ readonly status: Known | null }>(`/v1/corridors/${idOf(corridorId)}`);
    return corridor?.status ?? null;
  }
}

function mentionedBy(record: HistoryRecord): readonly string[] {
  switch (record.type) {
    case 'corridor_declared':
      return [record.payload.id];
    case 'window_announced':
    case 'incident_reported':
      return record.payload.corridor_ids;
    default:
      return [];
  }
}

/** Whether an attempt of another window runs. */
function isTaken(known: Known | null, window: HistoryWindow): boolean {
  return known?.attempt != null && !isOver(known.attempt.lifecycle) && known.attempt.windowId !== idOf(window.id);
}

/** The claimed start; of a day its first moment (the zone of a history is one, and its days are its own). */
function startOf(window: HistoryWindow): number {
  if (window.start_utc !== null) return Date.parse(window.start_utc);
  return Date.parse(dayBounds(window.date as LocalDate, window.timezone as Zone).from);
}
