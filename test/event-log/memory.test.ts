import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import type { CommandId, CorridorId, WindowId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { load } from '../../src/dossiers/load.queries.js';
import { Memory, placeOf } from '../../src/dossiers/memory.js';
import type { LoadedStates } from '../../src/dossiers/working-set.js';
import type { Command } from '../../src/event-log/command.js';
import { announce, attack, attempt, coordinator, declare, newId, observe, stop, type Answer } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog, type RunningLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const olena = coordinator();
const HOURS = [
  { from: '2022-03-09T07:00:00.000Z' as Instant, to: '2022-03-09T19:00:00.000Z' as Instant },
  { from: '2022-03-08T07:00:00.000Z' as Instant, to: '2022-03-08T19:00:00.000Z' as Instant }, // over before the test begins
] as const;
let database: TestDatabase;
let here: RunningLog;
let elsewhere: RunningLog;
const corridorIds: CorridorId[] = [];
const windowIds: WindowId[] = [];

beforeAll(async () => {
  database = await freshDatabase({ startsAt: '2022-03-09T06:00:00.000Z' as Instant });
  [here, elsewhere] = [await startLog(database.address), await startLog(database.address)];
  for (let index = 0; index < 4; index += 1) {
    const commandId = newId<CommandId>();
    await here.writer.write(declare({ actor: olena, commandId }, { line: [[30.1 + index / 10, 50.5], [30.3 + index / 10, 50.5]] })); // prettier-ignore
    corridorIds.push(commandId as string as CorridorId);
  }
});
afterAll(async () => {
  await here.app.close();
  await elsewhere.app.close();
  await database.drop();
});

interface Recollection {
  readonly recalled: string | null;
  readonly read: string;
}

/** What this process knows of some corridors where the log ends, beside what the database says. */
function recollection(ids: readonly CorridorId[]): Promise<Recollection> {
  return inTransaction(database.address.app, async (run) => {
    const [head] = await run<{ hash: Buffer; now: Instant }>(`SELECT hash, log_now() AS now FROM events ORDER BY seq DESC LIMIT 1`, []);
    if (head === undefined) throw new Error('nothing was written');
    const touches = [{ corridors: ids }];
    const recalled = here.app.get(Memory).recall(placeOf(head.hash), touches, head.now);
    return { recalled: recalled && textOf(recalled), read: textOf(await load(run, touches, head.now)) };
  });
}

/** Sorted: in which order a table is read says nothing. */
function textOf({ corridors, windows, attacks, evidence, statuses }: LoadedStates): string {
  return canonicalJson(
    [corridors, windows, attacks, evidence, statuses].map((values) => values.map((value) => canonicalJson(value)).sort()),
  );
}

type Make = () => Command<Answer>;

/** Anything that may happen to one of the corridors; a rule may refuse it, and then nothing may be remembered of it. */
const happening: fc.Arbitrary<Make> = fc
  .tuple(fc.constantFrom('observe', 'stop', 'announce', 'attempt', 'attack', 'mine'), fc.nat({ max: 3 }), fc.nat({ max: 20 }))
  .map(([what, which, other]): Make => () => {
    const id = corridorIds[which] as CorridorId;
    const commandId = newId<CommandId>();
    switch (what) {
      case 'observe':
        return observe({ actor: olena }, id);
      case 'stop':
        return stop({ actor: olena }, id);
      case 'announce':
        windowIds.push(commandId as string as WindowId);
        return announce({ actor: olena, commandId }, corridorIds.slice(0, which + 1), HOURS[other % 2] ?? HOURS[0]);
      case 'attempt':
        return attempt({ actor: olena }, id, windowIds[other % windowIds.length] ?? newId());
      case 'attack':
        return attack({ actor: olena }, [30.1 + other / 40, 50.5]);
      default:
        return attack({ actor: olena }, [30.1 + other / 40, 50.5], 'mine_uxo_ied');
    }
  });

describe('what earlier batches left', () => {
  it('is what the database holds, whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 1, maxLength: 8 }),
        fc.subarray([0, 1, 2, 3], { minLength: 1 }),
        async (makes, asked) => {
          await Promise.allSettled(makes.map((make) => here.writer.write(make())));
          await here.writer.write(observe({ actor: olena }, corridorIds[0] as CorridorId)); // all lanes have come to rest
          const { recalled, read } = await recollection(asked.map((index) => corridorIds[index] as CorridorId));
          if (recalled !== null) expect(recalled).toBe(read);
        },
      ),
      { numRuns: 25 },
    );
    const [id] = corridorIds;
    await here.writer.write(observe({ actor: olena }, id as CorridorId));
    expect((await recollection([id as CorridorId])).recalled).not.toBeNull(); // it does remember
  });

  it('is forgotten when another process has written', async () => {
    const [id] = corridorIds as [CorridorId];
    await here.writer.write(observe({ actor: olena }, id));
    await elsewhere.writer.write(stop({ actor: olena }, id));
    expect((await recollection([id])).recalled).toBeNull();
    const versions = (await here.writer.write(stop({ actor: olena }, id))).body.versions;
    const [row] = await database.asOwner<{ version: number }>(`SELECT version FROM corridors WHERE id = $1`, [id]);
    expect(versions).toEqual([row?.version]);
    const { recalled, read } = await recollection([id]);
    expect(recalled).toBe(read);
  });

  it('holds nothing of a batch that was not committed', async () => {
    const [id] = corridorIds as [CorridorId];
    await here.writer.write(observe({ actor: olena }, id));
    const good = observe({ actor: olena }, id);
    const poisoned: Command<Answer> = {
      ...good,
      decide: (world, now) => {
        const decision = good.decide(world, now);
        if (decision.kind === 'refused') return decision;
        return { kind: 'accepted', events: decision.events.map((event) => ({ ...event, observationId: 'not a UUID' as never })) };
      },
    };
    await expect(here.writer.write(poisoned)).rejects.toThrow(/uuid/);
    const { recalled, read } = await recollection([id]);
    expect(recalled).toBe(read);
  });
});
