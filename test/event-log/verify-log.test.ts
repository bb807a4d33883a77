import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CorridorId, WindowId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import { announce, attack, attempt, coordinator, declare, newId, observe, stop } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const olena = coordinator();
const HOURS = { from: '2022-03-09T07:00:00.000Z' as Instant, to: '2022-03-09T19:00:00.000Z' as Instant };
let history: TestDatabase;

/** A morning with everything in it: corridors, a window that two of them share, observations, a stop, and an attack that hits one of them. */
beforeAll(async () => {
  history = await freshDatabase();
  const log = await startLog(history.address);
  const [first, second, windowId] = [newId<CorridorId>(), newId<CorridorId>(), newId<WindowId>()];
  await log.writer.write(declare({ actor: olena, commandId: first as never }));
  // Across the antimeridian: two boxes.
  await log.writer.write(
    declare(
      { actor: olena, commandId: second as never },
      {
        line: [
          [179.9, 51],
          [-179.9, 51.1],
        ],
      },
    ),
  );
  await log.writer.write(announce({ actor: olena, commandId: windowId as never }, [first, second], HOURS));
  await Promise.all([first, second].map((id) => log.writer.write(attempt({ actor: olena }, id, windowId))));
  await Promise.all([first, second, first].map((id) => log.writer.write(observe({ actor: olena }, id))));
  await log.writer.write(stop({ actor: olena }, second));
  await history.asOwner(`UPDATE exercise_clock SET log_at = $1`, ['2022-03-09T08:00:00.000Z']);
  await log.writer.write(attack({ actor: olena }, [30.2, 50.5]));
  await log.writer.write(attack({ actor: olena }, [30.2, 50.5], 'mine_uxo_ied'));
  await log.app.close();
});
afterAll(() => history.drop());

const verify = (): Promise<readonly string[]> =>
  inTransaction(history.address.app, async (run) => (await verifyLog(run)).differences, 'REPEATABLE READ');

/** Changes what lies in the database behind its back, as an intruder with the owner's rights would, looks, and takes it back. */
async function differencesAfter(tampering: string): Promise<readonly string[]> {
  return inTransaction(history.address.owner, async (run) => {
    await run('ALTER TABLE events DISABLE TRIGGER ALL', []);
    await run('ALTER TABLE corridors DISABLE TRIGGER ALL', []);
    await run(tampering, []);
    return (await verifyLog(run)).differences;
  });
}

describe('folding the log', () => {
  it('gives the rows of every table', async () => {
    expect(await verify()).toEqual([]);
    const [counted] = await history.asOwner<{ types: number }>(`SELECT count(DISTINCT type)::int AS types FROM events`);
    expect(counted?.types).toBeGreaterThanOrEqual(8);
  });
});

describe('history changed behind our back', () => {
  let last: number;
  beforeEach(async () => {
    last = (await history.asOwner<{ seq: number }>('SELECT max(seq) AS seq FROM events'))[0]?.seq ?? 0;
  });

  it('an edited fact is found', async () => {
    const found = await differencesAfter(
      `UPDATE events SET body = replace(body, '"shelling"', '"weather"') WHERE type = 'CorridorStopped'`,
    );
    expect(found.join('\n')).toMatch(/is not what was hashed/);
    expect(found.join('\n')).toMatch(/corridors .* differs from the log in state/);
  });

  it('another actor is found', async () => {
    expect(await differencesAfter(`UPDATE events SET actor_id = NULL WHERE type = 'CorridorStopped'`)).not.toEqual([]);
  });

  it('a removed fact is found', async () => {
    const found = await differencesAfter(`DELETE FROM events WHERE seq = ${String(last - 1)}`);
    expect(found[0]).toBe(`event ${String(last)} follows event ${String(last - 2)}: events between them are missing`);
  });

  it('a row that nobody decided is found', async () => {
    const found = await differencesAfter(
      `UPDATE corridors SET state = jsonb_set(state, '{holds}', '[]') WHERE jsonb_array_length(state->'holds') > 0`,
    );
    expect(found).toContainEqual(expect.stringMatching(/^corridors .* differs from the log in state$/));
  });

  it('a searched column that says something else than the state is found', async () => {
    expect(await differencesAfter(`UPDATE corridors SET around = box '((0,0),(1,1))'`)).toContainEqual(
      expect.stringMatching(/differs from the log in around$/),
    );
  });

  it('a lost row is found', async () => {
    const found = await differencesAfter(`DELETE FROM corridor_evidence`);
    expect(found).toContainEqual(expect.stringMatching(/^corridor_evidence .* stands in the log, but not in the table$/));
  });
});
