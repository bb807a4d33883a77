import { randomUUID } from 'node:crypto';
import pg, { type ClientConfig } from 'pg';
import type { Instant } from '../../src/domain/instant.js';
import { bear } from '../../src/platform/birth.js';
import type { DatabaseAddress } from '../../src/platform/database.js';

export interface TestDatabase {
  readonly name: string;
  readonly address: DatabaseAddress;
  /** A statement as the owner: for looking behind the scenes, and for tampering. */
  readonly asOwner: <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly drop: () => Promise<void>;
}

/** When nothing else is said, tests happen on the morning of the six windows. */
export const NINE_MARCH = '2022-03-09T06:00:00.000Z' as Instant;

export interface Wanted {
  readonly startsAt?: Instant;
  readonly isLive?: boolean;
}

/** A new database, copied from the migrated template: an exercise whose clock stands at `startsAt` until somebody moves it, or a live one. */
export async function freshDatabase({ startsAt = NINE_MARCH, isLive = false }: Wanted = {}): Promise<TestDatabase> {
  const server = JSON.parse(process.env['TEST_POSTGRES'] ?? 'null') as DatabaseAddress | null; // set by global-setup.js
  if (server === null) throw new Error('no PostgreSQL: the global setup of this project starts none');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const maintenance = { ...server.owner, database: 'postgres' };
  await query(maintenance, `CREATE DATABASE ${name} TEMPLATE template_app STRATEGY wal_log`);
  const owner = { ...server.owner, database: name };
  const address = { owner, app: { ...server.app, database: name } };
  await bear(address, isLive ? { kind: 'live' } : { kind: 'exercise', notice: 'EXERCISE', startsAt });
  return {
    name,
    address,
    asOwner: (sql, values) => query(owner, sql, values),
    drop: async () => {
      await query(maintenance, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

async function query<Row extends object>(config: ClientConfig, sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ ...config, options: '-c timezone=UTC' });
  await client.connect();
  try {
    return (await client.query<Row>(sql, values as unknown[])).rows;
  } finally {
    await client.end();
  }
}
