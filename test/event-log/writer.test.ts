import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PoolClient } from 'pg';
import type { CommandId, CorridorId } from '../../src/domain/ids.js';
import type { ProblemError } from '../../src/domain/problem.js';
import { ExpiredOperations } from '../../src/event-log/expired-operations.js';
import type { Command } from '../../src/event-log/command.js';
import { declare, coordinator, newId, stop, type Answer } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog, type RunningLog } from '../support/log-process.js';

const olena = coordinator();
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

async function corridor(): Promise<CorridorId> {
  const id = newId<CommandId>();
  await log.writer.write(declare({ actor: olena, commandId: id }));
  return id as string as CorridorId;
}

/** The types and versions of what stands in the log about the corridor itself, oldest first. */
function logOf(id: string): Promise<readonly { readonly type: string; readonly version: number }[]> {
  return database.asOwner(`SELECT type, version FROM events WHERE entity = 'corridor' AND entity_id = $1 ORDER BY seq`, [id]);
}

async function refusalOf(written: Promise<unknown>): Promise<string> {
  const outcome = await written.then(
    () => 'accepted',
    (error: unknown) => (error as ProblemError).problem.code,
  );
  return outcome;
}

/** A rule whose facts no table takes. */
function unwritable(id: CorridorId): Command<Answer>['decide'] {
  return () => ({
    kind: 'accepted',
    events: [
      { type: 'WindowChosen', corridorId: id, windowId: 'not a UUID' as never },
      { type: 'WindowChosen', corridorId: newId<CorridorId>(), windowId: newId() },
    ],
  });
}

describe('the same command, again', () => {
  it('gets the first answer and writes nothing', async () => {
    const id = await corridor();
    const once = stop({ actor: olena }, id);
    const first = await log.writer.write(once);
    const again = await log.writer.write(once);
    expect(again).toEqual({ body: first.body, isRepeat: true });
    expect(await logOf(id)).toHaveLength(2);
  });

  it('twice in one batch is done once, and both senders get the same answer', async () => {
    const id = await corridor();
    const once = stop({ actor: olena }, id);
    const [first, second] = await Promise.all([log.writer.write(once), log.writer.write(once)]);
    expect([first.isRepeat, second.isRepeat]).toEqual([false, true]);
    expect(second.body).toEqual(first.body);
    expect(await logOf(id)).toHaveLength(2);
  });

  it('with another content is refused, before and within a batch', async () => {
    const id = await corridor();
    const commandId = newId<CommandId>();
    const [first, second] = await Promise.all([
      refusalOf(log.writer.write(stop({ actor: olena, commandId }, id, 'shelling'))),
      refusalOf(log.writer.write(stop({ actor: olena, commandId }, id, 'mine'))),
    ]);
    expect([first, second]).toEqual(['accepted', 'command-id-reused']);
    expect(await refusalOf(log.writer.write(stop({ actor: olena, commandId }, id, 'drone')))).toBe('command-id-reused');
  });

  it('from another person is another command', async () => {
    const id = await corridor();
    const commandId = newId<CommandId>();
    await log.writer.write(stop({ actor: olena, commandId }, id));
    const other = await log.writer.write(stop({ actor: coordinator(olena.organisationId), commandId }, id));
    expect(other.isRepeat).toBe(false);
  });

  it('is remembered for seven days of real time', async () => {
    const id = await corridor();
    const [young, old] = [stop({ actor: olena }, id), stop({ actor: olena }, id)];
    await Promise.all([log.writer.write(young), log.writer.write(old)]);
    await database.asOwner(`UPDATE operations SET created_at = now() - interval '6 days 23 hours' WHERE command_id = $1`, [
      young.commandId,
    ]);
    await database.asOwner(`UPDATE operations SET created_at = now() - interval '7 days 1 hour' WHERE command_id = $1`, [old.commandId]);
    expect(await log.app.get(ExpiredOperations).forget()).toBe(1);
    expect((await log.writer.write(young)).isRepeat).toBe(true);
  });

  it('is decided again when it was refused', async () => {
    const commandId = newId<CommandId>();
    const id = newId<CommandId>();
    const early = stop({ actor: olena, commandId }, id as string as CorridorId);
    expect(await refusalOf(log.writer.write(early))).toBe('not-found');
    await log.writer.write(declare({ actor: olena, commandId: id }));
    expect(await refusalOf(log.writer.write(early))).toBe('accepted');
  });
});

