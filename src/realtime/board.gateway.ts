import { UseFilters, UsePipes, type OnApplicationBootstrap } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Server, Socket } from 'socket.io';
import { Requires } from '../auth/requires.js';
import { sessionTokenFrom, type CarriedToken } from '../auth/session-token.js';
import type { Session } from '../auth/session.js';
import { Sessions } from '../auth/sessions.service.js';
import { audienceOf } from '../domain/audience.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { CorridorId } from '../domain/ids.js';
import { log } from '../platform/logging.js';
import { validationPipe } from '../platform/validation.js';
import { MOST_WAITING_PACKETS, waitingPackets } from './back-pressure.js';
import { Groups, type Filter, type Frame, type Group, type ResetCode } from './groups.js';
import { Heartbeats } from './heartbeats.js';
import { SocketProblemFilter } from './socket-problem.filter.js';
import { WatchWish } from './watch.dto.js';

interface SocketData {
  session: Session;
  group?: Group;
  stopWatching?: () => void;
  strikes: number;
}
type BoardSocket = Socket & { data: SocketData };

type WatchReply = { readonly frame: Frame } | { readonly reset: ResetCode };

const SOCKETS_A_PERSON = 8;
const SOCKETS_AN_ADDRESS = 50;
const MESSAGES = { points: 40, duration: 2 } as const;
const MOST_STRIKES = 3;

/** Sockets only deliver: a client says where it stands and hears everything it may see from there on. Writing is for REST. */
@UseFilters(SocketProblemFilter)
@WebSocketGateway()
export class BoardGateway implements OnGatewayInit, OnGatewayDisconnect, OnApplicationBootstrap {
  @WebSocketServer() private readonly io!: Server;
  private readonly sockets = new Map<string, number>();
  private readonly messages = new RateLimiterMemory({ keyPrefix: 'socket', ...MESSAGES });

  constructor(
    private readonly groups: Groups,
    private readonly sessions: Sessions,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** Authentication stands in the handshake: nobody connects first and is looked at later. */
  afterInit(io: Server): void {
    io.use((socket, next) => {
      void this.admit(socket as BoardSocket).then(
        () => {
          next();
        },
        (error: unknown) => {
          next(error instanceof Error ? error : new Error('unauthenticated'));
        },
      );
    });
  }

  onApplicationBootstrap(): void {
    // One frame a group, encoded once by the broadcast, however many sockets are in its room.
    this.groups.onFrame((group, frame) => {
      this.io.to(group.room).emit('frame', frame);
    });
    this.heartbeats.onBeat((beat) => {
      this.cutSlowReaders();
      for (const group of this.groups.all()) {
        this.io.to(group.room).emit('heartbeat', { cur: this.groups.cursorOf(group, group.lastSeq), ...beat });
      }
    });
  }

  @Requires('board.read')
  @UsePipes(validationPipe())
  @SubscribeMessage('watch')
  async watch(@ConnectedSocket() socket: BoardSocket, @MessageBody() wish: WatchWish): Promise<WatchReply> {
    const filter: Filter = { corridorIds: (wish.filter?.corridorIds as CorridorId[] | undefined)?.toSorted() ?? null };
    this.leave(socket);
    const group = await this.groups.join(audienceOf(socket.data.session.actor), filter);
    socket.data.group = group;
    const place = await this.groups.catchUp(group, wish.cursor);
    if (place.kind === 'reset') return { reset: place.code };
    void socket.join(group.room); // the same tick in which the frame was closed: no event can fall between them
    return { frame: place.frame };
  }

  handleDisconnect(socket: BoardSocket): void {
    this.leave(socket);
    socket.data.stopWatching?.();
    this.count(personKey(socket), -1);
    this.count(addressKey(socket), -1);
  }

  private async admit(socket: BoardSocket): Promise<void> {
    const carried = carriedBy(socket);
    const session = carried === null ? null : await this.sessions.authenticate(carried);
    if (session === null) throw new Error('unauthenticated');
    socket.data.session = session;
    socket.data.strikes = 0;
    if (this.countOf(personKey(socket)) >= SOCKETS_A_PERSON || this.countOf(addressKey(socket)) >= SOCKETS_AN_ADDRESS) {
      throw new Error('too-many-requests');
    }
    this.count(personKey(socket), 1);
    this.count(addressKey(socket), 1);
    socket.data.stopWatching = this.sessions.watch(session, (now) => {
      this.onSessionChanged(socket, now);
    });
    // Every packet counts, also of events that nobody handles: a flood is cut.
    socket.use((_packet, next) => {
      this.messages.consume(socket.id).then(
        () => {
          next();
        },
        () => {
          socket.data.strikes += 1;
          if (socket.data.strikes >= MOST_STRIKES) socket.disconnect(true);
        },
      );
    });
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

  private leave(socket: BoardSocket): void {
    const { group } = socket.data;
    if (group === undefined) return;
    delete socket.data.group;
    void socket.leave(group.room);
    this.groups.leave(group);
  }

  private cutSlowReaders(): void {
    for (const socket of this.io.sockets.sockets.values()) {
      if (waitingPackets(socket) <= MOST_WAITING_PACKETS) continue;
      log.info({ waiting: waitingPackets(socket) }, 'a slow reader was cut; it resumes by its cursor');
      socket.disconnect(true);
      socket.conn.close(true);
    }
  }

  private countOf(key: string): number {
    return this.sockets.get(key) ?? 0;
  }

  private count(key: string, change: 1 | -1): void {
    const next = this.countOf(key) + change;
    if (next <= 0) this.sockets.delete(key);
    else this.sockets.set(key, next);
  }
}

function carriedBy(socket: Socket): CarriedToken | null {
  const { token } = socket.handshake.auth as { readonly token?: unknown };
  return typeof token === 'string' ? { token, carrier: 'bearer' } : sessionTokenFrom(socket.handshake.headers);
}

function personKey(socket: BoardSocket): string {
  return `person ${socket.data.session.actor.id}`;
}

function addressKey(socket: Socket): string {
  return `address ${socket.handshake.address}`;
}
