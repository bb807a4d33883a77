import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { runningSocket, startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/platform/embedded-postgres.js';
import { isAlive } from '../../src/platform/processes.js';
import { eventually } from '../support/eventually.js';

const parent = mkdtempSync(join(tmpdir(), 'safe-passage-launcher-'));
const folder = join(parent, 'var');

beforeAll(() => {
  chmodSync(parent, 0o755); // as root, PostgreSQL is another user, who must get through
});
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

async function ask<Row extends object>({ host, port }: { host: string; port: number }, sql: string): Promise<Row[]> {
  const client = new pg.Client({ host, port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

const start = (at = folder): Promise<EmbeddedPostgres> => startEmbeddedPostgres({ folder: at, isDurable: false });
const pidOf = (at = folder): number => Number(readFileSync(join(at, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

/** Another process that starts PostgreSQL on the folder and lives until it is killed. */
async function startedByAnother(): Promise<{ readonly pid: number; readonly postgres: number }> {
  const launcher = new URL('../../dist/src/platform/embedded-postgres.js', import.meta.url).href;
  const program = `const { startEmbeddedPostgres } = await import(${JSON.stringify(launcher)});
    await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, isDurable: false });
    process.stdout.write('ready'); setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return { pid: child.pid ?? NaN, postgres: pidOf() };
}

it('what was written is there after a stop and a start', async () => {
  const first = await start();
  await ask(first, 'CREATE TABLE kept (value text); INSERT INTO kept VALUES (1)');
  const pid = pidOf();
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  const second = await start();
  try {
    expect(await ask(second, 'SELECT value FROM kept')).toEqual([{ value: '1' }]);
    expect(runningSocket(folder)).toEqual({ host: second.host, port: second.port });
  } finally {
    await second.stop();
  }
});

it('a second start on the folder is refused, and the first goes on', async () => {
  const first = await start();
  try {
    await expect(start()).rejects.toThrow(/^Another server already uses the data folder .*\(process \d+\): stop it, or set VAR_DIR/);
    expect(await ask(first, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await first.stop();
  }
});

it('kill -9 of the server ends its PostgreSQL, and the next start, at once, recovers', async () => {
  const killed = await startedByAnother();
  process.kill(killed.pid, 'SIGKILL');
  const next = await start();
  try {
    expect(isAlive(killed.postgres)).toBe(false);
    expect(await ask(next, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await next.stop();
  }
});

it('kill -9 of PostgreSQL is noticed', async () => {
  const server = await start();
  process.kill(pidOf(), 'SIGKILL');
  expect(await server.exited).not.toBe(0);
  const next = await start();
  await next.stop();
});

it('a PostgreSQL whose watchdog and server are gone is ended, not refused', async () => {
  const orphaned = await startedByAnother();
  const watchdog = Number(
    readFileSync(`/proc/${String(orphaned.postgres)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ')[1],
  );
  process.kill(watchdog, 'SIGKILL');
  process.kill(orphaned.pid, 'SIGKILL');
  const next = await start();
  try {
    expect(isAlive(orphaned.postgres)).toBe(false);
  } finally {
    await next.stop();
  }
});

it('a folder whose name is too long for a socket has its socket elsewhere', async () => {
  const long = join(parent, 'Запоріжжя-'.repeat(8));
  const server = await start(long);
  try {
    expect(server.host.startsWith(long)).toBe(false);
    expect(runningSocket(long)).toEqual({ host: server.host, port: server.port });
    expect(await ask(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await server.stop();
  }
});

it('a folder that others use stays theirs', async () => {
  const shared = join(parent, 'shared');
  mkdirSync(shared);
  writeFileSync(join(shared, 'theirs.txt'), '');
  const before = statSync(shared);
  const server = await start(shared);
  await server.stop();
  const { uid, mode } = statSync(shared);
  expect({ uid, mode }).toEqual({ uid: before.uid, mode: before.mode });
});

it('data of another PostgreSQL, or of something else, is left alone and told in one line', async () => {
  const version = join(folder, 'data', 'PG_VERSION');
  const own = readFileSync(version, 'utf8');
  writeFileSync(version, '99\n');
  await expect(start()).rejects.toThrow(/is of PostgreSQL 99; this version of Safe Passage brings \d+/);
  writeFileSync(version, own);
  const other = join(parent, 'other');
  mkdirSync(join(other, 'data'), { recursive: true });
  await expect(start(other)).rejects.toThrow(/is no data folder of PostgreSQL/);
});

it('a start that is cut leaves no half of a database', async () => {
  const fresh = join(parent, 'fresh');
  mkdirSync(fresh);
  const launcher = new URL('../../dist/src/platform/embedded-postgres.js', import.meta.url).href;
  const program = `const { startEmbeddedPostgres } = await import(${JSON.stringify(launcher)}); await startEmbeddedPostgres({ folder: ${JSON.stringify(fresh)} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore', detached: true });
  await eventually(() => {
    expect(existsSync(join(fresh, 'data'))).toBe(false);
    expect(statSync(fresh).nlink).toBeGreaterThan(2); // initdb is at work beside the final place
  });
  process.kill(-(child.pid ?? NaN), 'SIGKILL');
  const server = await start(fresh);
  await server.stop();
});
