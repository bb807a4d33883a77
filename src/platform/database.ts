import { Global, Inject, Injectable, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Pool, type ClientConfig } from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/all.js';
import { StartFailure } from './start-failure.js';
import './pg-types.js';

/** Where the database is, for the role that owns it and for the role that serves. */
export interface DatabaseAddress {
  readonly owner: ClientConfig;
  readonly app: ClientConfig;
}

/** The role that serves: it owns nothing, so it can't change the log or its own rights. */
export const APP_ROLE = 'safe_passage_app';
const MIGRATION_LOCK = 7000;

const SESSION_OPTIONS = [
  '-c timezone=UTC',
  '-c statement_timeout=5000',
  '-c lock_timeout=1000',
  '-c idle_in_transaction_session_timeout=2000',
  '-c synchronous_commit=on',
].join(' ');
/** Who hangs with the log's lock is cut before a stop's second try (1 s each) is over. The last of two equal options counts. */
const WRITER_OPTIONS = `${SESSION_OPTIONS} -c idle_in_transaction_session_timeout=1500 -c statement_timeout=1500`;

/** Settings of every connection that serves: a wait is bounded, and ends in a clear 503. */
export function appConnection(address: DatabaseAddress): ClientConfig {
  return { ...address.app, options: SESSION_OPTIONS, connectionTimeoutMillis: 2000, keepAlive: true };
}

/**
 * The connections of one process. Reads and small writes go through `DataSource`; the writer has connections of its own, and stops have
 * others again, so that neither a full pool nor a long batch stands before a stop.
 */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly writer: Pool;
  readonly urgent: Pool;

  constructor(
    @Inject('DATABASE_ADDRESS') private readonly address: DatabaseAddress,
    readonly main: DataSource,
  ) {
    this.writer = poolOf(address, 2);
    this.urgent = poolOf(address, 2);
  }

  /** A connection for LISTEN: never from a pool, with its own error handling by the caller. */
  listener(): Client {
    return new Client(appConnection(this.address));
  }

  /** Last of all, when everything that asks it has ended. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.writer.end(), this.urgent.end(), this.main.destroy()]);
  }
}

function poolOf(address: DatabaseAddress, max: number): Pool {
  const pool = new Pool({ ...appConnection(address), options: WRITER_OPTIONS, pipeline: true, max });
  // A connection that breaks while nobody uses it is replaced; while somebody does, their query fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

@Global()
@Module({})
export class DatabaseModule {
  static at(address: DatabaseAddress): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: 'DATABASE_ADDRESS', useValue: address },
        { provide: DataSource, useFactory: () => dataSourceOf(address).initialize() },
        Database,
      ],
      exports: [DataSource, Database],
    };
  }
}

function dataSourceOf(address: DatabaseAddress): DataSource {
  const { host, port, user, password, database, ssl } = appConnection(address) as ClientConfig & { password?: string };
  return new DataSource({
    type: 'postgres',
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
    ...(ssl === undefined ? {} : { ssl: ssl as boolean }),
    entities: [],
    installExtensions: false,
    extra: { options: SESSION_OPTIONS, connectionTimeoutMillis: 2000, max: 8, keepAlive: true },
  });
}

/**
 * Brings the schema up to date as its owner. Any number of processes may start at once: one migrates, the others wait and find nothing to do.
 *
 * @throws StartFailure PostgreSQL older than 15, a database of a newer version of ours, no connection
 */
export async function migrate(address: DatabaseAddress): Promise<void> {
  const client = new Client({ ...address.owner, options: '-c timezone=UTC', connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    throw new StartFailure(`The database does not answer: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  try {
    const [version] = (await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`)).rows;
    if (version === undefined || version.version < 150_000) throw new StartFailure('Safe Passage needs PostgreSQL 15 or newer.');
    while (!(await hasLock(client))) await pause(200);
    await refuseNewer(client);
    const source = await dataSourceOf({ owner: address.owner, app: address.owner })
      .setOptions({ migrations: [...migrations], migrationsTableName: 'migrations' })
      .initialize();
    try {
      await source.query(`SET statement_timeout = 0`);
      await source.runMigrations({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
  } finally {
    await client.end(); // the lock goes with the session
  }
}

async function hasLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [MIGRATION_LOCK]);
  return rows[0]?.locked === true;
}

async function refuseNewer(client: Client): Promise<void> {
  const { rows } = await client.query<{ exists: boolean }>(`SELECT to_regclass('migrations') IS NOT NULL AS exists`);
  if (rows[0]?.exists !== true) return;
  const applied = (await client.query<{ name: string }>('SELECT name FROM migrations')).rows.map((row) => row.name);
  const known = new Set(migrations.map((migration) => migration.name));
  const newer = applied.filter((name) => !known.has(name));
  if (newer.length > 0)
    throw new StartFailure(`This database was written by a newer version of Safe Passage (${newer.join(', ')}): start that version.`);
}

/** What of ours the serving role owns, by name: it should be nothing, since who owns a table or a function can take its guards away. */
export async function ownedByApp(address: DatabaseAddress): Promise<readonly string[]> {
  const client = new Client(appConnection(address));
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM (
         SELECT relname, relowner FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relnamespace = 'public'::regnamespace
         UNION ALL
         SELECT proname, proowner FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS ours (name, owner)
        WHERE pg_has_role(current_user, owner, 'USAGE') ORDER BY name`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
