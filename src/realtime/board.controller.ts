import { Controller, Get, Headers, Query, Sse, SseSignal } from '@nestjs/common';
import { ApiHeader, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Observable, type Subscriber } from 'rxjs';
import { CurrentActor, CurrentSession } from '../auth/current-actor.js';
import { Requires } from '../auth/requires.js';
import type { Session } from '../auth/session.js';
import { Sessions } from '../auth/sessions.service.js';
import { audienceOf, type BoardEvent } from '../domain/audience.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Entity } from '../domain/event.js';
import { parseInstant, type Instant } from '../domain/instant.js';
import { mayEver, type Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { Clock, type ClockState } from '../event-log/clock.js';
import { Drain, spread } from '../platform/drain.js';
import { Boards, type BoardAsOf, type Snapshot } from './boards.service.js';
import { filterOf, type Filter } from './filter.js';
import { Groups, type Group } from './groups.js';
import { Heartbeats } from './heartbeats.js';
import { Seats } from './seats.js';
import { frameMessage, heartbeatMessage, resetMessage, type StreamMessage } from './stream-messages.js';
import { BoardQuery, EventsQuery, StreamQuery, type FilterQuery } from './watch.dto.js';

interface EventsPage {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly events: readonly BoardEvent[];
  readonly cursor: string;
  /** False: there is more; ask again with `cursor`. */
  readonly isComplete: boolean;
}

/** Characters that may wait for a stream whose reader does not read. */
const LARGEST_BACKLOG = 1024 * 1024;

/** The board and the two streams beside the socket: the same events and the same cursors on each. */
@ApiTags('board')
@Controller('v1')
export class BoardController {
  private readonly readers = new Set<Subscriber<StreamMessage>>();

  constructor(
    private readonly boards: Boards,
    private readonly groups: Groups,
    private readonly heartbeats: Heartbeats,
    private readonly sessions: Sessions,
    private readonly seats: Seats,
    private readonly clock: Clock,
    drain: Drain,
  ) {
    // Streams end by themselves: their readers go on elsewhere, by their cursors.
    drain.onEnd((withinMs) => {
      spread(this.readers, withinMs, (reader) => {
        reader.complete();
      });
    });
  }

  /**
   * Everything the reader may see, and the cursor from which the tail goes on. With `asOf`, for the cell: the board as it was known at
   * that log time, and what has been entered since about things up to then.
   */
  @Get('board')
  @Requires('board.read')
  board(@Query() query: BoardQuery, @CurrentActor() actor: Actor): Promise<Snapshot | BoardAsOf> {
    const filter = filterOfQuery(query);
    if (query.asOf === undefined) return this.boards.snapshot(actor, filter);
    if (!mayEver(actor, 'board.read_as_of')) throw new ProblemError(problem('forbidden', { permission: 'board.read_as_of' }));
    return this.boards.asOf(actor, readInstant(query.asOf), filter);
  }

  /**
   * The events after a cursor, oldest first, as the reader may see them; with `newest`, the last ones. 410 `cursor-unknown` when the place
   * can't be resumed.
   */
  @Get('events')
  @Requires('events.read')
  async events(@Query() query: EventsQuery, @CurrentActor() actor: Actor): Promise<EventsPage> {
    const group = await this.groups.join(audienceOf(actor), filterOfQuery(query));
    try {
      const limit = Number(query.limit ?? 50);
      const { kind, notice } = await this.clock.state();
      if (query.newest !== undefined) return { kind, notice, ...(await this.groups.newest(group, limit)), isComplete: true };
      const page = await this.groups.page(group, query.cursor ?? this.groups.cursorOf(group, 0), limit);
      if (page.kind === 'reset') throw new ProblemError(problem('cursor-unknown', { reset: page.code }));
      return { kind, notice, events: page.frame.events, cursor: page.frame.cur, isComplete: page.isComplete ?? true };
    } finally {
      this.groups.leave(group);
    }
  }

  /**
   * The same as a stream (server-sent events): `frame` with the cursor as its id, `heartbeat` with the same id each 5 s, `reset` when the place
   * can't be resumed. Resumes by `Last-Event-ID`, else by `cursor`; with neither, from now on. Who does not read is dropped and resumes.
   */
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last message: browsers send it by themselves.' })
  @Sse('stream', { maxPendingDataLength: LARGEST_BACKLOG })
  @Requires('events.read')
  async stream(
    @Query() query: StreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentSession() session: Session,
    @SseSignal() gone: AbortSignal,
  ): Promise<Observable<StreamMessage>> {
    atEnd(gone, this.seats.take(session.actor.id, null));
    const group = await this.groups.join(audienceOf(session.actor), filterOfQuery(query));
    atEnd(gone, () => {
      this.groups.leave(group);
    });
    return new Observable<StreamMessage>((reader) => {
      this.readers.add(reader);
      const ends: (() => void)[] = [() => this.readers.delete(reader)];
      this.firstOf(group, lastEventId ?? query.cursor).then(
        (first) => {
          if (reader.closed) return;
          // In the tick in which the catch-up closed: no event can fall between.
          if (first !== null) reader.next(first);
          ends.push(...this.follow(group, session, reader));
        },
        (error: unknown) => {
          reader.error(error);
        },
      );
      return () => {
        for (const end of ends) end();
      };
    });
  }

  private async firstOf(group: Group, cursor: string | undefined): Promise<StreamMessage | null> {
    if (cursor === undefined) return null;
    const place = await this.groups.catchUp(group, cursor);
    return place.kind === 'frame' ? frameMessage(place.frame) : resetMessage(place.code);
  }

  private follow(group: Group, session: Session, reader: Subscriber<StreamMessage>): readonly (() => void)[] {
    return [
      this.groups.onFrame((of, frame) => {
        if (of === group) reader.next(frameMessage(frame));
      }),
      this.heartbeats.onBeat((beat) => {
        reader.next(heartbeatMessage(this.groups.cursorOf(group, group.lastSeq), beat));
      }),
      this.sessions.watch(session, (now) => {
        if (now !== null && canonicalJson(audienceOf(now.actor)) === canonicalJson(audienceOf(session.actor))) return;
        if (now !== null) reader.next(resetMessage('AUTH_CHANGED'));
        reader.complete();
      }),
    ];
  }
}

function atEnd(gone: AbortSignal, done: () => void): void {
  if (gone.aborted) done();
  else gone.addEventListener('abort', done, { once: true });
}

function filterOfQuery({ corridorIds, kinds }: FilterQuery): Filter {
  return filterOf({
    ...(corridorIds === undefined ? {} : { corridorIds: corridorIds.split(',') }),
    ...(kinds === undefined ? {} : { kinds: kinds.split(',') as Entity[] }), // validated
  });
}

function readInstant(text: string): Instant {
  const instant = parseInstant(text);
  if (instant !== null) return instant;
  throw new ProblemError(
    problem('invalid-request', {
      errors: [
        { field: 'asOf', code: 'time-without-zone', message: 'asOf must be an RFC 3339 time with a zone, like 2022-03-09T07:00:00Z' },
      ],
    }),
  );
}
