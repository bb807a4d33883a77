import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { HistoryRecord } from '../../src/cli/play/history.js';
import { eventually } from '../support/eventually.js';
import { startStage, UKRAINE_2022, type Stage } from '../support/playing.js';

const BEGIN = '2022-03-08T06:55:00Z';
const FIRST_END = '2022-03-08T09:00:00.000Z';
/** The lock of the process that fires deadlines (src/deadlines). */
const DEADLINES_LOCK = 7002;

let stage: Stage;
let lock: Client;
beforeAll(async () => {
  stage = await startStage({ startsAt: BEGIN });
  lock = await standInForDeadlines(stage);
});
afterAll(async () => {
  await lock.end();
  await stage.end();
});

describe('a history that is played at a running clock', () => {
  it('is fed after what time itself causes at the same instant', async () => {
    const records = [
      announced('first', { start_utc: '2022-03-08T07:00:00Z', end_utc: FIRST_END }),
      announced('second', { start_utc: FIRST_END, end_utc: '2022-03-08T12:00:00Z' }),
    ];
    const stop = new AbortController();
    const player = stage.player({ history: { ...UKRAINE_2022, records }, signal: stop.signal });
    const following = player.begin(3600).then(() => player.follow());
    try {
      const started = await eventually(() => startedAttempts(2), { withinMs: 20_000 });
      // Asked before the end of the first had been recorded, the corridor would not have been free for the second.
      expect(started).toEqual([new Date(BEGIN).toISOString(), FIRST_END]);
    } finally {
      stop.abort();
      await expect(following).rejects.toThrow();
    }
  }, 40_000);
});

/** The agreed window of 8 March from Sumy, with other hours. */
function announced(id: string, hours: { readonly start_utc: string; readonly end_utc: string }): HistoryRecord {
  const sumy = UKRAINE_2022.records.find((record) => record.type === 'window_announced' && record.payload.id === 'w-20220308-sumy');
  if (sumy?.type !== 'window_announced') throw new Error('the history has lost a window');
  return { ...sumy, at: BEGIN, payload: { ...sumy.payload, ...hours, id } };
}

async function startedAttempts(count: number): Promise<readonly string[]> {
  const rows = await stage.database.asOwner<{ at: string }>(
    `SELECT to_char(recorded_at, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at FROM events WHERE type = 'AttemptStarted' ORDER BY seq`,
  );
  expect(rows.length).toBeGreaterThanOrEqual(count);
  return rows.map(({ at }) => at);
}

/** Takes the place of the process that fires deadlines, and fires none: as slow as it could ever be. */
async function standInForDeadlines({ database }: Stage): Promise<Client> {
  const client = new Client(database.address.owner);
  await client.connect();
  await eventually(async () => {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [DEADLINES_LOCK],
    );
    const { rows } = await client.query<{ isOurs: boolean }>('SELECT pg_try_advisory_lock($1) AS "isOurs"', [DEADLINES_LOCK]);
    expect(rows).toEqual([{ isOurs: true }]);
  });
  return client;
}
