import { MINUTE_MS, msBetween, type Instant } from '../../../src/domain/instant.js';
import { canBeStopped, waitingRequest, type Row, type Section } from './rows.js';

export type Task = 'stranded' | 'danger' | 'stopped' | 'approve' | 'unknown' | 'running' | 'planned';

export interface DoNow {
  readonly row: Row;
  readonly task: Task;
  /** How many more corridors ask for somebody. */
  readonly others: number;
}

const SOON_MS = 30 * MINUTE_MS;

/** The one thing that comes first, of rows in the order of the first glance. Null when nothing runs and nothing is planned. */
export function doNow(rows: readonly Row[], meId: string, now: Instant): DoNow | null {
  const inSection = (section: Section): readonly Row[] => rows.filter((row) => row.section === section && canBeStopped(row.corridor));
  const closesSoon = inSection('usable').filter((row) => {
    const at = row.corridor.status?.lastDepartureAt;
    return at != null && msBetween(now, at) < SOON_MS;
  });
  const ranked: readonly (readonly [Task, readonly Row[]])[] = [
    ['stranded', inSection('inside')],
    ['danger', inSection('danger')],
    ['approve', rows.filter((row) => waitingRequest(row.corridor.status, meId) !== null)],
    ['stopped', inSection('stopped')],
    ['running', closesSoon],
    ['unknown', inSection('unknown')],
    ['running', inSection('usable')],
    ['planned', inSection('planned')],
  ];
  const first = ranked.find(([, found]) => found.length > 0);
  const row = first?.[1][0];
  if (first === undefined || row === undefined) return null;
  const asking = new Set([...inSection('inside'), ...inSection('danger'), ...inSection('stopped')].map((asks) => asks.corridor.id));
  asking.delete(row.corridor.id);
  return { row, task: first[0], others: asking.size };
}
