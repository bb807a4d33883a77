import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until the check passes, looking every 20 ms: for what happens soon, but not in the same breath.
 *
 * @throws after `withinMs` the last error of the check, so a failing test says what was still wrong
 */
export async function eventually<Result>(
  check: () => Result | Promise<Result>,
  { withinMs = 5_000 }: { readonly withinMs?: number } = {},
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}
