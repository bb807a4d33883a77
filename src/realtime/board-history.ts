import type { BoardEvent } from '../domain/audience.js';
import { boardAfter, EMPTY_BOARD, type Board } from '../domain/board.js';
import type { LoggedEvent } from '../domain/event.js';
import type { Instant } from '../domain/instant.js';

/** A board, and the last event that has been folded into it. */
export interface Fold {
  readonly seq: number;
  /** Log time of that event; null before the first. */
  readonly recordedAt: Instant | null;
  readonly board: Board;
}

const START: Fold = { seq: 0, recordedAt: null, board: EMPTY_BOARD };
const FIRST_SPACING = 64;
const MOST_KEPT = 64;

/**
 * The whole log as one audience sees it, with folds kept on the way, so that the board of any instant is a short walk from the nearest
 * one before it. At most 64 are kept: when there are more, every second one goes, and the walk grows with the log's length / 64. Boards
 * share what did not change between them.
 */
export class BoardHistory {
  private kept: readonly Fold[] = [START];
  private spacing = FIRST_SPACING;
  private newest: Fold = START;
  private readonly changes = new Map<string, number>();

  /** @param see redacts for the audience; null: hidden from it */
  constructor(private readonly see: (event: LoggedEvent) => BoardEvent | null) {}

  get latest(): Fold {
    return this.newest;
  }

  /** The next event of the log; `seq` has no gaps. */
  add(event: LoggedEvent): void {
    const { board } = this.newest;
    this.newest = this.after(this.newest, event);
    if (this.newest.board !== board) this.changes.set(event.entityId, event.seq);
    if (event.seq % this.spacing === 0) this.keep(this.newest);
  }

  after({ board }: Fold, event: LoggedEvent): Fold {
    const seen = this.see(event);
    return { seq: event.seq, recordedAt: event.recordedAt, board: seen === null ? board : boardAfter(board, seen) };
  }

  /** The nearest fold that holds nothing recorded later than this. Log time never goes back. */
  before(asOf: Instant): Fold {
    const isBefore = ({ recordedAt }: Fold): boolean => recordedAt === null || recordedAt <= asOf;
    return isBefore(this.newest) ? this.newest : (this.kept.findLast(isBefore) ?? START);
  }

  /** Whether the board's item of this id changed after that event. */
  isChangedAfter(id: string, seq: number): boolean {
    return (this.changes.get(id) ?? 0) > seq;
  }

  private keep(fold: Fold): void {
    this.kept = [...this.kept, fold];
    if (this.kept.length <= MOST_KEPT) return;
    this.spacing *= 2;
    this.kept = this.kept.filter(({ seq }) => seq % this.spacing === 0);
  }
}
