import { canonicalJson } from '../domain/canonical-json.js';
import { Chain, readLog } from '../event-log/chain.js';
import type { Run } from '../event-log/command.js';
import { toLoggedEvent } from '../event-log/event-rows.js';
import { attackRow, COLUMNS, corridorRow, evidenceRow, observationRow, statusRow, windowRow, type FoldedTable } from './rows.js';
import { DossierSet } from './working-set.js';

type AnyRow = Readonly<Record<string, unknown>>;

/** What was proven, and everything that does not agree. */
export interface Verification {
  readonly head: { readonly seq: number; readonly hash: string };
  readonly rows: number;
  /** One line each. */
  readonly differences: readonly string[];
}

/**
 * Proves the log, then folds it from its first event and compares every row of every folded table with what comes out.
 *
 * @param run statements of one REPEATABLE READ transaction
 */
export async function verifyLog(run: Run): Promise<Verification> {
  const chain = new Chain();
  const states = new DossierSet({ corridors: [], windows: [], attacks: [], evidence: [], statuses: [], taken: new Set(), people: [] }, []);
  const differences: string[] = [];
  for await (const row of readLog(run)) {
    differences.push(...chain.faultsOf(row));
    try {
      states.replay(toLoggedEvent(row));
    } catch (error) {
      differences.push(`event ${String(row.seq)} can't be folded: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const folded = foldedRows(states);
  let rows = 0;
  for (const table of Object.keys(COLUMNS) as FoldedTable[]) {
    rows += folded[table].length;
    differences.push(...(await compare(run, table, folded[table])));
  }
  return { head: chain.head, rows, differences };
}

function foldedRows(states: DossierSet): Readonly<Record<FoldedTable, readonly AnyRow[]>> {
  const { corridors, windows, attacks, observations, evidence, statuses } = states.takeChanges();
  return {
    corridors: [...corridors.values()].map(({ value }) => corridorRow(value)),
    windows: [...windows.values()].map(({ value }) => windowRow(value)),
    attacks: [...attacks.values()].map(({ value }) => attackRow(value)),
    observations: observations.map(observationRow),
    corridor_evidence: [...evidence.values()].map(({ value }) => evidenceRow(value)),
    corridor_statuses: [...statuses.values()].map(({ value }) => statusRow(value)),
  };
}

const PAGE = 1000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

async function compare(run: Run, table: FoldedTable, folded: readonly AnyRow[]): Promise<readonly string[]> {
  const [key] = COLUMNS[table];
  const expected = new Map(folded.map((row) => [String(row[key]), row]));
  const differences: string[] = [];
  for await (const row of readTable(run, table, key)) {
    const id = String(row[key]);
    const wanted = expected.get(id);
    expected.delete(id);
    if (wanted === undefined) differences.push(`${table} ${id} stands in the table, but not in the log`);
    else differences.push(...differingColumns(wanted, row).map((column) => `${table} ${id} differs from the log in ${column}`));
  }
  return [...differences, ...[...expected.keys()].map((id) => `${table} ${id} stands in the log, but not in the table`)];
}

async function* readTable(run: Run, table: FoldedTable, key: string): AsyncGenerator<AnyRow> {
  let last = FIRST_ID;
  for (;;) {
    const rows = await run<AnyRow>(
      `SELECT ${COLUMNS[table].join(', ')} FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT ${String(PAGE)}`,
      [last],
    );
    yield* rows;
    if (rows.length < PAGE) return;
    last = String(rows.at(-1)?.[key]);
  }
}

function differingColumns(wanted: AnyRow, found: AnyRow): readonly string[] {
  return Object.keys(wanted).filter((column) => comparable(column, wanted[column]) !== comparable(column, found[column]));
}

/** A box is written by PostgreSQL in its own spelling of the same numbers. */
function comparable(column: string, value: unknown): string {
  const isBox = typeof value === 'string' && column.startsWith('around');
  return canonicalJson(isBox ? value.match(/-?[\d.]+(?:e[-+]?\d+)?/g)?.map(Number) : (value ?? null));
}
