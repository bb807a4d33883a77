import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { CommandId, CorridorId } from '../../src/domain/ids.js';
import type { LoggedEvent } from '../../src/domain/event.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import { Followers, type Follower } from '../../src/event-log/follower.js';
import type { DatabaseAddress } from '../../src/platform/database.js';
import { coordinator, declare, newId, stop } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startLog, type RunningLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const olena = coordinator();
let database: TestDatabase;
let running: RunningLog[] = [];

beforeAll(async () => {
  database = await freshDatabase();
});
afterEach(async () => {
  await Promise.all(running.map(({ app }) => app.close()));
  running = [];
});
afterAll(() => database.drop());

async function process(address: DatabaseAddress = database.address): Promise<RunningLog> {
  const log = await startLog(address);
  running.push(log);
  return log;
}

async function declared(log: RunningLog): Promise<CorridorId> {
  const id = newId<CommandId>();
  await log.writer.write(declare({ actor: olena, commandId: id }));
  return id as string as CorridorId;
}

/** A way to the database on which links can die without a word: nothing gets through any more, and nobody is told. */
interface SilentWay {
  readonly address: DatabaseAddress;
  /** The links that are there now; later ones get through. `words`: only those on which they were said. */
  readonly die: (words?: string) => number;
  readonly close: () => void;
}

async function silentWay(): Promise<SilentWay> {
  const { app } = database.address;
  const { host = '', port = 5432 } = app;
  const links: { readonly ends: readonly [Socket, Socket]; said: string }[] = [];
  const server = createServer((near) => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${String(port)}`) : connect(port, host);
    const link: (typeof links)[number] = { ends: [near, far], said: '' };
    links.push(link);
    near.on('data', (bytes) => (link.said += bytes.toString('latin1')));
    for (const end of link.ends) end.on('error', () => undefined);
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { ...database.address, app: { ...app, host: '127.0.0.1', port: (server.address() as AddressInfo).port } },
    die: (words = '') => {
      const dying = links.filter(({ said }) => said.includes(words));
      for (const { ends } of dying) for (const end of ends) end.unpipe().pause();
      return dying.length;
    },
    close: () => {
      server.close();
      for (const { ends } of links) for (const end of ends) end.destroy();
    },
  };
}

const seqs = (heard: readonly LoggedEvent[]): readonly number[] => heard.map((event) => event.seq);

describe('two processes that write at once', () => {
  it('give one order without a gap, and both tails tell all of it in that order', async () => {
    const [first, second] = [await process(), await process()];
    const ids = [await declared(first), await declared(second)];
    const [heardByFirst, heardBySecond]: [LoggedEvent[], LoggedEvent[]] = [[], []];
    const from = await first.tail.head();
    await eventually(() => {
      expect([first.tail.seq, second.tail.seq]).toEqual([from, from]);
    });
    first.tail.subscribe((events) => heardByFirst.push(...events));
    second.tail.subscribe((events) => heardBySecond.push(...events));
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (index % 2 === 0 ? first : second).writer.write(stop({ actor: olena }, ids[index % 3 === 0 ? 0 : 1] as CorridorId)),
      ),
    );
    const to = await first.tail.head();
    const all = Array.from({ length: to - from }, (_, index) => from + 1 + index);
    await eventually(() => {
      expect(seqs(heardByFirst)).toEqual(all);
      expect(seqs(heardBySecond)).toEqual(all);
    });
    // What a process tells of its own commits without reading them again is, to the letter, what the other reads in the log.
    expect(heardByFirst.map((event) => JSON.stringify(event))).toEqual(heardBySecond.map((event) => JSON.stringify(event)));
    expect(await inTransaction(database.address.app, async (run) => (await verifyLog(run)).differences, 'REPEATABLE READ')).toEqual([]);
  });
});

describe('the tail', () => {
  it('hears of another process’s commit within moments, and soon again after its connection was cut', async () => {
    const [log, other] = [await process(), await process()];
    const id = await declared(log);
    const heard: LoggedEvent[] = [];
    log.tail.subscribe((events) => heard.push(...events));
    await eventually(async () => {
      expect(
        await database.asOwner(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tail'`,
        ),
      ).toHaveLength(2);
    });
    const stopped = stop({ actor: olena }, id);
    await other.writer.write(stopped);
    await eventually(
      () => {
        expect(heard.map((event) => event.commandId)).toContain(stopped.commandId);
      },
      { withinMs: 1_500 },
    );
  });

  it.each([
    ['the one on which it listens', 'LISTEN events'],
    ['all of its process', ''],
  ])(
    'goes on, and hears of commits at once again, when a link dies without a word: %s',
    async (_, words) => {
      const way = await silentWay();
      try {
        const [log, other] = [await process(way.address), await process()];
        const id = await declared(other);
        const heard: (string | null)[] = [];
        log.tail.subscribe((events) => heard.push(...events.map((event) => event.commandId)));
        await eventually(async () => {
          expect(log.tail.seq).toBe(await other.tail.head());
          expect(way.die(words)).toBeGreaterThan(0);
        });
        const stopped = stop({ actor: olena }, id);
        await other.writer.write(stopped);
        await eventually(
          () => {
            expect(heard).toContain(stopped.commandId);
          },
          { withinMs: 8_000 },
        );
        const listening = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tail'`;
        await eventually(async () => {
          expect((await database.asOwner(listening)).length).toBeGreaterThan(2); // the dead one is still there for PostgreSQL
        });
        await eventually(() => {
          expect(log.tail.silentMs()).toBeLessThan(1_500);
        });
        const again = stop({ actor: olena }, id);
        await other.writer.write(again);
        await eventually(() => {
          expect(heard).toContain(again.commandId);
        });
      } finally {
        way.close();
      }
    },
    30_000,
  );

  it('has told of its own process’s commit before the sender is answered', async () => {
    const log = await process();
    const id = await declared(log);
    await eventually(async () => {
      expect(log.tail.seq).toBe(await log.tail.head());
    });
    const heard: LoggedEvent[] = [];
    log.tail.subscribe((events) => heard.push(...events));
    const stopped = stop({ actor: olena }, id);
    await log.writer.write(stopped);
    expect(heard.map((event) => event.commandId)).toContain(stopped.commandId);
  });

  it('gives older places from the log and newer ones from its ring, and they agree', async () => {
    const log = await process();
    const id = await declared(log);
    const from = await log.tail.head();
    await Promise.all([1, 2, 3].map(() => log.writer.write(stop({ actor: olena }, id))));
    const head = await log.tail.head();
    await eventually(() => {
      expect(log.tail.seq).toBe(head);
    });
    const fresh = await process();
    expect(await fresh.tail.since(from, 100)).toEqual(await log.tail.since(from, 100));
    expect(seqs(await fresh.tail.since(0, 2))).toEqual([1, 2]);
  });

  it('a listener that fails keeps nothing from the others', async () => {
    const log = await process();
    const heard: LoggedEvent[] = [];
    log.tail.subscribe(() => {
      throw new Error('a bug of this listener');
    });
    log.tail.subscribe((events) => heard.push(...events));
    await declared(log);
    await eventually(() => {
      expect(heard.length).toBeGreaterThan(0);
    });
  });
});

