import type { BoardEvent } from '../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD, remembered, type Board } from '../src/domain/board.js';
import { instantFromMs, msOf, type Instant } from '../src/domain/instant.js';

/** What the server says with every snapshot and heartbeat, so that a reader can count log time by itself. */
export interface ClockView {
  readonly now: Instant;
  /** Log seconds a real second. */
  readonly rate: number;
  readonly isPaused: boolean;
  readonly waitsFor: string | null;
}

export type Phase = 'connecting' | 'current' | 'resyncing' | 'signed_out';

/** The whole state of a reader. `AtMs` are monotonic milliseconds of this device: its wall clock is never asked. */
export interface Picture {
  readonly phase: Phase;
  readonly board: Board;
  readonly kind: 'live' | 'exercise';
  readonly notice: string | null;
  readonly cursor: string | null;
  readonly clock: ClockView | null;
  readonly clockReadAtMs: number;
  /** When the server was last heard; null: never. */
  readonly heardAtMs: number | null;
  readonly lagMs: number;
  /** Newest first. */
  readonly ticker: readonly BoardEvent[];
}

export const BLANK: Picture = {
  phase: 'connecting',
  board: EMPTY_BOARD,
  kind: 'live',
  notice: null,
  cursor: null,
  clock: null,
  clockReadAtMs: 0,
  heardAtMs: null,
  lagMs: 0,
  ticker: [],
};

export interface SnapshotInput {
  readonly kind: 'live' | 'exercise';
  readonly notice: string | null;
  readonly clock: ClockView;
  readonly cursor: string;
  readonly board: Board;
}
export interface FrameInput {
  readonly prev: string;
  readonly cur: string;
  readonly events: readonly BoardEvent[];
}
export interface HeartbeatInput {
  readonly cur: string;
  readonly clock: ClockView;
  readonly lagMs: number;
}

export type Input =
  | { readonly type: 'snapshot'; readonly snapshot: SnapshotInput }
  /** The answer to a wish: what was missed since the cursor. */
  | { readonly type: 'resumed'; readonly frame: FrameInput }
  | { readonly type: 'frame'; readonly frame: FrameInput }
  | { readonly type: 'heartbeat'; readonly beat: HeartbeatInput }
  | { readonly type: 'reset' }
  | { readonly type: 'cut' }
  | { readonly type: 'signed_out' };

/** A server that has been silent this long says nothing any more. */
export const SILENCE_MS = 15_000;
/** A server that reads its own log this late is in doubt. */
const LATE_MS = 5_000;
const TICKER = 50;

/**
 * The picture after an input. A gap never clears the screen: the old picture stays, and everything usable on it is drawn as UNKNOWN.
 *
 * @param nowMs monotonic, ms
 */
export function pictureAfter(picture: Picture, input: Input, nowMs: number): Picture {
  switch (input.type) {
    case 'snapshot': {
      const { kind, notice, clock, cursor, board } = input.snapshot;
      return { ...picture, phase: 'current', kind, notice, clock, clockReadAtMs: nowMs, cursor, board, heardAtMs: nowMs };
    }
    case 'resumed':
      return withFrame({ ...picture, phase: picture.cursor === null ? picture.phase : 'current' }, input.frame, nowMs);
    case 'frame':
      return withFrame(picture, input.frame, nowMs);
    case 'heartbeat': {
      if (picture.cursor === null) return picture;
      const { cur, clock, lagMs } = input.beat;
      const heard = { ...picture, clock, clockReadAtMs: nowMs, lagMs };
      // The place says whether something was missed; a beat from another place is no sign of life for this picture.
      return cur === picture.cursor ? { ...heard, heardAtMs: nowMs } : { ...heard, phase: 'resyncing' };
    }
    case 'reset':
    case 'cut':
      return picture.cursor === null ? picture : { ...picture, phase: 'resyncing' };
    case 'signed_out':
      return { ...BLANK, phase: 'signed_out' };
  }
}

/** Nothing is known yet, or any more: then a frame has nothing to go on from. */
function withFrame(picture: Picture, { prev, cur, events }: FrameInput, nowMs: number): Picture {
  if (picture.cursor === null) return picture;
  if (prev !== picture.cursor) return { ...picture, phase: 'resyncing' };
  const board = remembered(events.reduce(boardAfter, picture.board), newestOf(picture, events));
  const news = events.filter((event) => event.type !== 'CorridorStatusChanged' || isNews(picture.board, event));
  return { ...picture, board, cursor: cur, heardAtMs: nowMs, ticker: [...news.toReversed(), ...picture.ticker].slice(0, TICKER) };
}

/** A status that shows another word is news; one that only counts on is not. */
function isNews(board: Board, event: Extract<BoardEvent, { readonly type: 'CorridorStatusChanged' }>): boolean {
  const before = board.corridors[event.body.corridorId]?.status;
  return before?.display !== event.body.status.display;
}

function newestOf(picture: Picture, events: readonly BoardEvent[]): Instant {
  return events.at(-1)?.recordedAt ?? picture.clock?.now ?? instantFromMs(0);
}

/** Log time now, counted on from the last word of the server; null before the first. */
export function logTime(picture: Picture, nowMs: number): Instant | null {
  const { clock } = picture;
  if (clock === null) return null;
  const passedMs = clock.isPaused ? 0 : Math.max(0, nowMs - picture.clockReadAtMs) * clock.rate;
  return instantFromMs(msOf(clock.now) + Math.round(passedMs));
}

/** In doubt: a gap, a silent server, or one that reads late. Then nothing usable is drawn as such. */
export function isInDoubt(picture: Picture, nowMs: number): boolean {
  return picture.phase !== 'current' || picture.heardAtMs === null || nowMs - picture.heardAtMs >= SILENCE_MS || picture.lagMs > LATE_MS;
}
