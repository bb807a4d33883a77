import { Controller, Get, Headers, Query, Sse, type MessageEvent } from '@nestjs/common';
import { Observable } from 'rxjs';
import { CurrentActor, CurrentSession } from '../auth/current-actor.js';
import { Requires } from '../auth/requires.js';
import type { Session } from '../auth/session.js';
import { Sessions } from '../auth/sessions.service.js';
import { audienceOf, type BoardEvent } from '../domain/audience.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { CorridorId } from '../domain/ids.js';
import { parseInstant, type Instant } from '../domain/instant.js';
import { mayEver, type Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { Boards, type BoardAsOf, type Snapshot } from './boards.service.js';
import { Groups, type Filter, type Group } from './groups.js';
import { Heartbeats } from './heartbeats.js';
import { BoardQuery, EventsQuery } from './watch.dto.js';

interface EventsPage {
  readonly events: readonly BoardEvent[];
  readonly cursor: string;
  /** False: there is more; ask again with `cursor`. */
  readonly isComplete: boolean;
}

/** The board and the two streams beside the socket: the same events and the same cursors on each. */
@Controller('v1')
export class BoardController {
  constructor(
    private readonly boards: Boards,
    private readonly groups: Groups,
    private readonly heartbeats: Heartbeats,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Everything the reader may see, and the cursor from which the tail goes on. With `asOf`, for the cell: the board as it was known at
   * that log time, and what has been entered since about things up to then.
   */
  @Get('board')
  @Requires('board.read')
  board(@Query() query: BoardQuery, @CurrentActor() actor: Actor): Promise<Snapshot | BoardAsOf> {
    if (query.asOf === undefined) return this.boards.snapshot(actor, filterOf(query.corridorIds));
    if (!mayEver(actor, 'board.read_as_of')) throw new ProblemError(problem('forbidden', { permission: 'board.read_as_of' }));
    return this.boards.asOf(actor, readInstant(query.asOf));
  }

  /** The events after a cursor, oldest first, as the reader may see them. 410 `cursor-unknown` when the place can't be resumed. */
  @Get('events')
  @Requires('events.read')
  async events(@Query() query: EventsQuery, @CurrentActor() actor: Actor): Promise<EventsPage> {
    const group = await this.groups.join(audienceOf(actor), filterOf(query.corridorIds));
    try {
      const page = await this.groups.page(group, query.cursor ?? this.groups.cursorOf(group, 0), Number(query.limit ?? 50));
      if (page.kind === 'reset') throw new ProblemError(problem('cursor-unknown', { reset: page.code }));
      return { events: page.frame.events, cursor: page.frame.cur, isComplete: page.isComplete ?? true };
    } finally {
      this.groups.leave(group);
    }
  }

  /**
   * The same as a stream (server-sent events): `frame` with the cursor as its id, `heartbeat` with the same id each 5 s, `reset` when the place
   * can't be resumed. Resumes by `Last-Event-ID`, else by `cursor`; with neither, from now on.
   */
  @Sse('stream')
  @Requires('events.read')
  async stream(
    @Query() query: EventsQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentSession() session: Session,
  ): Promise<Observable<MessageEvent>> {
    const group = await this.groups.join(audienceOf(session.actor), filterOf(query.corridorIds));
    const from = lastEventId ?? query.cursor;
    return new Observable<MessageEvent>((reader) => {
      const leaving: (() => void)[] = [];
      const follow = (): void => {
        leaving.push(
          this.groups.onFrame((of, frame) => {
            if (of === group) reader.next({ type: 'frame', id: frame.cur, data: frame });
          }),
          this.heartbeats.onBeat((beat) => {
            const cur = this.groups.cursorOf(group, group.lastSeq);
            // The same id as the last frame's: a beat never moves the place from which a reader resumes.
            reader.next({ type: 'heartbeat', id: cur, data: { cur, ...beat } });
          }),
          this.sessions.watch(session, (now) => {
            if (now !== null && canonicalJson(audienceOf(now.actor)) === canonicalJson(audienceOf(session.actor))) return;
            if (now !== null) reader.next({ type: 'reset', data: { code: 'AUTH_CHANGED' } });
            reader.complete();
          }),
        );
      };
      void this.resume(group, from)
        .then((first) => {
          if (reader.closed) return;
          // The same tick in which the catch-up closed: no event can fall between.
          if (first !== null) reader.next(first);
          follow();
        })
        .catch((error: unknown) => {
          reader.error(error);
        });
      return () => {
        for (const leave of leaving) leave();
        this.groups.leave(group);
      };
    });
  }

  private async resume(group: Group, from: string | undefined): Promise<MessageEvent | null> {
    if (from === undefined) return null;
    const place = await this.groups.catchUp(group, from);
    if (place.kind === 'reset') return { type: 'reset', data: { code: place.code } };
    return { type: 'frame', id: place.frame.cur, data: place.frame };
  }
}

function filterOf(corridorIds: string | undefined): Filter {
  return { corridorIds: corridorIds === undefined ? null : (corridorIds.toLowerCase().split(',').toSorted() as CorridorId[]) };
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
