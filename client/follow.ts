import { io, type Socket } from 'socket.io-client';
import type { BoardCorridor } from '../src/domain/board.js';
import { shown } from '../src/domain/display.js';
import type { Entity } from '../src/domain/event.js';
import type { Instant } from '../src/domain/instant.js';
import type { Display } from '../src/domain/status.js';
import {
  BLANK,
  isInDoubt,
  logTime,
  pictureAfter,
  type FrameInput,
  type HeartbeatInput,
  type Input,
  type Picture,
  type SnapshotInput,
} from './board-store.js';
import { deviceClock } from './device-clock.js';

export interface FollowOptions {
  /** `https://board.example.org`; left out: the page's own server. */
  readonly url?: string;
  /** For programs; a page has its cookie. */
  readonly token?: string;
  /** Only these corridors, and only events about these kinds of things; what is left out: all. */
  readonly filter?: { readonly corridorIds?: readonly string[]; readonly kinds?: readonly Entity[] };
  /** After each change, and each second, since ages and words change by time alone. */
  readonly onChange: (view: View) => void;
}

/** What a reader draws. */
export interface View extends Picture {
  /** True: draw everything usable as UNKNOWN. */
  readonly isStale: boolean;
  /** Log time at the moment of this view; null before the first word of the server. */
  readonly now: Instant | null;
  /** How long the server has been silent, ms; null: never heard. */
  readonly silentMs: number | null;
}

export interface Follower {
  readonly view: () => View;
  /** Takes a fresh snapshot. */
  readonly refresh: () => void;
  readonly stop: () => void;
}

type WatchReply = { readonly frame: FrameInput } | { readonly reset: string } | { readonly ok: false; readonly code: string };

/** What a browser has and Node has not: the same code runs in both. */
interface Browser {
  readonly location?: { readonly origin: string };
  readonly document?: {
    addEventListener(type: 'visibilitychange', listener: () => void): void;
    removeEventListener(type: 'visibilitychange', listener: () => void): void;
  };
}
const browser = globalThis as Browser;

const TICK_MS = 1_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
const REPLY_MS = 5_000;
const AFTER_CUT_MS = 2_000;
const SNAPSHOT_MS = 10_000;

/**
 * Follows a server: snapshot, then the tail over a socket, resumed by cursor after a cut, taken afresh after a gap or a reset. Whatever
 * happens to the network, the page or the server, `isStale` tells the truth by this device's own count of time, its sleep included.
 */
