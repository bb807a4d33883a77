import { parseId, type PersonId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';
import type { PageQuery } from './people.dto.js';
import type { Page } from './people.queries.js';

/** One more than asked for, to know whether there is a next page. */
export function toPage({ limit, cursor }: PageQuery): Page {
  return { limit: limit + 1, after: cursor === undefined ? null : readCursor(cursor) };
}

/** @param rows as found by `toPage`: one more than fits when there is a next page */
export function toList<Row extends { readonly id: string }>(
  { limit }: PageQuery,
  rows: readonly Row[],
): { items: Row[]; next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    next: rows.length > limit && last !== undefined ? Buffer.from(last.id.replaceAll('-', ''), 'hex').toString('base64url') : null,
  };
}

function readCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = parseId<PersonId>(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
  if (id !== null) return id;
  throw new ProblemError(
    problem('invalid-request', { errors: [{ field: 'query.cursor', code: 'cursor', message: 'must be `next` of the page before' }] }),
  );
}
