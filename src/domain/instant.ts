/**
 * An instant as UTC text with exactly three decimals, `2022-03-05T09:00:00.000Z`.
 *
 * It sorts with `<`, is the same in memory, log, JSON and SQL, and reads well in a failing test. Only this file knows `Date`.
 */
export type Instant = string & { readonly __brand: 'Instant' };

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)$/;

/** The years our clocks, databases and readers all agree on. An instant outside is a mistake of the sender (the year 9999 among them). */
export const EARLIEST_YEAR = 1990;
export const LATEST_YEAR = 2100;

/**
 * Reads RFC 3339 text with an explicit offset; finer fractions than a millisecond are cut.
 *
 * @returns null when the text has no zone, is no real date or time (31 April, 24:30), or lies outside 1990–2100
 */
export function parseInstant(text: string): Instant | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset = 'Z'] = match;
  if (Number(year) < EARLIEST_YEAR || Number(year) > LATEST_YEAR) return null;
  const wall = `${String(year)}-${String(month)}-${String(day)}T${String(hour)}:${String(minute)}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}`;
  const asUtc = new Date(`${wall}Z`);
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString() !== `${wall}Z`) return null; // 31 April rolls over in Date; we refuse it
  if (offset !== 'Z' && (Number(offset.slice(1, 3)) > 14 || Number(offset.slice(4, 6)) > 59)) return null;
  const instant = new Date(`${wall}${offset}`);
  const utcYear = instant.getUTCFullYear();
  return utcYear < EARLIEST_YEAR || utcYear > LATEST_YEAR ? null : (instant.toISOString() as Instant);
}

/** @param ms milliseconds since 1970-01-01T00:00:00Z */
export function instantFromMs(ms: number): Instant {
  return new Date(ms).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export function msOf(instant: Instant): number {
  return Date.parse(instant);
}

export function addMs(instant: Instant, ms: number): Instant {
  return instantFromMs(msOf(instant) + ms);
}

/** Milliseconds from `earlier` to `later`; negative when they are the other way round. */
export function msBetween(earlier: Instant, later: Instant): number {
  return msOf(later) - msOf(earlier);
}

export function latestOf(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>((latest, instant) => (latest === null || instant > latest ? instant : latest), null);
}

export function earliestOf(instants: readonly Instant[]): Instant | null {
  return instants.reduce<Instant | null>((earliest, instant) => (earliest === null || instant < earliest ? instant : earliest), null);
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
