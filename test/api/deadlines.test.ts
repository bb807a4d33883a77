import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { addMs, msBetween, type Instant } from '../../src/domain/instant.js';
import { LOG_LOCK } from '../../src/event-log/log-lock.js';
import { bear } from '../../src/platform/birth.js';
import type { RunningServer } from '../../src/platform/serve.js';
import { declared, newCell, type Caller, type Declared } from '../support/api.js';
import { NINE_MARCH } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

const SEVEN = '2022-03-09T07:00:00.000Z' as Instant;
const EIGHT = '2022-03-09T08:00:00.000Z' as Instant;
const NINE = '2022-03-09T09:00:00.000Z' as Instant;
/** The servers are asked again for this long: the machine may be busy, the deadline itself is measured in log time. */
const PATIENCE = { withinMs: 15_000 };

let server: TestServer;
let coordinator: Caller;
beforeEach(async () => {
  server = await startServer();
  coordinator = (await newCell(server)).first;
});
afterEach(() => server.end());

describe('what time itself causes', () => {
  it('is recorded within a second of its instant', async () => {
    const corridor = await attemptUntil(EIGHT);
    await coordinator.post('/v1/exercise/clock/steps', { to: addMs(EIGHT, -2_000) });
    await coordinator.post('/v1/exercise/clock/resumptions');
    const [closed] = await eventually(() => closuresOf(corridor, 1), PATIENCE);
    expect(msBetween(EIGHT, closed?.recordedAt as Instant)).toBeGreaterThanOrEqual(0);
    expect(msBetween(EIGHT, closed?.recordedAt as Instant)).toBeLessThan(1_000);
  });

  it('is neither lost nor repeated when it falls due while no server runs', async () => {
    const corridor = await attemptUntil(EIGHT);
    await server.close();
    await moveClock(NINE);
    await server.another();
    await eventually(() => closuresOf(corridor, 1), PATIENCE);
    const again = await server.another();
    await eventually(() => isReady(again), PATIENCE);
    expect(await closuresOf(corridor, 1)).toHaveLength(1);
  });

  it('survives a clock that leaps over two deadlines at once', async () => {
    const [earlier, later] = [await attemptUntil(SEVEN), await attemptUntil(EIGHT)];
    await moveClock(NINE);
    await eventually(() => closuresOf(earlier, 1), PATIENCE);
    await eventually(() => closuresOf(later, 1), PATIENCE);
  });

  it('is not undone, nor done again, when the machine’s clock is set back', async () => {
    const corridor = await attemptUntil(EIGHT);
    await moveClock(NINE);
    await eventually(() => closuresOf(corridor, 1), PATIENCE);
    await eventually(async () => {
      expect(await highWater()).toBe(NINE);
    }, PATIENCE);
    await moveClock(NINE_MARCH);
    const { body } = await coordinator.get('/v1/exercise/clock');
    expect(body.now).toBe(NINE);
    await moveClock(addMs(NINE, 1_000));
    await eventually(async () => {
      expect(await highWater()).toBe(addMs(NINE, 1_000));
    }, PATIENCE);
    expect(await closuresOf(corridor, 1)).toHaveLength(1);
  });

  it('is caused by one of two processes, and by the other when that one ends', async () => {
    const second = await server.another();
    const [first, next] = [await attemptUntil(SEVEN), await attemptUntil(EIGHT)];
    await moveClock(addMs(SEVEN, 1));
    await eventually(() => closuresOf(first, 1), PATIENCE);
    expect([await roleOf(server), await roleOf(second)].toSorted()).toEqual(['firing', 'standing by']);
    await server.close();
    await moveClock(addMs(EIGHT, 1));
    await eventually(() => closuresOf(next, 1), PATIENCE);
    expect(await roleOf(second)).toBe('firing');
  });

  it('turns the process away from requests while nobody can record it', async () => {
    const corridor = await attemptUntil(EIGHT);
    const log = await holdTheLog();
    try {
      await moveClock(NINE);
      await eventually(async () => {
        expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
      }, PATIENCE);
    } finally {
      await log.end();
    }
    await eventually(() => isReady(server), PATIENCE);
    await eventually(() => closuresOf(corridor, 1), PATIENCE);
  }, 45_000);
});

