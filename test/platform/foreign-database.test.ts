import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { ClientConfig } from 'pg';
import { APP_ROLE, type DatabaseAddress } from '../../src/platform/database.js';
import { newId } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { PATIENCE_MS, Programs } from '../support/program.js';

/** The real program on a PostgreSQL that it did not start: that of the test run, which is a foreign one with TEST_DATABASE_URL. */
const programs = new Programs();
const server = JSON.parse(process.env['TEST_POSTGRES'] ?? 'null') as DatabaseAddress; // set by global-setup.js
const OWNER: ClientConfig = { ...server.owner, user: 'safe_passage_test_owner', password: newId() };
let maintenance: TestDatabase;

beforeAll(async () => {
  maintenance = await freshDatabase();
  await maintenance.asOwner(`DROP ROLE IF EXISTS ${String(OWNER.user)}`);
  await maintenance.asOwner(`CREATE ROLE ${String(OWNER.user)} LOGIN PASSWORD '${String(OWNER.password)}'`);
});
afterEach(() => programs.stopAll());
afterAll(async () => {
  await programs.end();
  await maintenance.asOwner(`DROP ROLE ${String(OWNER.user)}`);
  await maintenance.drop();
});

/** An empty database, as somebody makes it for us. */
async function emptyDatabase(): Promise<{ readonly name: string; readonly drop: () => Promise<unknown> }> {
  const name = `t_${newId().replaceAll('-', '')}`;
  await maintenance.asOwner(`CREATE DATABASE ${name} OWNER ${String(OWNER.user)}`);
  return { name, drop: () => maintenance.asOwner(`DROP DATABASE ${name} WITH (FORCE)`) };
}

function urlOf({ user, password, host, port }: ClientConfig, database: string): string {
  const url = new URL(`postgresql://localhost/${database}`);
  for (const [name, value] of Object.entries({ user, password, host, port })) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url.href;
}

it(
  'is migrated by its owner and served by a role that owns nothing; no PostgreSQL of ours is started',
  async () => {
    const { name, drop } = await emptyDatabase();
    const env = { DATABASE_URL: urlOf({ ...server.app, user: APP_ROLE }, name), DATABASE_OWNER_URL: urlOf(OWNER, name), LOG_LEVEL: 'warn' };
    const program = programs.start({ args: ['--live'], env });
    const url = await program.url();
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(program.said()).not.toContain('owns tables');
    expect(existsSync(programs.folder)).toBe(false);
    program.child.kill('SIGTERM');
    expect(await program.exitCode).toBe(0);
    await drop();
  },
  PATIENCE_MS,
);

it(
  'that is served by its owner is served, with a loud warning',
  async () => {
    const { name, drop } = await emptyDatabase();
    const program = programs.start({ args: ['--live'], env: { DATABASE_URL: urlOf(OWNER, name), LOG_LEVEL: 'warn' } });
    await program.url();
    expect(program.said()).toContain('owns tables or functions');
    await programs.stopAll();
    await drop();
  },
  PATIENCE_MS,
);

it('that does not answer is told in one line', async () => {
  const program = programs.start({ env: { DATABASE_URL: 'postgresql://somebody@127.0.0.1:1/board' } });
  expect(await program.exitCode).toBe(1);
  expect(program.complained()).toMatch(/^The database does not answer: .*\n$/);
});
