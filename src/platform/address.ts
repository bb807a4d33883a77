import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import type { Config } from './config.js';
import { dataFolder } from './data-folder.js';
import { APP_ROLE, type DatabaseAddress } from './database.js';
import { runningSocket } from './embedded-postgres.js';
import { StartFailure } from './start-failure.js';

/** The database of the embedded PostgreSQL. */
export const EMBEDDED_DATABASE = 'safe_passage';

/**
 * `postgresql://user:password@host:5432/database`, with `sslmode` and its like; a socket folder comes as `?host=`.
 *
 * @throws StartFailure can't be read as that; the text, which holds a password, is not repeated
 */
export function addressFromUrl(text: string): ClientConfig {
  try {
    return parseIntoClientConfig(text);
  } catch {
    throw new StartFailure('DATABASE_URL or DATABASE_OWNER_URL must look like postgresql://user:password@host:5432/database');
  }
}

/**
 * For commands beside a server: DATABASE_URL, or the embedded PostgreSQL that the server on VAR_DIR runs.
 *
 * @throws StartFailure no such server runs
 */
export function runningDatabase(config: Config): DatabaseAddress {
  const app =
    config.DATABASE_URL === undefined
      ? { ...runningSocket(dataFolder(config)), user: APP_ROLE, database: EMBEDDED_DATABASE }
      : addressFromUrl(config.DATABASE_URL);
  return { app, owner: app };
}
