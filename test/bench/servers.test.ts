import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { freshDatabase, type TestDatabase } from '../support/database.js';

const ROOT = join(import.meta.dirname, '..', '..');
const REPORT = {
  commandId: randomUUID(),
  segmentId: randomUUID(),
  seen: 'manned_post',
  condition: 'quiet',
  passability: { bus: 'passable' },
};

/** `npm run bench` takes minutes and nobody runs it for a change: these two would stop working without anybody noticing. */
describe('the servers that ours is measured beside', () => {
  let database: TestDatabase;
  let empty: string;
  let child: ChildProcess | null = null;
  beforeAll(async () => {
    database = await freshDatabase();
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const built = spawnSync(process.execPath, [tsc, '-p', 'bench/tsconfig.json'], { cwd: ROOT, encoding: 'utf8' });
    expect(built.stdout).toBe('');
  }, 60_000);
  afterAll(() => database.drop());
  afterEach(async () => {
    if (child !== null && child.kill()) await once(child, 'exit');
    await database.asOwner(`DROP DATABASE ${empty} WITH (FORCE)`);
  });

  it('the neighbour takes a report and tells it to who follows', async () => {
    const { url, settings } = await started('dist/bench/servers/neighbour.js');
    const [corridorId, token] = [randomUUID(), randomUUID()];
    const client = new pg.Client(settings);
    await client.connect();
    await client.query(`INSERT INTO corridors (id, code, name, status, version) VALUES ($1, 'B1', 'Bench', 'unknown', 1)`, [corridorId]);
    await client.query(`INSERT INTO sessions VALUES ($1, gen_random_uuid(), now() + interval '1 hour')`, [token]);
    await client.end();
    const socket = io(url, { transports: ['websocket'], forceNew: true });
    await new Promise((connected) =>
      socket.once('connect', () => {
        connected(null);
      }),
    );
    const told = new Promise((heard) => socket.once('corridor', heard));
    const path = `/corridors/${corridorId}/observations`;
    expect(await post(url + path, REPORT, { authorization: `Bearer ${token}` })).toBe(201);
    expect(await told).toMatchObject({ id: corridorId, status: 'open', lastObservationId: REPORT.commandId, version: 2 });
    expect(await post(url + path, REPORT, { authorization: 'Bearer of nobody' })).toBe(401);
    socket.disconnect();
  });

  it('the floor takes a report and tells it to who follows', async () => {
    const { url } = await started('bench/servers/floor.mjs');
    const socket = new WebSocket(url.replace('http', 'ws'));
    await once(socket, 'open');
    const told = once(socket, 'message');
    expect(await post(url, REPORT)).toBe(201);
    expect(JSON.parse(String((await told)[0]))).toEqual(REPORT);
    socket.close();
  });

  /** On an empty database of its own. */
  async function started(script: string): Promise<{ url: string; settings: pg.ClientConfig }> {
    empty = `bench_${randomUUID().replaceAll('-', '')}`;
    await database.asOwner(`CREATE DATABASE ${empty}`);
    const { host, port, user, password } = database.address.owner;
    const env = {
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGDATABASE: empty,
      ...(typeof password === 'string' ? { PGPASSWORD: password } : {}),
    };
    child = spawn(process.execPath, [script], { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const at = /^http:\/\/\S+:(\d+)$/.exec(line)?.[1];
      if (at !== undefined) return { url: `http://127.0.0.1:${at}`, settings: { ...database.address.owner, database: empty } };
    }
    throw new Error(`${script} ended before it listened`);
  }

  async function post(url: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const sent = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
    return (await fetch(url, sent)).status;
  }
});
