import type { Corridor, LightAndCurfew, Limit, Mode } from './corridor.js';
import type { Dossier } from './dossier.js';
import { timesOf } from './evidence.js';
import { lengthKm } from './geometry.js';
import { HOUR_MS, MINUTE_MS, addMs, earliestOf, type Instant } from './instant.js';
import { CHECKPOINT_WAIT_MS, MARGIN_MS, MARGIN_SHARE, SLOW_SPEED_KMH } from './settings.js';

/**
 * Slow transit from entry to exit, ms. Until it is measured or estimated by people: 25 km/h and 30 min for each checkpoint, which is
 * good enough to show a time, never to open (row 9 asks for a set one).
 */
export function slowTransitMs(corridor: Corridor, mode: Mode | null): number {
  const set = mode === null ? undefined : corridor.attempt?.transitTimes[mode];
  if (set !== undefined) return set.slowMinutes * MINUTE_MS;
  return guessedTransitMs(corridor);
}

const guesses = new WeakMap<Corridor['segments'], number>();

/** Cached by the segments themselves, which change only with the route: a traced line has thousands of points. */
function guessedTransitMs(corridor: Corridor): number {
  const known = guesses.get(corridor.segments);
  if (known !== undefined) return known;
  const km = corridor.segments.reduce((sum, segment) => sum + lengthKm(segment.line), 0);
  const checkpoints = corridor.segments.reduce((sum, segment) => sum + segment.checkpoints, 0);
  const guess = Math.ceil((km / SLOW_SPEED_KMH) * HOUR_MS) + checkpoints * CHECKPOINT_WAIT_MS;
  guesses.set(corridor.segments, guess);
  return guess;
}

/** The limit "these modes only" that leaves this mode out: no departure of it. */
export function limitLeavingOut({ corridor }: Dossier, mode: Mode | null): Limit | null {
  if (mode === null) return null;
  return corridor.attempt?.limits.find((limit) => limit.kind === 'modes_only' && limit.modes?.includes(mode) === false) ?? null;
}

/**
 * Last safe departure of a mode = min(window end, curfew, last light) − slow transit − max(30 min, 20 %).
 *
 * @returns null when no end is claimed as an instant: then the window can't be OPEN either; and when a limit leaves the mode out
 */
export function lastDeparture(dossier: Dossier, mode: Mode | null): Instant | null {
  const { attempt } = dossier.corridor;
  const { startsAt, firstEndAt } = timesOf(dossier);
  if (attempt === null || firstEndAt === null || limitLeavingOut(dossier, mode) !== null) return null;
  const { lightAndCurfew } = attempt;
  const edges = [firstEndAt, curfewOf(lightAndCurfew, startsAt), lightAndCurfew.lastLightAt];
  const mustBeOutBy = earliestOf(edges.filter((edge): edge is Instant => edge !== null));
  if (mustBeOutBy === null) return null;
  const transitMs = slowTransitMs(dossier.corridor, mode);
  return addMs(mustBeOutBy, -Math.round(transitMs + Math.max(MARGIN_MS, transitMs * MARGIN_SHARE)));
}

/**
 * The curfew by whose beginning everybody must be out; null: none, or last night's, over before the window starts. One that is over
 * later, in the middle of the window, still counts: no passing of time makes a corridor easier to use. So does one that ends before it
 * begins: somebody wrote the wrong day.
 */
function curfewOf({ curfewFrom, curfewTo }: LightAndCurfew, startsAt: Instant | null): Instant | null {
  if (curfewFrom === null) return null;
  const isOver = curfewTo !== null && startsAt !== null && curfewFrom < curfewTo && curfewTo <= startsAt;
  return isOver ? null : curfewFrom;
}
