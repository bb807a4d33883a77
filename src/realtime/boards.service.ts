import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { boardOfRows } from '../domain/as-seen.js';
import { audienceOf, type Audience } from '../domain/audience.js';
import type { Attack } from '../domain/attack.js';
import { MEMORY_MS, remembered, type Board } from '../domain/board.js';
import type { Corridor } from '../domain/corridor.js';
import { addMs, type Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import type { Status } from '../domain/status.js';
import type { CeasefireWindow } from '../domain/window.js';
import { Clock, type ClockState } from '../event-log/clock.js';
import { Tail } from '../event-log/tail.js';
import { wantedOf, type Filter } from './filter.js';
import { Groups } from './groups.js';
import { PastBoards, type PastBoard } from './past-boards.service.js';

export interface Snapshot {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly clock: Pick<ClockState, 'now' | 'rate' | 'isPaused' | 'waitsFor'>;
  readonly serverNow: Instant;
  /** Where the tail goes on. */
  readonly cursor: string;
  readonly board: Board;
}

/** The picture of an instant: as the log held it then, and what has been entered since. */
export interface BoardAsOf {
  readonly kind: ClockState['kind'];
  readonly notice: string | null;
  readonly asOf: Instant;
  readonly asKnown: PastBoard;
}

/** Snapshots of the board: rows and the log's head from one repeatable-read transaction, so that the tail goes on without a gap. */
@Injectable()
export class Boards {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly tail: Tail,
    private readonly groups: Groups,
    private readonly pastBoards: PastBoards,
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

  /** For the cell only: what was known at any moment can be replayed. */
  async asOf(actor: Actor, asOf: Instant, filter: Filter): Promise<BoardAsOf> {
    const asKnown = await this.pastBoards.asOf(audienceOf(actor), asOf, filter);
    const { kind, notice } = await this.clock.state();
    return { kind, notice, asOf, asKnown };
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
