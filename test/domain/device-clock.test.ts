import { describe, expect, it } from '@jest/globals';
import { deviceClock } from '../../client/device-clock.js';

describe('the clock of a device', () => {
  /** `sleep` stops the monotonic clock alone; backwards, it is somebody who sets the time of day. */
  function device(): Readonly<Record<'pass' | 'sleep', (ms: number) => void>> & { readonly read: () => number } {
    let [monotonic, wall] = [3_600_000, 1_646_812_800_000];
    const read = deviceClock(
      () => monotonic,
      () => wall,
    );
    const sleep = (ms: number): void => {
      wall += ms;
    };
    const pass = (ms: number): void => {
      monotonic += ms;
      sleep(ms);
    };
    return { pass, sleep, read };
  }

  it('runs with the monotonic one', () => {
    const { pass, read } = device();
    const before = read();
    pass(5_000);
    expect(read() - before).toBe(5_000);
  });

  it('goes on while the device sleeps and its monotonic clock stands still', () => {
    const { pass, sleep, read } = device();
    const before = read();
    pass(1_000);
    sleep(3_600_000);
    pass(1_000);
    expect(read() - before).toBe(3_602_000);
    expect(read() - before).toBe(3_602_000);
  });

  it('never runs backwards when somebody sets the time of day back, and counts a later sleep all the same', () => {
    const { pass, sleep, read } = device();
    const before = read();
    sleep(-86_400_000);
    pass(1_000);
    expect(read() - before).toBe(1_000);
    sleep(60_000);
    expect(read() - before).toBe(61_000);
  });
});
