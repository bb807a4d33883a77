import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock, ClockState } from '../../src/event-log/clock.js';
import type { Tail } from '../../src/event-log/tail.js';
import { Heartbeats, type Beat } from '../../src/realtime/heartbeats.js';

const EVERY_MS = 5_000;
let touch: () => void;
let state: jest.Mock<() => Promise<ClockState>>;
let heartbeats: Heartbeats;

beforeEach(() => {
  jest.useFakeTimers();
  state = jest.fn(() => Promise.resolve({ kind: 'exercise', rate: 1 } as ClockState));
  const clock = { state, onTouched: (listener: () => void) => (touch = listener) };
  heartbeats = new Heartbeats(clock as unknown as Clock, { silentMs: () => 7 } as Tail);
  heartbeats.onApplicationBootstrap();
});
afterEach(() => {
  heartbeats.beforeApplicationShutdown();
  jest.useRealTimers();
});

/** When each of so many readers heard a beat, ms. */
function readers(count: number): readonly number[][] {
  return Array.from({ length: count }, () => {
    const heard: number[] = [];
    heartbeats.onBeat(() => heard.push(performance.now()));
    return heard;
  });
}

describe('heartbeats', () => {
  it('reach each reader every 5 s, and never all readers at once', async () => {
    const all = readers(100);
    await jest.advanceTimersByTimeAsync(3 * EVERY_MS);
    for (const heard of all) {
      expect(heard).toHaveLength(3);
      heard.slice(1).forEach((at, index) => {
        expect(at - (heard[index] ?? 0)).toBeCloseTo(EVERY_MS, -1);
      });
    }
    expect(new Set(all.map(([first]) => first)).size).toBe(25);
  });

  it('that a busy process is late for are made up, once for each reader', async () => {
    const all = readers(50);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    const late = performance.now() + 3 * EVERY_MS;
    const now = jest.spyOn(performance, 'now').mockReturnValue(late); // nothing ran for 15 s
    await jest.advanceTimersByTimeAsync(EVERY_MS / 25);
    now.mockRestore();
    expect(all.map(({ length }) => length)).toEqual(all.map(() => 2));
  });

  it('reach everybody at once when the clock was touched, with what it says after that', async () => {
    const heard: Beat[] = [];
    Array.from({ length: 30 }, () => heartbeats.onBeat((beat) => heard.push(beat)));
    let answer: (state: ClockState) => void = () => undefined;
    state.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await jest.advanceTimersByTimeAsync(EVERY_MS / 25); // a reader's turn: the clock is being read
    state.mockResolvedValue({ kind: 'exercise', rate: 60 } as ClockState);
    touch();
    answer({ kind: 'exercise', rate: 1 } as ClockState);
    await jest.advanceTimersByTimeAsync(0);
    expect(heard.slice(-30).map(({ clock }) => clock.rate)).toEqual(Array.from({ length: 30 }, () => 60));
  });

  it('are not there while the clock can’t be read, and come again by themselves', async () => {
    const [heard] = readers(1);
    state.mockRejectedValue(new Error('no database'));
    await jest.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(heard).toEqual([]);
    state.mockResolvedValue({ kind: 'live', rate: 1 } as ClockState);
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(heard).toHaveLength(1);
  });

  it('are not heard by who left, also while the clock was being read', async () => {
    const heard: Beat[] = [];
    const stop = heartbeats.onBeat((beat) => heard.push(beat));
    let answer: (state: ClockState) => void = () => undefined;
    state.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    await jest.advanceTimersByTimeAsync(EVERY_MS);
    expect(state).toHaveBeenCalledTimes(1);
    stop();
    answer({ kind: 'live', rate: 1 } as ClockState);
    await jest.advanceTimersByTimeAsync(2 * EVERY_MS);
    expect(heard).toEqual([]);
  });
});