export function follow(options: FollowOptions): Follower {
  const clock = deviceClock();
  let picture: Picture = BLANK;
  let isStopped = false;
  let wishNo = 0;
  let awaitsAnswer = false;
  let snapshotUnderWay = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  const base = options.url ?? '';
  const socket: Socket = io(base === '' ? browser.location?.origin : base, {
    transports: ['websocket'],
    autoConnect: false,
    reconnectionDelay: FIRST_RETRY_MS,
    reconnectionDelayMax: LONGEST_RETRY_MS,
    randomizationFactor: 0.5, // after a restart not everybody comes back in the same second
    ...(options.token === undefined ? {} : { auth: { token: options.token } }),
  });

  const view = (): View => {
    const nowMs = clock();
    const silentMs = picture.heardAtMs === null ? null : nowMs - picture.heardAtMs;
    return { ...picture, isStale: isInDoubt(picture, nowMs), now: logTime(picture, nowMs), silentMs };
  };
  const tell = (): void => {
    if (!isStopped) options.onChange(view());
  };
  const take = (input: Input): void => {
    if (isStopped) return;
    picture = pictureAfter(picture, input, clock());
    tell();
    if (picture.phase === 'resyncing' && input.type !== 'cut') refresh();
  };
  const later = (waitMs: number): void => {
    if (isStopped) return;
    clearTimeout(retry);
    retry = setTimeout(refresh, waitMs * (0.5 + Math.random())); // not everybody in the same second
  };
  const retryLater = (): void => {
    later(retryMs);
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  };

  const refresh = (): void => {
    if (isStopped || snapshotUnderWay) return;
    snapshotUnderWay = true;
    clearTimeout(retry);
    void fetchSnapshot(base, options)
      .then((snapshot) => {
        if (isStopped) return;
        if (snapshot === null) {
          socket.disconnect();
          take({ type: 'signed_out' });
          return;
        }
        take({ type: 'snapshot', snapshot });
        goOn();
      })
      .catch(() => {
        take({ type: 'cut' });
        retryLater();
      })
      .finally(() => {
        snapshotUnderWay = false;
      });
  };

  const goOn = (): void => {
    if (isStopped) return; // by its reader, who had what it wanted
    if (socket.connected) watch();
    else socket.connect();
  };

  /**
   * Says where we stand. Only the answer to the latest wish counts; none within 5 s is a gap. What else comes before the answer was on
   * its way to where we stood before: the answer holds it as well.
   */
  const watch = (): void => {
    const { cursor } = picture;
    if (cursor === null) {
      refresh();
      return;
    }
    wishNo += 1;
    const no = wishNo;
    awaitsAnswer = true;
    const wish = { cursor, ...(options.filter === undefined ? {} : { filter: options.filter }) };
    socket.timeout(REPLY_MS).emit('watch', wish, (late: Error | null, reply: WatchReply) => {
      if (no !== wishNo || !socket.connected) return;
      awaitsAnswer = false;
      if (late === null && 'frame' in reply) {
        retryMs = FIRST_RETRY_MS;
        take({ type: 'resumed', frame: reply.frame });
      } else if (late === null && 'reset' in reply) take({ type: 'reset' });
      else {
        // No answer, or a refusal: asking again at once would only make a busy server busier.
        take({ type: 'cut' });
        retryLater();
      }
    });
  };

  socket.on('connect', watch);
  socket.on('frame', (frame: FrameInput) => {
    if (!awaitsAnswer) take({ type: 'frame', frame });
  });
  socket.on('heartbeat', (beat: HeartbeatInput) => {
    if (!awaitsAnswer) take({ type: 'heartbeat', beat });
  });
  socket.on('reset', () => {
    take({ type: 'reset' });
  });
  socket.on('disconnect', (reason) => {
    take({ type: 'cut' });
    // Cut by the server: revoked, too slow, or it restarts. Whether we may come back, the snapshot tells.
    if (reason === 'io server disconnect') later(AFTER_CUT_MS);
  });
  // Refused by the server: it does not try again by itself, and perhaps nobody is signed in any more.
  socket.on('connect_error', () => {
    if (!socket.active) retryLater();
  });

  const tick = setInterval(tell, TICK_MS);
  const onVisible = (): void => {
    tell(); // a page that slept draws nothing before it has looked at the clock
    if (socket.connected)
      watch(); // what was missed comes at once; without an answer it is a gap
    else if (picture.phase === 'signed_out') refresh(); // somebody may have signed in on another page
  };
  const page = browser.document;
  page?.addEventListener('visibilitychange', onVisible);
  refresh();

  return {
    view,
    refresh,
    stop: () => {
      isStopped = true;
      clearInterval(tick);
      clearTimeout(retry);
      page?.removeEventListener('visibilitychange', onVisible);
      socket.disconnect();
    },
  };
}

/** The word to draw for a corridor: the logged one through `shown()`, with this reader's own doubt. */
export function shownWord(view: Pick<View, 'isStale' | 'now'>, corridor: BoardCorridor): Display {
  if (corridor.status === null || view.now === null) return 'unknown';
  return shown(corridor.status, view.now, { isHealthy: !view.isStale });
}

/** @returns null when nobody is signed in (any more) */
async function fetchSnapshot(base: string, options: FollowOptions): Promise<SnapshotInput | null> {
  const wishes = Object.entries(options.filter ?? {}).map(([name, values]): [string, string] => [name, values.join(',')]);
  const query = new URLSearchParams(wishes).toString();
  const request = {
    headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    credentials: 'same-origin' as const,
    cache: 'no-store' as const,
    signal: AbortSignal.timeout(SNAPSHOT_MS), // a half-open connection must not be waited for
  };
  const response = await fetch(`${base}/v1/board${query === '' ? '' : `?${query}`}`, request);
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`the board answered ${String(response.status)}`);
  return (await response.json()) as SnapshotInput;
}
