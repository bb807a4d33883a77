import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { boardOfRows } from '../domain/as-seen.js';
import { audienceOf, redact, type Audience } from '../domain/audience.js';
import { happenedBy, type Attack } from '../domain/attack.js';
import { EMPTY_BOARD, MEMORY_MS, boardAfter, remembered, type Board, type BoardAttack, type BoardWindow } from '../domain/board.js';
import type { Corridor } from '../domain/corridor.js';
import { addMs, type Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import type { Status } from '../domain/status.js';
import type { CeasefireWindow } from '../domain/window.js';
import { Clock, type ClockState } from '../event-log/clock.js';
import { EVENT_COLUMNS, toLoggedEvent, type EventRow } from '../event-log/event-rows.js';
import { Tail } from '../event-log/tail.js';
import { wantedOf, type Filter } from './filter.js';
import { Groups } from './groups.js';

export interface Snapshot {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly clock: Pick<ClockState, 'now' | 'rate' | 'isPaused' | 'waitsFor'>;
  readonly serverNow: Instant;
  /** Where the tail goes on. */
  readonly cursor: string;
  readonly board: Board;
}

/** The picture of an instant, twice: as the log held it then, and what has been entered since about things up to then. */
export interface BoardAsOf {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly asOf: Instant;
  readonly asKnown: {
    readonly then: Board;
    readonly now: { readonly attacks: readonly BoardAttack[]; readonly windows: readonly BoardWindow[] };
  };
}

const PAGE = 2000;

/** Snapshots of the board: rows and the log's head from one repeatable-read transaction, so that the tail goes on without a gap. */
@Injectable()
export class Boards {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly tail: Tail,
    private readonly groups: Groups,
  ) {}

  async snapshot(actor: Actor, filter: Filter): Promise<Snapshot> {
    const audience = audienceOf(actor);
    const group = await this.groups.join(audience, filter);
    try {
      const { head, ...snapshot } = await this.database.transaction('REPEATABLE READ', async (tx) => {
        const head = await this.tail.head(tx);
        const { kind, notice, now, rate, isPaused, waitsFor, serverNow } = await this.clock.state(tx);
        const board = wantedOf(filter, remembered(await this.readBoard(tx, audience, now), now));
        return { head, kind, notice, clock: { now, rate, isPaused, waitsFor }, serverNow, board };
      });
      // After the transaction: the tail may need its connection to come that far.
      return { ...snapshot, cursor: this.groups.cursorOf(group, await this.groups.lastVisible(group, head)) };
    } finally {
      this.groups.leave(group);
    }
  }

  /** For the cell only. Folds the log as the reader may see it: what was known at any moment can be replayed. */
  async asOf(actor: Actor, asOf: Instant): Promise<BoardAsOf> {
    const audience = audienceOf(actor);
    return this.database.transaction('REPEATABLE READ', async (tx) => {
      const { kind, notice } = await this.clock.state(tx);
      let then: Board | null = null;
      let board = EMPTY_BOARD;
      let seq = 0;
      for (;;) {
        const rows = await tx.query<EventRow[]>(`SELECT ${EVENT_COLUMNS} FROM events WHERE seq > $1 ORDER BY seq LIMIT ${String(PAGE)}`, [
          seq,
        ]);
        for (const row of rows) {
          if (row.recordedAt > asOf) then ??= board;
          const seen = redact(toLoggedEvent(row), audience, this.groups.ownerOf);
          if (seen !== null) board = boardAfter(board, seen);
        }
        seq = rows.at(-1)?.seq ?? seq;
        if (rows.length < PAGE) break;
      }
      then ??= board;
      return { kind, notice, asOf, asKnown: { then, now: enteredSince(then, board, asOf) } };
    });
  }

  private async readBoard(tx: EntityManager, audience: Audience, now: Instant): Promise<Board> {
    const corridors = await tx.query<{ state: Corridor; status: Status | null }[]>(
      `SELECT c.state, s.state AS status FROM corridors c LEFT JOIN corridor_statuses s ON s.id = c.id`,
    );
    const since = addMs(now, -MEMORY_MS);
    const windows = await tx.query<{ state: CeasefireWindow }[]>(
      `SELECT w.state FROM windows w WHERE w.announced_at > $1 OR EXISTS (SELECT FROM corridors c WHERE c.window_id = w.id)`,
      [since],
    );
    const attacks = await tx.query<{ state: Attack }[]>(`SELECT state FROM attacks WHERE received_at > $1`, [since]);
    return boardOfRows(
      {
        corridors: corridors.map(({ state, status }) => ({ corridor: state, status })),
        windows: windows.map(({ state }) => state),
        attacks: attacks.map(({ state }) => state),
      },
      audience,
      this.groups.ownerOf,
    );
  }
}

/** What came in later about things up to the instant: late reports, outcomes, cancellations; it changes no word of then. */
function enteredSince(then: Board, now: Board, asOf: Instant): BoardAsOf['asKnown']['now'] {
  return {
    attacks: Object.values(now.attacks).filter((attack) => then.attacks[attack.id] !== attack && whenAtTheLatest(attack) <= asOf),
    windows: Object.values(now.windows).filter((window) => then.windows[window.id] !== window && window.announcedAt <= asOf),
  };
}

/** When it can have happened at the latest, as far as this reader may know. */
function whenAtTheLatest({ occurredAt = null, occurredOn = null, zone, countsFrom, recordedAt }: BoardAttack): Instant {
  if (countsFrom === undefined || zone === undefined) return countsFrom ?? recordedAt;
  return happenedBy({ occurredAt, occurredOn, zone, countsFrom });
}
