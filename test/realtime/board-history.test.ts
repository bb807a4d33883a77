import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redact, type Audience } from '../../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD, type Board } from '../../src/domain/board.js';
import { entityOf, type DomainEvent, type LoggedEvent } from '../../src/domain/event.js';
import { addMs, type Instant } from '../../src/domain/instant.js';
import { BoardHistory } from '../../src/realtime/board-history.js';
import { EVENT_TYPES, EVERY_FACT, logged, NOON, OURS } from '../support/every-fact.js';

const CELL: Audience = { kind: 'cell', organisationId: OURS, sharedCorridorIds: [] };
const see = (event: LoggedEvent) => redact(event, CELL, () => OURS);

/** A log of every kind of fact, about a few corridors, windows and attacks; several facts in one instant. */
function logOf(facts: readonly { readonly type: (typeof EVENT_TYPES)[number]; readonly which: number; readonly pauseMs: number }[]) {
  let recordedAt = NOON;
  return facts.map(({ type, which, pauseMs }, index): LoggedEvent => {
    const ids = Object.fromEntries(['corridorId', 'windowId', 'attackId'].map((name) => [name, `${name} ${String(which)}`]));
    const fact = EVERY_FACT[type] as object;
    const named = Object.fromEntries(Object.entries(fact).map(([name, value]: [string, unknown]) => [name, ids[name] ?? value]));
    const body = { type, ...named } as unknown as DomainEvent;
    recordedAt = addMs(recordedAt, pauseMs);
    return logged(body, { ...entityOf(body), seq: index + 1, recordedAt });
  });
}
const [log = []] = fc
  .sample(
    fc.array(fc.record({ type: fc.constantFrom(...EVENT_TYPES), which: fc.nat({ max: 9 }), pauseMs: fc.constantFrom(0, 0, 1, 60_000) }), {
      minLength: 5_000,
      maxLength: 5_000,
    }),
    { numRuns: 1, seed: 7 },
  )
  .map(logOf);

/** By `seq`, folded one event after another. */
const boards: Board[] = [EMPTY_BOARD];
for (const event of log) {
  const [board, seen] = [boards.at(-1) ?? EMPTY_BOARD, see(event)];
  boards.push(seen === null ? board : boardAfter(board, seen));
}

/** As the service walks: from the nearest fold, forward to the instant. */
function walk(history: BoardHistory, asOf: Instant): { readonly board: Board; readonly seq: number; readonly steps: number } {
  const start = history.before(asOf);
  const way = log.slice(start.seq).filter(({ recordedAt }) => recordedAt <= asOf);
  const end = way.reduce((fold, event) => history.after(fold, event), start);
  return { board: end.board, seq: end.seq, steps: way.length };
}

describe('the history of a board', () => {
  const history = new BoardHistory(see);
  for (const event of log) history.add(event);
  const instants = [addMs(NOON, -1), ...log.filter((_, index) => index % 97 === 0).map(({ recordedAt }) => recordedAt), addMs(NOON, 1e10)];

  it('gives the board of any instant, after a short walk', () => {
    for (const asOf of instants) {
      const { board, seq, steps } = walk(history, asOf);
      expect(seq).toBe(log.filter(({ recordedAt }) => recordedAt <= asOf).length);
      expect(board).toEqual(boards[seq]);
      expect(steps).toBeLessThanOrEqual(256);
    }
    expect(history.latest.board).toEqual(boards.at(-1));
    expect(Object.keys(history.latest.board.attacks)).toHaveLength(10);
  });

  it('knows what has changed since', () => {
    for (const asOf of instants) {
      const { seq } = walk(history, asOf);
      const then = boards[seq] ?? EMPTY_BOARD;
      const { attacks } = history.latest.board;
      const naive = Object.keys(attacks).filter((id) => (boards.at(-1) ?? EMPTY_BOARD).attacks[id as never] !== then.attacks[id as never]);
      expect(Object.keys(attacks).filter((id) => history.isChangedAfter(id, seq))).toEqual(naive);
    }
  });
});
