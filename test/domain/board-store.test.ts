import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  BLANK,
  isInDoubt,
  logTime,
  pictureAfter,
  SILENCE_MS,
  type ClockView,
  type Input,
  type Phase,
  type Picture,
} from '../../client/board-store.js';
import { shownWord } from '../../client/follow.js';
import { redact, type BoardEvent } from '../../src/domain/audience.js';
import { EMPTY_BOARD } from '../../src/domain/board.js';
import { DISPLAYS, EASE } from '../../src/domain/status.js';
import { CORRIDOR, loggedOf, NOON, OURS, status } from '../support/every-fact.js';

const clock: ClockView = { now: NOON, rate: 60, isPaused: false, waitsFor: null };
const snapshot: Input = {
  type: 'snapshot',
  snapshot: { kind: 'exercise', notice: 'EXERCISE', clock, cursor: 'here', board: EMPTY_BOARD },
};
const frame = (prev: string, ...events: readonly BoardEvent[]) => ({ prev, cur: 'there', events });
const beat = (cur: string, lagMs = 0): Input => ({ type: 'heartbeat', beat: { cur, clock, lagMs } });
const seen = (type: 'CorridorDeclared' | 'CorridorStatusChanged'): BoardEvent =>
  redact(loggedOf(type), { kind: 'cell', organisationId: OURS, sharedCorridorIds: [] }) as BoardEvent;

const after = (...inputs: readonly Input[]): Picture => inputs.reduce((picture, input) => pictureAfter(picture, input, 1_000), BLANK);
const PHASES: Readonly<Record<Phase, Picture>> = {
  connecting: BLANK,
  current: after(snapshot),
  resyncing: after(snapshot, { type: 'reset' }),
  signed_out: after(snapshot, { type: 'signed_out' }),
};
const INPUTS: Readonly<Record<string, Input>> = {
  snapshot,
  'resumed, fits': { type: 'resumed', frame: frame('here') },
  'resumed, gap': { type: 'resumed', frame: frame('elsewhere') },
  'frame, fits': { type: 'frame', frame: frame('here') },
  'frame, gap': { type: 'frame', frame: frame('elsewhere') },
  'heartbeat, same place': beat('here'),
  'heartbeat, other place': beat('elsewhere'),
  reset: { type: 'reset' },
  cut: { type: 'cut' },
  signed_out: { type: 'signed_out' },
};

/** The table of client/README.md: phase, input, phase after. */
function tableOfReadme(): readonly (readonly [Phase, string, string])[] {
  const lines = readFileSync(new URL('../../client/README.md', import.meta.url), 'utf8').split('\n');
  const cells = (line: string): readonly string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const [head = [], , ...rows] = lines.filter((line) => line.startsWith('|')).map(cells);
  return rows.flatMap(([phase, ...afterwards]) => afterwards.map((next, index) => [phase as Phase, head[index + 1] ?? '', next] as const));
}

describe('the picture of a reader', () => {
  it('has a row for every phase and a column for every input in its README', () => {
    const table = tableOfReadme();
    expect([...new Set(table.map(([phase]) => phase))]).toEqual(Object.keys(PHASES));
    expect([...new Set(table.map(([, input]) => input))]).toEqual(Object.keys(INPUTS));
  });

  it.each(tableOfReadme())('%s, after "%s": %s', (phase, input, next) => {
    expect(pictureAfter(PHASES[phase], INPUTS[input] as Input, 1_000).phase).toBe(next);
  });

  it('stays on the screen through a gap, in doubt', () => {
    const before = after(snapshot, { type: 'frame', frame: frame('here', seen('CorridorDeclared')) });
    const gap = pictureAfter(before, { type: 'frame', frame: frame('elsewhere', seen('CorridorStatusChanged')) }, 1_000);
    expect(gap.board).toBe(before.board);
    expect([isInDoubt(before, 1_000), isInDoubt(gap, 1_000)]).toEqual([false, true]);
  });

  it('is in doubt after 15 s of silence, and a beat from another place ends no silence', () => {
    const picture = after(snapshot);
    expect(isInDoubt(picture, 1_000 + SILENCE_MS - 1)).toBe(false);
    expect(isInDoubt(picture, 1_000 + SILENCE_MS)).toBe(true);
    expect(isInDoubt(pictureAfter(picture, beat('here'), 9_000), 1_000 + SILENCE_MS)).toBe(false);
    expect(isInDoubt(pictureAfter(picture, beat('elsewhere'), 9_000), 9_000)).toBe(true);
  });

  it('is in doubt when the server reads its own log late', () => {
    expect(isInDoubt(pictureAfter(after(snapshot), beat('here', 5_001), 1_000), 1_000)).toBe(true);
  });

  it('counts log time at the rate of the server, and not while it is paused', () => {
    expect(logTime(after(snapshot), 3_000)).toBe('2022-03-09T12:02:00.000Z');
    const paused = pictureAfter(
      after(snapshot),
      { type: 'heartbeat', beat: { cur: 'here', clock: { ...clock, isPaused: true }, lagMs: 0 } },
      1_000,
    );
    expect(logTime(paused, 60_000)).toBe(NOON);
    expect(logTime(BLANK, 60_000)).toBeNull();
  });

  it('tells a status as news only when its word is another', () => {
    const declared = after(snapshot, { type: 'frame', frame: frame('here', seen('CorridorDeclared')) });
    const once = pictureAfter(declared, { type: 'frame', frame: frame('there', seen('CorridorStatusChanged')) }, 1_000);
    const again = pictureAfter(once, { type: 'frame', frame: frame('there', seen('CorridorStatusChanged')) }, 1_000);
    expect(once.ticker.map(({ type }) => type)).toEqual(['CorridorStatusChanged', 'CorridorDeclared']);
    expect(again.ticker).toEqual(once.ticker);
  });

  it.each(DISPLAYS)('draws %s as it is while all is well, and never as usable in doubt or past its end', (display) => {
    const corridor = { id: CORRIDOR, status: { ...status, display } };
    const worse = EASE[display] > 0 ? 'unknown' : display;
    expect(shownWord({ isStale: false, now: NOON }, corridor)).toBe(display);
    expect(shownWord({ isStale: true, now: NOON }, corridor)).toBe(worse);
    expect(shownWord({ isStale: false, now: status.validUntil }, corridor)).toBe(worse);
    expect(shownWord({ isStale: false, now: null }, corridor)).toBe('unknown');
    expect(shownWord({ isStale: false, now: NOON }, { id: CORRIDOR, status: null })).toBe('unknown');
  });
});
