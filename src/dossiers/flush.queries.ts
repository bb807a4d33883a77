import type { Run } from '../event-log/command.js';
import { attackRow, COLUMNS, corridorRow, evidenceRow, observationRow, statusRow, windowRow, type FoldedTable } from './rows.js';
import type { Changes } from './working-set.js';

type AnyRow = Readonly<Record<string, unknown>>;

/** Rows of every changed entity: at most two statements a table (new ones, changed ones), however many rows, sent in this order. */
export async function flushRows(run: Run, changes: Changes): Promise<void> {
  await Promise.all([
    both(run, 'corridors', changes.corridors, corridorRow),
    both(run, 'windows', changes.windows, windowRow),
    both(run, 'attacks', changes.attacks, attackRow),
    insert(run, 'observations', changes.observations.map(observationRow)),
    both(run, 'corridor_evidence', changes.evidence, evidenceRow),
    both(run, 'corridor_statuses', changes.statuses, statusRow),
    keepDeadlines(run, changes),
  ]);
}

async function both<Value>(
  run: Run,
  table: FoldedTable,
  changed: ReadonlyMap<string, { readonly value: Value; readonly isNew: boolean }>,
  toRow: (value: Value) => AnyRow,
): Promise<void> {
  const rowsOf = (isNew: boolean): readonly AnyRow[] =>
    [...changed.values()].filter((one) => one.isNew === isNew).map(({ value }) => toRow(value));
  await Promise.all([insert(run, table, rowsOf(true)), update(run, table, rowsOf(false))]);
}

async function insert(run: Run, table: FoldedTable, rows: readonly AnyRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = COLUMNS[table].join(', ');
  await run(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM ${given(table)}`, [JSON.stringify(rows)]);
}

async function update(run: Run, table: FoldedTable, rows: readonly AnyRow[]): Promise<void> {
  if (rows.length === 0) return;
  const [key, ...others] = COLUMNS[table];
  const set = others.map((column) => `${column} = r.${column}`).join(', ');
  await run(`UPDATE ${table} AS t SET ${set} FROM ${given(table)} AS r WHERE t.${key} = r.${key}`, [JSON.stringify(rows)]);
}

/** All rows of a statement in one JSON document, read as rows of their table. */
function given(table: FoldedTable): string {
  return `jsonb_populate_recordset(NULL::${table}, $1::jsonb)`;
}

/** One deadline a corridor, at its status's valid-until; none when time alone changes nothing. */
async function keepDeadlines(run: Run, changes: Changes): Promise<void> {
  const statuses = [...changes.statuses.values()].map(({ value }) => value.status);
  if (statuses.length === 0) return;
  await run(
    `WITH decided AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS d (corridor_id, due_at)),
          kept AS (INSERT INTO deadlines (corridor_id, due_at) SELECT corridor_id, due_at FROM decided WHERE due_at IS NOT NULL
                   ON CONFLICT (corridor_id) DO UPDATE SET due_at = excluded.due_at)
     DELETE FROM deadlines USING decided WHERE deadlines.corridor_id = decided.corridor_id AND decided.due_at IS NULL`,
    [statuses.map((status) => status.corridorId), statuses.map((status) => status.validUntil)],
  );
}
