import { io, type Socket } from 'socket.io-client';
import type { BoardCorridor } from '../src/domain/board.js';
import { shown } from '../src/domain/display.js';
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

export interface FollowOptions {
  /** `https://board.example.org`; left out: the page's own server. */
  readonly url?: string;
  /** For programs; a page has its cookie. */
  readonly token?: string;
  readonly filter?: { readonly corridorIds?: readonly string[] };
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

/**
 * Follows a server: snapshot, then the tail over a socket, resumed by cursor after a cut, taken afresh after a gap or a reset. Whatever
 * happens to the network, the page or the server, `isStale` tells the truth by this device's monotonic clock.
 */
export function follow(options: FollowOptions): Follower {
  let picture: Picture = BLANK;
  let isStopped = false;
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
    const nowMs = performance.now();
    const silentMs = picture.heardAtMs === null ? null : nowMs - picture.heardAtMs;
    return { ...picture, isStale: isInDoubt(picture, nowMs), now: logTime(picture, nowMs), silentMs };
  };
  const tell = (): void => {
    if (!isStopped) options.onChange(view());
  };
  const take = (input: Input): void => {
    picture = pictureAfter(picture, input, performance.now());
    tell();
    if (picture.phase === 'resyncing' && input.type !== 'cut') refresh();
  };

  const refresh = (): void => {
    if (isStopped || snapshotUnderWay) return;
    snapshotUnderWay = true;
    clearTimeout(retry);
    void fetchSnapshot(base, options)
      .then((snapshot) => {
        if (snapshot === null) {
          socket.disconnect();
          take({ type: 'signed_out' });
          return;
        }
        take({ type: 'snapshot', snapshot });
        if (socket.connected) watch();
        else socket.connect();
      })
      .catch(() => {
        take({ type: 'cut' });
        retryLater();
      })
      .finally(() => {
        snapshotUnderWay = false;
      });
  };

  const retryLater = (): void => {
    clearTimeout(retry);
    retry = setTimeout(refresh, retryMs * (0.5 + Math.random()));
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  };

  const watch = (): void => {
    const { cursor } = picture;
    if (cursor === null) {
      refresh();
      return;
    }
    socket
      .timeout(REPLY_MS)
      .emit(
        'watch',
        { cursor, ...(options.filter === undefined ? {} : { filter: options.filter }) },
        (late: Error | null, reply: WatchReply) => {
          if (isStopped) return;
          if (late === null && 'reset' in reply) {
            take({ type: 'reset' });
            return;
          }
          if (late !== null || !('frame' in reply)) {
            // No answer, or a refusal: asking again at once would only make a busy server busier.
            take({ type: 'cut' });
            retryLater();
            return;
          }
          retryMs = FIRST_RETRY_MS;
          picture = { ...picture, phase: 'current' };
          take({ type: 'frame', frame: reply.frame });
        },
      );
  };

  socket.on('connect', watch);
  socket.on('frame', (frame: FrameInput) => {
    take({ type: 'frame', frame });
  });
  socket.on('heartbeat', (beat: HeartbeatInput) => {
    take({ type: 'heartbeat', beat });
  });
  socket.on('reset', () => {
    take({ type: 'reset' });
    refresh();
  });
  socket.on('disconnect', (reason) => {
    take({ type: 'cut' });
    // Cut by the server: revoked, or too slow. Whether we may come back, the snapshot tells.
    if (reason === 'io server disconnect') retry = setTimeout(refresh, FIRST_RETRY_MS);
  });
  socket.on('connect_error', (error) => {
    if (!socket.active || error.message === 'unauthenticated') retry = setTimeout(refresh, retryMs);
  });

  const tick = setInterval(tell, TICK_MS);
  const onVisible = (): void => {
    tell(); // a page that slept draws nothing before it has looked at the clock
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
  const ids = options.filter?.corridorIds;
  const query = ids === undefined ? '' : `?corridorIds=${ids.join(',')}`;
  const request = {
    headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    credentials: 'same-origin' as const,
    cache: 'no-store' as const,
  };
  const response = await fetch(`${base}/v1/board${query}`, request);
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`the board answered ${String(response.status)}`);
  return (await response.json()) as SnapshotInput;
}
