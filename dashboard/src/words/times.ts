import { type IntlShape } from 'react-intl';
import { HOUR_MS, MINUTE_MS, msBetween, msOf, parseInstant, type Instant } from '../../../src/domain/instant.js';

const DAY_MS = 24 * HOUR_MS;

/** `14:05` on the zone's wall clock. The hours run to 23 and the digits are Latin in every language: they are read out on the radio. */
export function clockTime(intl: IntlShape, at: Instant, zone: string): string {
  return new Intl.DateTimeFormat(intl.locale, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    numberingSystem: 'latn',
  }).format(msOf(at));
}

/** `Wed, 9 Mar 2022` in the zone. */
export function calendarDay(intl: IntlShape, at: Instant, zone: string): string {
  return new Intl.DateTimeFormat(intl.locale, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    numberingSystem: 'latn',
  }).format(msOf(at));
}

/** `9 Mar`: a calendar day of no zone, given as `2022-03-09`. */
export function dayName(intl: IntlShape, date: string): string {
  const at = parseInstant(`${date}T00:00:00Z`);
  return at === null ? date : dayAndMonth(intl, at, 'UTC');
}

function dayAndMonth(intl: IntlShape, at: Instant, zone: string): string {
  return new Intl.DateTimeFormat(intl.locale, { timeZone: zone, day: 'numeric', month: 'short', numberingSystem: 'latn' }).format(msOf(at));
}

/** The time, with its day where that is not the day of `now`. */
export function timeNear(intl: IntlShape, at: Instant, now: Instant, zone: string): string {
  const time = clockTime(intl, at, zone);
  const dayOf = (instant: Instant): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(msOf(instant));
  if (dayOf(at) === dayOf(now)) return time;
  return `${dayAndMonth(intl, at, zone)} ${time}`;
}

/** A length of time in one look: `45 s`, `12 min`, `1 h 07`, `3 days`. Below zero counts as zero: clocks differ, ages don't. */
export function span(intl: IntlShape, ms: number): string {
  const length = Math.max(0, ms);
  if (length < MINUTE_MS) return intl.formatMessage({ id: 'time.seconds' }, { count: Math.floor(length / 1000) });
  if (length < HOUR_MS) return intl.formatMessage({ id: 'time.minutes' }, { count: Math.floor(length / MINUTE_MS) });
  if (length < 2 * DAY_MS) {
    const hours = Math.floor(length / HOUR_MS);
    const minutes = String(Math.floor((length % HOUR_MS) / MINUTE_MS)).padStart(2, '0');
    return intl.formatMessage({ id: 'time.hours' }, { hours, minutes });
  }
  return intl.formatMessage({ id: 'time.days' }, { count: Math.floor(length / DAY_MS) });
}

/** How old it is, in whole minutes and more: a ticking second on every row would only flicker. */
export function age(intl: IntlShape, at: Instant, now: Instant): string {
  const ms = msBetween(at, now);
  return ms < MINUTE_MS ? intl.formatMessage({ id: 'time.underAMinute' }) : span(intl, ms);
}
