import { Temporal } from 'temporal-polyfill';
import { instantFromMs, type Instant } from './instant.js';

/** A calendar day without a zone, `2022-03-27`. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };
/** An IANA time zone, `Europe/Kyiv`. */
export type Zone = string & { readonly __brand: 'Zone' };

/** @returns null for a name that is no IANA zone; fixed offsets (`+02:00`) are refused, since they don't know summer time */
export function parseZone(text: string): Zone | null {
  if (!/^[A-Za-z]/.test(text)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId as Zone;
  } catch {
    return null;
  }
}

/** @returns null when the text is no real day between 1990 and 2100 */
export function parseLocalDate(text: string): LocalDate | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null;
  try {
    const day = Temporal.PlainDate.from(text, { overflow: 'reject' });
    return day.year < 1990 || day.year > 2100 ? null : (day.toString() as LocalDate);
  } catch {
    return null;
  }
}

/** The day as the half-open span [00:00, 24:00) of its zone: 23 or 25 hours long when the clocks change. */
export function dayBounds(day: LocalDate, zone: Zone): { readonly from: Instant; readonly to: Instant } {
  const date = Temporal.PlainDate.from(day);
  const at = (d: Temporal.PlainDate): Instant => instantFromMs(d.toZonedDateTime({ timeZone: zone }).epochMilliseconds);
  return { from: at(date), to: at(date.add({ days: 1 })) };
}

/** What a wall clock in the zone shows, `{ date: '2022-03-27', time: '10:00' }`. */
export function wallClock(instant: Instant, zone: Zone): { readonly date: LocalDate; readonly time: string } {
  const zoned = Temporal.Instant.from(instant).toZonedDateTimeISO(zone);
  return {
    date: zoned.toPlainDate().toString() as LocalDate,
    time: zoned.toPlainTime().toString({ smallestUnit: 'minute' }),
  };
}

/** An hour that comes twice or never is asked back, not guessed. */
export type LocalTimeReading =
  | { readonly kind: 'instant'; readonly at: Instant }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'malformed' };

/** @param local wall clock text without offset, `2022-03-27T10:00` */
export function readLocalTime(local: string, zone: Zone): LocalTimeReading {
  let wall: Temporal.PlainDateTime;
  try {
    wall = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
  } catch {
    return { kind: 'malformed' };
  }
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const later = wall.toZonedDateTime(zone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds) return { kind: 'instant', at: instantFromMs(earlier.epochMilliseconds) };
  return { kind: earlier.toPlainDateTime().equals(wall) ? 'ambiguous' : 'skipped' };
}
