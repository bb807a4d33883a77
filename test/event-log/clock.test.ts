import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshDatabase, NINE_MARCH, type TestDatabase } from '../support/database.js';
import { inTransaction } from '../support/run.js';
import { coordinator, declare } from '../support/commands.js';
import { startLog } from '../support/log-process.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
beforeEach(async () => {
  await set(NINE_MARCH, { isPaused: true });
  await database.asOwner(`UPDATE log_high_water SET at = $1`, [NINE_MARCH]);
});
afterAll(() => database.drop());

async function set(at: string, { isPaused, rate = 1 }: { readonly isPaused: boolean; readonly rate?: number }): Promise<void> {
  await database.asOwner(`UPDATE exercise_clock SET log_at = $1, anchored_at = clock_timestamp(), is_paused = $2, rate = $3`, [
    at,
    isPaused,
    rate,
  ]);
}

async function now(): Promise<string> {
  const [row] = await inTransaction(database.address.app, (run) => run<{ now: string }>('SELECT log_now() AS now', []));
  return row?.now ?? '';
}

describe('log time of an exercise', () => {
  it('stands while it is paused', async () => {
    expect([await now(), await now()]).toEqual([NINE_MARCH, NINE_MARCH]);
  });

  it('runs at its rate', async () => {
    const [row] = await inTransaction(database.address.owner, async (run) => {
      await run(`UPDATE exercise_clock SET is_paused = false, rate = 3600, anchored_at = clock_timestamp() - interval '1 second'`, []);
      return run<{ passed: string }>(`SELECT extract(epoch FROM log_now() - $1::timestamptz)::float8 AS passed`, [NINE_MARCH]);
    });
    expect(Number(row?.passed)).toBeGreaterThanOrEqual(3600);
    expect(Number(row?.passed)).toBeLessThan(3600 * 5);
  });

  it('stands until its anchor when that lies ahead', async () => {
    await set(NINE_MARCH, { isPaused: false, rate: 3600 });
    await database.asOwner(`UPDATE exercise_clock SET anchored_at = clock_timestamp() + interval '1 hour'`);
    expect([await now(), await now()]).toEqual([NINE_MARCH, NINE_MARCH]);
  });

  it('is never below the highest that was seen, even when the clock row is set back', async () => {
    await database.asOwner(`UPDATE log_high_water SET at = '2022-03-09T07:00:00Z'`);
    await set('2022-03-09T06:30:00Z', { isPaused: true });
    expect(await now()).toBe('2022-03-09T07:00:00.000Z');
  });

  it('of an event is never before the event before it', async () => {
    const log = await startLog(database.address);
    await set('2022-03-09T08:00:00Z', { isPaused: true });
    const later = await log.writer.write(declare({ actor: coordinator() }));
    await set('2022-03-09T06:30:00Z', { isPaused: true });
    const after = await log.writer.write(declare({ actor: coordinator() }));
    await log.app.close();
    expect([later.body.recordedAt, after.body.recordedAt]).toEqual(['2022-03-09T08:00:00.000Z', '2022-03-09T08:00:00.000Z']);
  });
});