describe('a follower', () => {
  it('goes on after the last event it finished, on one process at a time', async () => {
    const [first, second] = [await process(), await process()];
    const followed: number[] = [];
    const follower: Follower = {
      name: 'test.once',
      follow: (event) => {
        followed.push(event.seq);
        return Promise.resolve();
      },
    };
    first.app.get(Followers).start(follower);
    await eventually(async () => {
      expect(await database.asOwner(`SELECT seq FROM follower_cursors WHERE name = 'test.once'`)).toHaveLength(1);
    });
    second.app.get(Followers).start(follower);
    const from = await first.tail.head();
    await declared(first);
    await eventually(async () => {
      expect(followed.at(-1)).toBe(await first.tail.head());
    });
    await first.app.close();
    running = [second];
    await declared(second);
    await eventually(async () => {
      expect(followed.at(-1)).toBe(await second.tail.head());
    });
    const to = await second.tail.head();
    expect(followed).toEqual(Array.from({ length: to - from }, (_, index) => from + 1 + index));
  });

  it('that fails at an event sees it again, before any later one', async () => {
    const log = await process();
    const seen: number[] = [];
    let failures = 1;
    log.app.get(Followers).start({
      name: 'test.fails-once',
      follow: (event) => {
        seen.push(event.seq);
        failures -= 1;
        return failures === 0 ? Promise.reject(new Error('the receiver is down')) : Promise.resolve();
      },
    });
    await eventually(async () => {
      expect(await database.asOwner(`SELECT seq FROM follower_cursors WHERE name = 'test.fails-once'`)).toHaveLength(1);
    });
    const from = await log.tail.head();
    await declared(log);
    await eventually(() => {
      expect(seen).toEqual([from + 1, from + 1, from + 2]);
    });
  });
});