describe('several commands in one batch', () => {
  it('on one corridor follow each other, one version each, and its status is decided once', async () => {
    const id = await corridor();
    const written = await Promise.all([1, 2, 3].map(() => log.writer.write(stop({ actor: olena }, id))));
    expect(written.map(({ body }) => body.versions)).toEqual([[2], [3], [4]]);
    expect(new Set(written.map(({ body }) => body.recordedAt)).size).toBe(1);
    expect(await statusesOf(id)).toBe(2); // at its declaration, and after the stops
  });

  it('a refusal harms no neighbour', async () => {
    const [first, second] = [await corridor(), await corridor()];
    const outcomes = await Promise.all([
      refusalOf(log.writer.write(stop({ actor: olena }, first))),
      refusalOf(log.writer.write(stop({ actor: olena }, newId<CorridorId>()))),
      refusalOf(log.writer.write(stop({ actor: olena }, second))),
    ]);
    expect(outcomes).toEqual(['accepted', 'not-found', 'accepted']);
  });

  it('a command that can’t be flushed harms no neighbour', async () => {
    const [first, second] = [await corridor(), await corridor()];
    const poisoned: Command<Answer> = { ...stop({ actor: olena }, first), decide: unwritable(second) };
    const outcomes = await Promise.allSettled([
      log.writer.write(stop({ actor: olena }, first)),
      log.writer.write(poisoned),
      log.writer.write(stop({ actor: olena }, second)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await logOf(second)).toEqual([
      { type: 'CorridorDeclared', version: 1 },
      { type: 'CorridorStopped', version: 2 },
    ]);
  });

  it.each([
    ['after its facts were decided', 1],
    ['when its facts are on their way already', 9],
  ])('a command that fails %s leaves nothing of them, and harms no neighbour', async (_, neighbours) => {
    const [first, second] = [await corridor(), await corridor()];
    const fails: Command<Answer> = {
      ...stop({ actor: olena }, second),
      answer: () => {
        throw new TypeError('no answer');
      },
    };
    const others = Array.from({ length: neighbours }, () => stop({ actor: olena }, first));
    const outcomes = await Promise.allSettled([fails, ...others].map((command) => log.writer.write(command)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...others.map(() => 'fulfilled')]);
    expect(await logOf(first)).toHaveLength(1 + neighbours);
    expect(await logOf(second)).toEqual([{ type: 'CorridorDeclared', version: 1 }]);
    await log.writer.write(stop({ actor: olena }, second));
    expect(await logOf(second)).toHaveLength(2);
  });
});

/** Cuts whoever holds the lock of this log; other test files have logs of their own in the same PostgreSQL. */
const WRITING = `SELECT l.pid, pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                  WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted AND l.pid <> pg_backend_pid()`;

describe('batches that follow each other without a pause', () => {
  /** Each sender waits for its answer and sends again, so that there is always a batch that waits behind the commit of another. */
  async function sends(id: CorridorId, times: number): Promise<readonly unknown[]> {
    const answers: unknown[] = [];
    for (let time = 0; time < times; time += 1) answers.push(await refusalOf(log.writer.write(stop({ actor: olena }, id))));
    return answers;
  }

  it('write each command once, also around commands that can’t be flushed', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => corridor()));
    const poisons = Array.from({ length: 5 }, () => ({
      ...stop({ actor: olena }, ids[0] as CorridorId),
      decide: unwritable(ids[1] as CorridorId),
    }));
    const poisoned = (async () => {
      const outcomes = [];
      for (const poison of poisons) outcomes.push((await Promise.allSettled([log.writer.write(poison)]))[0].status);
      return outcomes;
    })();
    const answers = await Promise.all(ids.map((id) => sends(id, 10)));
    expect(new Set(answers.flat())).toEqual(new Set(['accepted']));
    expect(new Set(await poisoned)).toEqual(new Set(['rejected']));
    for (const id of ids) expect((await logOf(id)).filter(({ type }) => type === 'CorridorStopped')).toHaveLength(10);
  });

  it('survive the loss of their connection: what was acknowledged is there once, the rest can be sent again', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, () => corridor()));
    let cuts = 0;
    const sending = new AbortController();
    const cutting = (async () => {
      while (cuts < 5 && !sending.signal.aborted) {
        const lost = await database.asOwner<{ pid: number }>(WRITING);
        cuts += lost.length;
      }
    })();
    const answers = await Promise.all(ids.map((id) => sends(id, 10)));
    sending.abort();
    await cutting;
    expect(cuts).toBeGreaterThan(0);
    for (const [index, id] of ids.entries()) {
      const stops = (await logOf(id)).filter(({ type }) => type === 'CorridorStopped').length;
      const accepted = answers[index]?.filter((answer) => answer === 'accepted').length ?? 0;
      const unsure = answers[index]?.filter((answer) => answer === 'database-unavailable').length ?? 0;
      expect(accepted + unsure).toBe(10);
      expect(stops).toBeGreaterThanOrEqual(accepted);
      expect(stops).toBeLessThanOrEqual(accepted + unsure);
    }
  });
});

