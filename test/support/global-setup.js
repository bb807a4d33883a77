import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { APP_ROLE, migrate } from '../../dist/src/platform/database.js';
import { startEmbeddedPostgres } from '../../dist/src/platform/embedded-postgres.js';

/**
 * One PostgreSQL for the whole run (embedded, or the one of TEST_DATABASE_URL, whose user must be a superuser), and in it one migrated
 * database that every test file copies.
 */
export default async function globalSetup() {
  const url = process.env.TEST_DATABASE_URL;
  const owner = url === undefined ? await embedded() : fromUrl(url);
  await query(owner, 'DROP DATABASE IF EXISTS template_app WITH (FORCE)');
  await query(owner, 'CREATE DATABASE template_app');
  const template = { ...owner, database: 'template_app' };
  await migrate({ owner: template, app: template });
  const app = { ...owner, user: APP_ROLE };
  if (url !== undefined) {
    app.password = randomBytes(16).toString('hex');
    await query(owner, `ALTER ROLE ${APP_ROLE} PASSWORD '${app.password}'`);
  }
  process.env.TEST_POSTGRES = JSON.stringify({ owner, app });
}

async function embedded() {
  const folder = mkdtempSync(join(tmpdir(), 'safe-passage-test-'));
  const server = await startEmbeddedPostgres({ folder, isDurable: false });
  globalThis.embeddedPostgres = { server, folder };
  return { host: server.host, port: server.port, user: server.owner };
}

function fromUrl(text) {
  const { hostname, port, username, password } = new URL(text);
  return { host: hostname, port: Number(port || 5432), user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

async function query(owner, sql) {
  const client = new pg.Client({ ...owner, database: 'postgres' });
  await client.connect();
  await client.query(sql);
  await client.end();
}
