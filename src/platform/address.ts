import { resolve } from 'node:path';
import type { ClientConfig } from 'pg';
import type { Config } from './config.js';
import { APP_ROLE, type DatabaseAddress } from './database.js';

/** The database of the embedded PostgreSQL. */
export const EMBEDDED_DATABASE = 'safe_passage';

/** `postgresql://user:password@host:5432/database`; a socket folder comes as `?host=`. */
export function addressFromUrl(text: string): ClientConfig {
  const url = new URL(text);
  return {
    host: decodeURIComponent(url.searchParams.get('host') ?? url.hostname),
    port: Number(url.port === '' ? 5432 : url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

/** For commands beside a server: DATABASE_URL, or the embedded PostgreSQL that the server on VAR_DIR runs. */
export function runningDatabase(config: Config): DatabaseAddress {
  const app =
    config.DATABASE_URL === undefined
      ? { host: resolve(config.VAR_DIR, 'run'), port: 5432, user: APP_ROLE, database: EMBEDDED_DATABASE }
      : addressFromUrl(config.DATABASE_URL);
  return { app, owner: app };
}
