/** The wall clock ran on by this much more than the monotonic one: the device slept, or somebody set its clock. */
const JUMP_MS = 1_000;

/**
 * Monotonic milliseconds that go on while the device sleeps. Many monotonic clocks stand still then, so that a board that was shut for an
 * hour would believe itself a second old. The wall clock is asked only how far it ran: set forward it counts as sleep, which errs towards
 * silence; set back it changes nothing.
 */
export function deviceClock(monotonic: () => number = () => performance.now(), wall: () => number = () => Date.now()): () => number {
  let aheadMs = wall() - monotonic();
  let sleptMs = 0;
  return () => {
    const jumpMs = wall() - monotonic() - aheadMs;
    if (jumpMs < 0 || jumpMs >= JUMP_MS) {
      aheadMs += jumpMs;
      sleptMs += Math.max(0, jumpMs);
    }
    return monotonic() + sleptMs;
  };
}
