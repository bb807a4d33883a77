import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ATTACK_TYPES } from '../../src/domain/attack.js';
import type { CommandId, CorridorId, WindowId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { Due } from '../../src/dossiers/due.service.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import type { Command } from '../../src/event-log/command.js';
import { announce, attack, attempt, coordinator, declare, newId, observe, stop, type Answer } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog, type RunningLog } from '../support/log-process.js';
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

describe('whatever is done, by whom, in which batches and whenever', () => {
  const HOUR = fc.integer({ min: 6, max: 23 }).map((hour) => `2022-03-09T${String(hour).padStart(2, '0')}:00:00.000Z` as Instant);
  const near = fc.tuple(fc.double({ min: 30, max: 30.4, noNaN: true }), fc.double({ min: 50.3, max: 50.7, noNaN: true }));
  /** Which corridor or window: by its place among those that are there by then. */
  const which = fc.nat();
  const step = fc.oneof(
    fc.record({ what: fc.constant('declare' as const), from: near, to: near }),
    fc.record({ what: fc.constant('announce' as const), which, from: HOUR, to: HOUR }),
    fc.record({ what: fc.constantFrom('attempt', 'observe', 'stop'), which, windowNo: fc.nat() }),
    fc.record({ what: fc.constant('attack' as const), at: near, type: fc.constantFrom(...ATTACK_TYPES) }),
    fc.record({ what: fc.constant('wait' as const), until: HOUR }),
  );

  let database: TestDatabase;
  let log: RunningLog;
  beforeAll(async () => {
    database = await freshDatabase();
    log = await startLog(database.address);
  });
  afterAll(async () => {
    await log.app.close();
    await database.drop();
  });

  it('the log proves itself, and its rows are what it folds to', async () => {
    const due = log.app.get(Due);
    const [corridors, windows]: [CorridorId[], WindowId[]] = [[], []];
    const pick = <Id>(ids: readonly Id[], no: number): Id | undefined => ids[no % Math.max(1, ids.length)];
    const created = <Id extends string>(ids: Id[]): CommandId => {
      const id = newId<Id>();
      ids.push(id);
      return id as string as CommandId;
    };
    const commandOf = (wish: Exclude<Step, { what: 'wait' }>): Command<Answer> | null => {
      if (wish.what === 'declare') return declare({ actor: olena, commandId: created(corridors) }, { line: [wish.from, wish.to] });
      if (wish.what === 'attack') return attack({ actor: olena }, wish.at, wish.type);
      const corridorId = pick(corridors, wish.which);
      if (corridorId === undefined) return null;
      if (wish.what === 'announce') return announce({ actor: olena, commandId: created(windows) }, [corridorId], wish);
      if (wish.what === 'observe') return observe({ actor: olena }, corridorId);
      if (wish.what === 'stop') return stop({ actor: olena }, corridorId);
      const windowId = pick(windows, wish.windowNo);
      return windowId === undefined ? null : attempt({ actor: olena }, corridorId, windowId);
    };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 6 }), async (batches) => {
        for (const batch of batches) {
          const waits = batch.filter((wish) => wish.what === 'wait');
          for (const { until } of waits) await database.asOwner(`UPDATE exercise_clock SET log_at = greatest(log_at, $1)`, [until]);
          if (waits.length > 0) await due.fire();
          const commands = batch.flatMap((wish) => (wish.what === 'wait' ? [] : (commandOf(wish) ?? [])));
          await Promise.allSettled(commands.map((one) => log.writer.write(one))); // refusals belong to it
        }
        const { differences } = await inTransaction(database.address.app, verifyLog, 'REPEATABLE READ');
        expect(differences).toEqual([]);
      }),
      { numRuns: 8, endOnFailure: true }, // one log, which grows: a shorter run of it is another one
    );
    const [counted] = await database.asOwner<{ events: number; types: number }>(
      `SELECT count(*)::int AS events, count(DISTINCT type)::int AS types FROM events`,
    );
    expect(counted?.events).toBeGreaterThan(20);
    expect(counted?.types).toBeGreaterThanOrEqual(4);
  }, 60_000);

  type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
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
