import type { Run } from '../event-log/command.js';
import { attackRow, corridorRow, evidenceRow, observationRow, statusRow, windowRow, type FoldedTable } from './rows.js';
import type { Changes } from './working-set.js';

/** How each column crosses the wire: arrays of these, unnested. What is not listed travels as text. */
const TYPES: Readonly<Record<string, string>> = {
  id: 'uuid',
  corridor_id: 'uuid',
  segment_id: 'uuid',
  organisation_id: 'uuid',
  window_id: 'uuid',
  version: 'int',
  is_unresolved: 'boolean',
  received_at: 'timestamptz',
  counts_from: 'timestamptz',
  starts_at: 'timestamptz',
  last_end_at: 'timestamptz',
  cancelled_at: 'timestamptz',
  announced_at: 'timestamptz',
  valid_until: 'timestamptz',
  state: 'jsonb',
};

/** An array of arrays can't be unnested, and boxes in an array would need semicolons between them: both travel as text. */
const READ_FROM_TEXT: Readonly<Record<string, (text: string) => string>> = {
  corridor_ids: (text) => `string_to_array(${text}, ',')::uuid[]`,
  around: (text) => `${text}::box`,
  around_too: (text) => `${text}::box`,
};

type AnyRow = Readonly<Record<string, unknown>>;

/** Rows of every changed entity: at most two statements a table (new ones, changed ones), however many rows, sent in this order. */
export async function flushRows(run: Run, changes: Changes): Promise<void> {
  await Promise.all([
    both(run, 'corridors', changes.corridors, corridorRow),
    both(run, 'windows', changes.windows, windowRow),
    both(run, 'attacks', changes.attacks, attackRow),
    insert(run, 'observations', changes.observations.map(observationRow)),
    insert(run, 'corridor_evidence', changes.evidence.map(evidenceRow), 'ON CONFLICT (corridor_id) DO UPDATE SET state = excluded.state'),
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

async function insert(run: Run, table: FoldedTable, rows: readonly AnyRow[], onConflict = ''): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(rows);
  await run(
    `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${selected(columns)} FROM ${unnested(columns)} ${onConflict}`,
    valuesOf(columns, rows),
  );
}

async function update(run: Run, table: FoldedTable, rows: readonly AnyRow[]): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(rows);
  const set = columns.filter((column) => column !== 'id').map((column) => `${column} = ${selectedColumn(column)}`);
  await run(`UPDATE ${table} AS t SET ${set.join(', ')} FROM ${unnested(columns)} WHERE t.id = r.id`, valuesOf(columns, rows));
}

function columnsOf(rows: readonly AnyRow[]): readonly string[] {
  return Object.keys(rows[0] ?? {});
}

function unnested(columns: readonly string[]): string {
  const arrays = columns.map((column, index) => `$${String(index + 1)}::${TYPES[column] ?? 'text'}[]`);
  return `unnest(${arrays.join(', ')}) AS r (${columns.join(', ')})`;
}

function selected(columns: readonly string[]): string {
  return columns.map(selectedColumn).join(', ');
}

function selectedColumn(column: string): string {
  return READ_FROM_TEXT[column]?.(`r.${column}`) ?? `r.${column}`;
}

function valuesOf(columns: readonly string[], rows: readonly AnyRow[]): readonly unknown[] {
  return columns.map((column) => rows.map((row) => wire(column, row[column])));
}

function wire(column: string, value: unknown): unknown {
  if (column === 'corridor_ids') return (value as readonly string[]).join(',');
  return column === 'state' ? JSON.stringify(value) : value;
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
