import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { CommandId, CorridorId } from '../../src/domain/ids.js';
import { ProblemError } from '../../src/domain/problem.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import type { Command } from '../../src/event-log/command.js';
import { LOG_LOCK } from '../../src/event-log/log-lock.js';
import { bear } from '../../src/platform/birth.js';
import { APP_ROLE, migrate, type DatabaseAddress } from '../../src/platform/database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { coordinator, declare, newId, stop, type Answer } from '../support/commands.js';
import { NINE_MARCH } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startLog, type RunningLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const SENDERS = 8;
const CRASHES = 3;
const olena = coordinator();
let folder: string;
let server: EmbeddedPostgres;
let address: DatabaseAddress;
let log: RunningLog;

/** A PostgreSQL of its own, with fsync: this one is killed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sp-crash-'));
  server = await startEmbeddedPostgres({ folder });
  const { host, port, owner } = server;
  const maintenance = new pg.Client({ host, port, user: owner, database: 'postgres' });
  await maintenance.connect();
  await maintenance.query('CREATE DATABASE crash');
  await maintenance.end();
  address = { owner: { host, port, user: owner, database: 'crash' }, app: { host, port, user: APP_ROLE, database: 'crash' } };
  await migrate(address);
  await bear(address, { kind: 'exercise', notice: 'EXERCISE', startsAt: NINE_MARCH });
  log = await startLog(address);
}, 60_000);
afterAll(async () => {
  await log.app.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function killPostgres(): Promise<void> {
  const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await server.exited;
  server = await startEmbeddedPostgres({ folder });
}

/** As a phone does: the same command, again and again, until somebody says that it is on disk. */
async function sendUntilAcknowledged(command: Command<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return (await log.writer.write(command)).body;
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'database-unavailable') throw error;
      await pause(50);
    }
  }
}

async function declared(): Promise<CorridorId> {
  const id = newId<CommandId>();
  await sendUntilAcknowledged(declare({ actor: olena, commandId: id }));
  return id as string as CorridorId;
}

describe('kill -9 of PostgreSQL under load', () => {
  it('loses no acknowledged write, applies none twice, and leaves a log that verifies', async () => {
    const ids = [await declared(), await declared()];
    const acknowledged = new Map<CommandId, Answer>();
    let isOver = false;
    const senders = Array.from({ length: SENDERS }, async (_, sender) => {
      while (!isOver) {
        const command = stop(
          { actor: olena, lane: sender % 2 === 0 ? 'urgent' : 'normal' },
          ids[acknowledged.size % ids.length] as CorridorId,
        );
        acknowledged.set(command.commandId, await sendUntilAcknowledged(command));
      }
    });
    for (let crash = 1; crash <= CRASHES; crash += 1) {
      const before = acknowledged.size;
      await eventually(() => {
        expect(acknowledged.size).toBeGreaterThan(before + 50);
      });
      await killPostgres();
    }
    isOver = true;
    await Promise.all(senders);

    const logged = await inTransaction(address.app, (run) =>
      run<{ commandId: CommandId; version: number }>(
        `SELECT command_id AS "commandId", version FROM events WHERE type = 'CorridorStopped'`,
        [],
      ),
    );
    const versions = new Map(logged.map((event) => [event.commandId, event.version]));
    expect(versions.size).toBe(logged.length);
    expect([...acknowledged].filter(([commandId, answer]) => versions.get(commandId) !== answer.versions[0])).toEqual([]);
    expect(await inTransaction(address.app, async (run) => (await verifyLog(run)).differences, 'REPEATABLE READ')).toEqual([]);
  }, 120_000);
});

describe('somebody who holds the log’s lock and hangs', () => {
  it('costs others a clear 503 within 2 s, and a stop gets through on its second try', async () => {
    const id = await declared();
    const hanging = await log.database.writer.connect();
    await hanging.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(LOG_LOCK)})`);
    const from = performance.now();
    let refusedAfterMs = Number.POSITIVE_INFINITY;
    const refused = log.writer.write(declare({ actor: olena })).catch((error: unknown) => {
      refusedAfterMs = performance.now() - from;
      throw error;
    });
    const stopped = log.writer.write(stop({ actor: olena }, id));
    await expect(refused).rejects.toMatchObject({ problem: { code: 'database-unavailable', details: { retryAfterSeconds: 1 } } });
    expect(refusedAfterMs).toBeLessThan(2_000);
    expect((await stopped).isRepeat).toBe(false);
    hanging.release(true);
  });
});
