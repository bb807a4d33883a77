import { types } from 'pg';

/**
 * How values of PostgreSQL arrive, decided once for the process: `timestamptz(3)` as the Instant text of the domain (a Date would lose the
 * text), `bigint` as a number that is safe to count with, or an error rather than a wrong number.
 */
types.setTypeParser(types.builtins.TIMESTAMPTZ, toInstantText);
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a number`);
  return value;
});

/** Sessions run in UTC, so the server writes `2022-03-05 09:00:00.5+00`. */
export function toInstantText(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (match === null) throw new RangeError(`timestamptz ${text} is not in UTC`);
  return `${String(match[1])}T${String(match[2])}.${(match[3] ?? '').slice(0, 3).padEnd(3, '0')}Z`;
}
