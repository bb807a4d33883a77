import { Injectable } from '@nestjs/common';
import { happenedBy } from '../domain/attack.js';
import { redact, type Audience } from '../domain/audience.js';
import type { Board, BoardAttack, BoardWindow } from '../domain/board.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Instant } from '../domain/instant.js';
import { Tail } from '../event-log/tail.js';
import { BoardHistory, type Fold } from './board-history.js';
import { wantedOf, type Filter } from './filter.js';
import { Groups } from './groups.js';

/** The board of an instant, twice: as the log held it then, and what has been entered since about things up to then. */
export interface PastBoard {
  readonly then: Board;
  readonly now: { readonly attacks: readonly BoardAttack[]; readonly windows: readonly BoardWindow[] };
}

interface Known {
  readonly history: BoardHistory;
  /** Ends when the history has come as far as the latest reader asked; one walk at a time. */
  walk: Promise<void>;
}

/** Cells whose history is kept; who comes back later has it folded again. */
const MOST_HISTORIES = 8;
const PAGE = 500;

/** What was known at any moment. The log is folded once for each audience, and from then on only what is new. */
@Injectable()
export class PastBoards {
  /** The longest unused first. */
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly tail: Tail,
    private readonly groups: Groups,
  ) {}

  async asOf(audience: Audience, asOf: Instant, filter: Filter): Promise<PastBoard> {
    const known = this.knownOf(audience);
    const head = await this.tail.head();
    await this.groups.reached(head); // whose corridors are whose is known up to there, and so what this audience may see
    await this.walkTo(known, head);
    const { history } = known;
    const then = await this.foldAt(history, asOf);
    return { then: wantedOf(filter, then.board), now: enteredSince(then, history, asOf, filter) };
  }

  private knownOf(audience: Audience): Known {
    const key = canonicalJson(audience);
    const known = this.known.get(key) ?? {
      history: new BoardHistory((event) => redact(event, audience, this.groups.ownerOf)),
      walk: Promise.resolve(),
    };
    this.known.delete(key);
    this.known.set(key, known);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_HISTORIES && oldest !== undefined) this.known.delete(oldest);
    return known;
  }

  private async walkTo(known: Known, head: number): Promise<void> {
    const walk = known.walk.then(async () => {
      const { history } = known;
      while (history.latest.seq < head) {
        const page = await this.tail.since(history.latest.seq, PAGE);
        for (const event of page) if (event.seq <= head) history.add(event);
      }
    });
    known.walk = walk.catch(() => undefined); // who walks next starts where this one stopped
    await walk;
  }

  /** From the nearest fold before the instant, forward to it. */
  private async foldAt(history: BoardHistory, asOf: Instant): Promise<Fold> {
    const head = history.latest.seq;
    let fold = history.before(asOf);
    while (fold.seq < head) {
      for (const event of await this.tail.since(fold.seq, PAGE)) {
        if (event.recordedAt > asOf || event.seq > head) return fold;
        fold = history.after(fold, event);
      }
    }
    return fold;
  }
}

/** What came in later about things up to the instant: late reports, outcomes, cancellations; it changes no word of then. */
function enteredSince({ seq }: Fold, history: BoardHistory, asOf: Instant, filter: Filter): PastBoard['now'] {
  const { windows, attacks } = wantedOf(filter, history.latest.board);
  return {
    attacks: Object.values(attacks).filter((attack) => history.isChangedAfter(attack.id, seq) && whenAtTheLatest(attack) <= asOf),
    windows: Object.values(windows).filter((window) => history.isChangedAfter(window.id, seq) && window.announcedAt <= asOf),
  };
}

/** When it can have happened at the latest, as far as this reader may know. */
function whenAtTheLatest({ occurredAt = null, occurredOn = null, zone, countsFrom, recordedAt }: BoardAttack): Instant {
  if (countsFrom === undefined || zone === undefined) return countsFrom ?? recordedAt;
  return happenedBy({ occurredAt, occurredOn, zone, countsFrom });
}