describe('the worker that fires deadlines', () => {
  it('puts off one that stays due after it was decided, and fires the others', async () => {
    const [corridor, stuck] = [await attemptUntil(SEVEN), await declared(coordinator)];
    // Nothing in this corridor changes by time, so deciding it again sets no deadline anew: as after a restore, or with other rules.
    await server.database.asOwner(`INSERT INTO deadlines (corridor_id, due_at) VALUES ($1, $2)`, [stuck.id, addMs(NINE_MARCH, -1_000)]);
    const { body } = await coordinator.post('/v1/exercise/clock/steps', { to: addMs(SEVEN, 1) });
    expect(body.now).toBe(addMs(SEVEN, 1));
    await eventually(() => closuresOf(corridor, 1), PATIENCE);
    const [row] = await server.database.asOwner<{ at: Instant }>(`SELECT due_at AS at FROM deadlines WHERE corridor_id = $1`, [stuck.id]);
    expect(row?.at).toBe(addMs(SEVEN, 5 * 60_000)); // put off again and again on the way, never in the way
  });

  it('marks log time once a second, however many words change', async () => {
    await server.database.asOwner(`
      CREATE TABLE marks (at timestamptz NOT NULL DEFAULT clock_timestamp());
      CREATE FUNCTION marked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO marks DEFAULT VALUES; RETURN NEW; END $$;
      CREATE TRIGGER marked BEFORE UPDATE ON log_high_water FOR EACH ROW EXECUTE FUNCTION marked()`);
    const marks = (): Promise<{ ms: number }[]> =>
      server.database.asOwner(`SELECT (extract(epoch FROM at) * 1000)::float AS ms FROM marks ORDER BY at`);
    await eventually(async () => {
      const corridor = await declared(coordinator); // a new word, which wakes the worker
      await coordinator.post(`${corridor.path}/holds`, { reason: 'crowd' });
      expect((await marks()).length).toBeGreaterThanOrEqual(3);
    }, PATIENCE);
    const times = (await marks()).map(({ ms }) => ms);
    const pauses = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(900);
  });
});

describe('an exercise whose server died', () => {
  it('goes on where it stood, not at the mark from before its last step', async () => {
    await attemptUntil(NINE);
    await coordinator.post('/v1/exercise/clock/steps', { to: EIGHT });
    await server.close();
    await server.database.asOwner(`UPDATE log_high_water SET at = $1, moved_at = clock_timestamp() - interval '1 minute'`, [NINE_MARCH]);
    await bear(server.database.address, { kind: 'exercise', notice: 'EXERCISE', startsAt: NINE_MARCH });
    const [clock] = await server.database.asOwner<{ now: Instant }>('SELECT log_now() AS now');
    expect(clock?.now).toBe(EIGHT);
  });
});

/** A corridor whose attempt ends with its window, by time alone. */
async function attemptUntil(end: Instant): Promise<Declared> {
  const corridor = await declared(coordinator);
  const claims = [
    { about: 'start', edge: { kind: 'instant', at: addMs(end, -3_600_000 / 2) }, claimedBy: 'ukraine' },
    { about: 'end', edge: { kind: 'instant', at: end }, claimedBy: 'ukraine' },
  ];
  const window = { kind: 'daily_corridor', corridorIds: [corridor.id], zone: 'Europe/Kyiv', announcedBy: ['ukraine'], claims };
  const { body } = await coordinator.post('/v1/windows', window);
  const { status } = await coordinator.post(`${corridor.path}/attempts`, { windowId: body.windowId });
  expect(status).toBe(201);
  return corridor;
}

interface Closure {
  readonly recordedAt: Instant;
}

/** The times the attempt was closed; fails until there are that many. */
async function closuresOf(corridor: Declared, count: number): Promise<readonly Closure[]> {
  const closures = await server.database.asOwner<Closure>(
    `SELECT recorded_at AS "recordedAt" FROM events WHERE type = 'LifecycleChanged' AND entity_id = $1 AND body::jsonb->>'cause' = 'E1'`,
    [corridor.id],
  );
  expect(closures).toHaveLength(count);
  return closures;
}

/** As if the machine's clock were set: nobody is told. */
async function moveClock(to: Instant): Promise<void> {
  await server.database.asOwner(`UPDATE exercise_clock SET log_at = $1, anchored_at = clock_timestamp()`, [to]);
}

async function highWater(): Promise<Instant | undefined> {
  const [row] = await server.database.asOwner<{ at: Instant }>('SELECT at FROM log_high_water');
  return row?.at;
}

async function isReady({ url }: Pick<RunningServer, 'url'>): Promise<void> {
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
}

async function roleOf({ url }: Pick<RunningServer, 'url'>): Promise<string | undefined> {
  const { parts } = (await (await fetch(`${url}/readyz`)).json()) as { readonly parts: Readonly<Record<string, { detail: string }>> };
  return parts['deadlines']?.detail.split(',')[0];
}

/** Somebody else holds the lock of the log until the connection ends. */
async function holdTheLog(): Promise<Client> {
  const client = new Client(server.database.address.owner);
  await client.connect();
  await client.query('SELECT pg_advisory_lock($1)', [LOG_LOCK]);
  return client;
}
