import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CommandId, CorridorId } from '../../src/domain/ids.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import { coordinator, declare, newId, stop } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startLog, type RunningLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const KILLS = 3;
const olena = coordinator();
let database: TestDatabase;
let log: RunningLog;
let corridorId: CorridorId;

beforeAll(async () => {
  database = await freshDatabase();
  log = await startLog(database.address);
  corridorId = newId<CorridorId>();
  await log.writer.write(declare({ actor: olena, commandId: corridorId as string as CommandId }));
});
afterAll(async () => {
  await log.app.close();
  await database.drop();
});

interface Acknowledged {
  readonly commandId: CommandId;
  readonly version: number;
}

/** A server process that stops the corridor until it is killed in the middle of its work; what it had acknowledged by then. */
async function killedAfter(count: number): Promise<readonly Acknowledged[]> {
  const child = spawn(
    process.execPath,
    [join('test', 'proof', 'sender.mjs'), JSON.stringify({ address: database.address, corridorId, actor: olena })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await eventually(
    () => {
      expect(said.split('\n').length).toBeGreaterThan(count);
    },
    { withinMs: 20_000 },
  );
  child.kill('SIGKILL');
  await ended;
  const whole = said.slice(0, said.lastIndexOf('\n')).split('\n');
  return whole.map((line) => JSON.parse(line) as Acknowledged);
}

it('kill -9 of a server process loses nothing it acknowledged, and holds nobody up', async () => {
  const acknowledged: Acknowledged[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    acknowledged.push(...(await killedAfter(30)));
    expect((await log.writer.write(stop({ actor: olena }, corridorId))).isRepeat).toBe(false);
  }
  const logged = await database.asOwner<{ commandId: CommandId; version: number }>(
    `SELECT command_id AS "commandId", version FROM events WHERE type = 'CorridorStopped'`,
  );
  const versions = new Map(logged.map((event) => [event.commandId, event.version]));
  expect(versions.size).toBe(logged.length);
  expect(acknowledged.filter(({ commandId, version }) => versions.get(commandId) !== version)).toEqual([]);
  expect(await inTransaction(database.address.app, async (run) => (await verifyLog(run)).differences, 'REPEATABLE READ')).toEqual([]);
}, 90_000);