describe('a creation', () => {
  it('whose id somebody else has taken is refused with nothing shown', async () => {
    const id = await corridor();
    const intruder = coordinator();
    const refused = log.writer.write(declare({ actor: intruder, commandId: id as string as CommandId }));
    await expect(refused).rejects.toMatchObject({ problem: { code: 'id-taken', details: { field: 'commandId' } } });
  });

  it('and one by somebody else in the same batch: the first has the id', async () => {
    const commandId = newId<CommandId>();
    const outcomes = await Promise.all([
      refusalOf(log.writer.write(declare({ actor: olena, commandId }))),
      refusalOf(log.writer.write(declare({ actor: coordinator(), commandId }))),
    ]);
    expect(outcomes).toEqual(['accepted', 'id-taken']);
  });

  it('with an external id that the organisation has used is refused', async () => {
    await log.writer.write(declare({ actor: olena }, { externalId: 'UA-1' }));
    expect(await refusalOf(log.writer.write(declare({ actor: olena }, { externalId: 'UA-1' })))).toBe('id-taken');
  });
});

describe('the urgent lane', () => {
  it('lets a stop pass what waits in the normal lane', async () => {
    const id = await corridor();
    const order: string[] = [];
    const queued = Array.from({ length: 400 }, async () => {
      await log.writer.write(declare({ actor: olena }));
      order.push('declared');
    });
    const urgent = log.writer.write(stop({ actor: olena }, id)).then(() => order.push('stopped'));
    await Promise.all([...queued, urgent]);
    expect(order.indexOf('stopped')).toBeLessThan(200);
  });
});

describe('a batch that takes long to decide', () => {
  it('is cut, so that a stop waits for a part of it only; the rest keeps its order', async () => {
    const id = await corridor();
    const slow = Array.from({ length: 20 }, (): Command<Answer> => {
      const declaration = declare({ actor: olena });
      return {
        ...declaration,
        decide: (world, now) => {
          for (const until = performance.now() + 20; performance.now() < until;);
          return declaration.decide(world, now);
        },
      };
    });
    const order: number[] = [];
    const written = slow.map(async (command, index) => {
      await log.writer.write(command);
      order.push(index);
    });
    const stopped = log.writer.write(stop({ actor: olena }, id)).then(() => order.length);
    await Promise.all(written);
    expect(await stopped).toBeLessThan(20);
    expect(order).toEqual(slow.map((_, index) => index));
  });
});

describe('the cost of a batch', () => {
  it('is the same number of statements for eight corridors and for sixty, and one less for one', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, corridor));
    const stops = (count: number): Promise<number> =>
      statementsOf(() => Promise.all(ids.slice(0, count).map((id) => log.writer.write(stop({ actor: olena }, id)))));
    const [one, eight, sixty] = [await stops(1), await stops(8), await stops(60)];
    expect(sixty).toBe(eight);
    expect(one).toBe(eight - 1); // its facts are not sent ahead of its status
    expect(sixty).toBeLessThanOrEqual(16);
  });

  it('leaves nothing unanswered and no connection behind when the process closes', async () => {
    const other = await startLog(database.address);
    const id = await corridor();
    const written = Promise.all(Array.from({ length: 100 }, () => other.writer.write(stop({ actor: olena }, id))));
    await other.app.close();
    expect(await written).toHaveLength(100);
    expect(await refusalOf(other.writer.write(stop({ actor: olena }, id)))).toBe('not-ready');
  });
});

async function statusesOf(id: string): Promise<number> {
  return (await database.asOwner(`SELECT seq FROM events WHERE entity = 'corridor_status' AND entity_id = $1`, [id])).length;
}

/** Counts what goes over the urgent lane's connections. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const pool = log.database.urgent;
  const connect = pool.connect.bind(pool);
  let count = 0;
  pool.connect = (async () => {
    const client = await connect();
    const query = client.query.bind(client);
    const release = client.release.bind(client);
    client.query = ((sql: string, values?: unknown[]) => {
      count += 1;
      return query(sql, values);
    }) as PoolClient['query'];
    client.release = (broken) => {
      client.query = query;
      release(broken);
    };
    return client;
  }) as typeof pool.connect;
  try {
    await work();
    return count;
  } finally {
    pool.connect = connect;
  }
}
