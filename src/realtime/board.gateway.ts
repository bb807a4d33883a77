import { UseFilters, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import { Requires } from '../auth/requires.js';
import { sessionTokenFrom, type CarriedToken } from '../auth/session-token.js';
import type { Session } from '../auth/session.js';
import { Sessions } from '../auth/sessions.service.js';
import { audienceOf } from '../domain/audience.js';
import { problem, ProblemError } from '../domain/problem.js';
import { canonicalJson } from '../domain/canonical-json.js';
import { Drain, spread } from '../platform/drain.js';
import { log } from '../platform/logging.js';
import { toProblem } from '../platform/problem.filter.js';
import { VALIDATION } from '../platform/validation.js';
import { backlogOf, isTooSlow, type Backlog } from './back-pressure.js';
import { filterOf } from './filter.js';
import { Groups, type Frame, type Group, type ResetCode } from './groups.js';
import { Heartbeats, type Beat } from './heartbeats.js';
import { Message } from './message.js';
import { Seats } from './seats.js';
import { SocketProblemFilter } from './socket-problem.filter.js';
import { WatchWish } from './watch.dto.js';

interface SocketData {
  session: Session;
  /** What it watches, and how its heartbeats stop. */
  watched?: { readonly group: Group; readonly stopBeats: () => void };
  /** Counts its wishes: only the latest is followed. */
  wishNo: number;
  strikes: number;
  /** At the last look. */
  backlog: Backlog | null;
}
type BoardSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;

type WatchReply = { readonly frame: Frame } | { readonly reset: ResetCode };

const MOST_STRIKES = 3;
const LOOK_FOR_SLOW_MS = 1_000;

/** Sockets only deliver: a client says where it stands and hears everything it may see from there on. Writing is for REST. */
@UseFilters(SocketProblemFilter)
@WebSocketGateway()
export class BoardGateway implements OnGatewayInit, OnGatewayDisconnect, OnApplicationBootstrap, BeforeApplicationShutdown {
  @WebSocketServer() private readonly io!: Server;
  /** 20 a second with a burst of 40 for each socket; the same person's tabs, and one address behind a router, share more. */
  private readonly limits = [
    { keyOf: (socket: BoardSocket) => socket.id, limit: new RateLimiterMemory({ keyPrefix: 'socket', points: 40, duration: 2 }) },
    { keyOf: personKey, limit: new RateLimiterMemory({ keyPrefix: 'person', points: 80, duration: 2 }) },
    { keyOf: addressKey, limit: new RateLimiterMemory({ keyPrefix: 'address', points: 400, duration: 2 }) },
  ];
  /** Who hears what a group is told. */
  private readonly watchers = new Map<Group, Set<BoardSocket>>();
  private readonly beats = new WeakMap<Beat, Map<Group, Message>>();
  private lookForSlow: NodeJS.Timeout | undefined;

  constructor(
    private readonly groups: Groups,
    private readonly sessions: Sessions,
    private readonly heartbeats: Heartbeats,
    private readonly seats: Seats,
    drain: Drain,
  ) {
    drain.onEnd((withinMs) => {
      // The connection, not the socket: that would tell its client to stay away.
      spread(this.io.sockets.sockets.values(), withinMs, ({ conn }) => {
        conn.close();
      });
    });
  }

  /** Authentication stands in the handshake: nobody connects first and is looked at later. */
  afterInit(io: Server): void {
    io.use((socket, next) => {
      void this.admit(socket as BoardSocket).then(
        () => {
          next();
        },
        (error: unknown) => {
          next(new Error(toProblem(error).code)); // a code of ours: what broke inside is not told
        },
      );
    });
  }

  onApplicationBootstrap(): void {
    this.groups.onFrame((group, frame) => {
      const watchers = this.watchers.get(group);
      if (watchers === undefined) return;
      const message = new Message('frame', frame);
      for (const socket of watchers) message.sendTo(socket);
    });
    this.lookForSlow = setInterval(() => {
      this.cutSlowReaders();
    }, LOOK_FOR_SLOW_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.lookForSlow);
  }

  /** The client says where it stands. Who it is, and so what it may see, comes from its session alone. */
  @Requires('board.read')
  @SubscribeMessage('watch')
  async watch(
    @ConnectedSocket() socket: BoardSocket,
    @MessageBody(VALIDATION) wish: WatchWish,
    @Ack() answer?: (reply: WatchReply) => void,
  ): Promise<void> {
    this.leave(socket);
    const { session, wishNo } = socket.data;
    const group = await this.groups.join(audienceOf(session.actor), filterOf(wish.filter));
    const place = await this.groups.catchUp(group, wish.cursor).catch((error: unknown) => {
      this.groups.leave(group);
      throw error;
    });
    const reply: WatchReply = place.kind === 'reset' ? { reset: place.code } : { frame: place.frame };
    // Meanwhile it may have been given other rights, gone, or wished for something else.
    const hasSameRights = socket.data.session === session;
    answer?.(hasSameRights ? reply : { reset: 'AUTH_CHANGED' });
    if (place.kind === 'reset' || !hasSameRights || !socket.connected || socket.data.wishNo !== wishNo) {
      this.groups.leave(group);
      return;
    }
    // The answer first, then the frames, in the tick in which the first was closed: no event falls between them or comes before.
    this.enter(socket, group);
  }

  handleDisconnect(socket: BoardSocket): void {
    this.leave(socket);
  }

  private async admit(socket: BoardSocket): Promise<void> {
    const carried = carriedBy(socket);
    const session = carried === null ? null : await this.sessions.authenticate(carried);
    if (session === null) throw new ProblemError(problem('unauthenticated', {}));
    socket.data = { session, wishNo: 0, strikes: 0, backlog: null };
    const giveBack = this.seats.take(session.actor.id, socket.handshake.address);
    const stopWatching = this.sessions.watch(session, (now) => {
      this.onSessionChanged(socket, now);
    });
    // At the end of the connection, not of the socket: one that ends during the handshake never becomes a socket.
    const release = (): void => {
      stopWatching();
      giveBack();
    };
    if (socket.conn.readyState === 'open') socket.conn.once('close', release);
    else release();
    socket.use((packet, next) => void this.pace(socket, packet, next));
  }

  /** Every message counts, also one that nobody listens to: too many are answered with a code and not read, and a flood is cut. */
  private async pace(socket: BoardSocket, packet: readonly unknown[], next: () => void): Promise<void> {
    try {
      await Promise.all(this.limits.map(({ keyOf, limit }) => limit.consume(keyOf(socket))));
      next();
    } catch {
      const answer = packet.at(-1);
      if (typeof answer === 'function') (answer as (reply: object) => void)({ ok: false, code: 'too-many-requests' });
      socket.data.strikes += 1;
      if (socket.data.strikes >= MOST_STRIKES) socket.disconnect(true);
    }
  }

  /** Revoked: cut at once. Other rights: what it has seen no longer fits, and it starts afresh with what it may see now. */
  private onSessionChanged(socket: BoardSocket, now: Session | null): void {
    if (now === null) {
      socket.disconnect(true);
      return;
    }
    const isOther = canonicalJson(audienceOf(now.actor)) !== canonicalJson(audienceOf(socket.data.session.actor));
    socket.data.session = now;
    if (!isOther) return;
    this.leave(socket);
    socket.emit('reset', { code: 'AUTH_CHANGED' satisfies ResetCode });
  }

  private enter(socket: BoardSocket, group: Group): void {
    const watchers = this.watchers.get(group) ?? new Set();
    this.watchers.set(group, watchers.add(socket));
    const stopBeats = this.heartbeats.onBeat((beat) => {
      this.beatOf(group, beat).sendTo(socket);
    });
    socket.data.watched = { group, stopBeats };
  }

  private leave(socket: BoardSocket): void {
    const { watched } = socket.data;
    socket.data.wishNo += 1;
    if (watched === undefined) return;
    delete socket.data.watched;
    watched.stopBeats();
    const watchers = this.watchers.get(watched.group);
    watchers?.delete(socket);
    if (watchers?.size === 0) this.watchers.delete(watched.group);
    this.groups.leave(watched.group);
  }

  /** Everybody in a group who hears this beat hears it in the same tick, and so with the same place. */
  private beatOf(group: Group, beat: Beat): Message {
    const messages = this.beats.get(beat) ?? new Map<Group, Message>();
    this.beats.set(beat, messages);
    const message = messages.get(group) ?? new Message('heartbeat', { cur: this.groups.cursorOf(group, group.lastSeq), ...beat });
    messages.set(group, message);
    return message;
  }

  private cutSlowReaders(): void {
    for (const socket of this.io.sockets.sockets.values() as Iterable<BoardSocket>) {
      const [before, backlog] = [socket.data.backlog, backlogOf(socket)];
      socket.data.backlog = backlog;
      if (!isTooSlow(backlog, before)) continue;
      log.info({ ...backlog }, 'a slow reader was cut; it resumes by its cursor');
      socket.conn.close(true); // without waiting for what it doesn't read
    }
  }
}

function carriedBy(socket: Socket): CarriedToken | null {
  const { token } = socket.handshake.auth as { readonly token?: unknown };
  return typeof token === 'string' ? { token, carrier: 'bearer' } : sessionTokenFrom(socket.handshake.headers);
}

function personKey(socket: BoardSocket): string {
  return socket.data.session.actor.id;
}

function addressKey(socket: Socket): string {
  return socket.handshake.address;
}
