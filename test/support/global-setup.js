import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/**
 * One PostgreSQL for the whole run (embedded, or the one of TEST_DATABASE_URL), and in it one migrated database that every test file
 * copies. Tests of the rules alone need none, so a run of only those doesn't wait for one.
 */
export default async function globalSetup(_config, { testPathPatterns } = {}) {
  const asked = testPathPatterns?.patterns ?? [];
  if (asked.length > 0 && asked.every((pattern) => pattern.includes('test/domain'))) return;
  const { migrate } = await import('../../dist/src/platform/database.js');
  const owner = await server();
  await recreateTemplate(owner);
  await migrate({ owner: { ...owner, database: 'template_app' }, app: { ...owner, database: 'template_app' } });
  process.env.TEST_POSTGRES = JSON.stringify(owner);
}

async function server() {
  const url = process.env.TEST_DATABASE_URL;
  if (url !== undefined) {
    const { hostname, port, username, password } = new URL(url);
    return { host: hostname, port: Number(port || 5432), user: username, password: decodeURIComponent(password) };
  }
  const { startEmbeddedPostgres } = await import('../../dist/src/platform/embedded-postgres.js');
  const embedded = await startEmbeddedPostgres({ folder: mkdtempSync(join(tmpdir(), 'sp-test-')), isDurable: false });
  globalThis.embeddedPostgres = embedded;
  return { host: embedded.host, port: embedded.port, user: embedded.owner };
}

async function recreateTemplate(owner) {
  const client = new pg.Client({ ...owner, database: 'postgres' });
  await client.connect();
  await client.query('DROP DATABASE IF EXISTS template_app WITH (FORCE)');
  await client.query('CREATE DATABASE template_app');
  await client.end();
}
