import type { INestApplicationContext } from '@nestjs/common';
import { Client, type ClientConfig } from 'pg';
import { People } from './auth/people.service.js';
import { administratorLink, FIRST_ADMINISTRATOR } from './cli/administrator.js';
import { DemoPlayer, welcome } from './cli/demo.js';
import type { Instant } from './domain/instant.js';
import { AppModule } from './app.module.js';
import { addressFromUrl, EMBEDDED_DATABASE } from './platform/address.js';
import { bear, type Birth } from './platform/birth.js';
import { readConfig, type Config } from './platform/config.js';
import { APP_ROLE, migrate, ownedByApp, type DatabaseAddress } from './platform/database.js';
import { dataFolder } from './platform/data-folder.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './platform/embedded-postgres.js';
import { log } from './platform/logging.js';
import { PostgresKeeper } from './platform/postgres-keeper.js';
import { createApp, listen } from './platform/serve.js';
import { StartFailure } from './platform/start-failure.js';
import { SocketAdapter } from './realtime/socket.adapter.js';

const HARD_EXIT_MS = 25_000;
/** What came before five to nine on 9 March 2022 (Kyiv) is fed by jumps; the history begins here. */
const HISTORY = {
  kind: 'exercise',
  notice: 'EXERCISE · HISTORY: Ukraine 2022, not live data',
  startsAt: '2022-02-26T00:00:00.000Z' as Instant,
} as const satisfies Birth;

const CREATE_ADMIN = '\nAn empty live database. Make its first administrator with create-admin, on the machine of a server.\n\n';

async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2));
  const embedded = config.DATABASE_URL === undefined ? await startEmbeddedPostgres({ folder: dataFolder(config) }) : null;
  const postgres = embedded === null ? null : new PostgresKeeper(embedded);
  const stopping = new Set<() => Promise<void>>(postgres === null ? [] : [() => postgres.stop()]);
  try {
    const address = await addressOf(config, embedded);
    await migrate(address);
    await bear(address, config.isLive ? { kind: 'live' } : HISTORY);
    const owned = await ownedByApp(address);
    if (owned.length > 0) {
      log.warn(
        { owned },
        'the serving role owns tables or functions: a leaked password could rewrite the log. Set DATABASE_OWNER_URL and serve as another role.',
      );
    }
    const app = await createApp(AppModule.at(address), { trustProxyHops: config.TRUST_PROXY_HOPS, sockets: SocketAdapter });
    const server = await listen(app, config.PORT, config.HOST, config.DRAIN_SECONDS * 1000);
    stopping.add(server.close);
    process.stdout.write(`\nSafe Passage: ${server.url}\n`);
    const printedUrl = config.PUBLIC_URL?.replace(/\/$/, '') ?? server.url;
    const player = config.hasDemo ? new DemoPlayer(app, server.url) : null;
    if (player !== null) {
      const links = await welcome(app, printedUrl);
      process.stdout.write(`\n${HISTORY.notice}. Sign in with one of these links; each works once:\n  ${links.join('\n  ')}\n\n`);
      void player.run();
    } else if (config.isLive && !(await app.get(People).isAnybodyKnown())) {
      process.stdout.write(embedded === null ? CREATE_ADMIN : await firstLink(app, printedUrl));
    }
    whenAsked(async () => {
      await Promise.all([server.close(), player?.stop()]);
      await postgres?.stop();
    });
  } catch (error) {
    for (const stop of [...stopping].reverse()) await stop().catch(() => undefined);
    throw error;
  }
}

/** Of several servers on one database none makes an administrator by itself: the link would lie in some log. */
async function firstLink(app: INestApplicationContext, url: string): Promise<string> {
  const link = await administratorLink(app, FIRST_ADMINISTRATOR);
  return `\nAn empty live database. Its first administrator signs in with this link, once, within the hour:\n  ${url}${link}\n\n`;
}

async function addressOf(config: Config, embedded: EmbeddedPostgres | null): Promise<DatabaseAddress> {
  if (embedded === null) {
    const app: ClientConfig = addressFromUrl(config.DATABASE_URL ?? '');
    return { app, owner: config.DATABASE_OWNER_URL === undefined ? app : addressFromUrl(config.DATABASE_OWNER_URL) };
  }
  const { host, port, owner } = embedded;
  const client = new Client({ host, port, user: owner, database: 'postgres' });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [EMBEDDED_DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  } finally {
    await client.end();
  }
  return {
    owner: { host, port, user: owner, database: EMBEDDED_DATABASE },
    app: { host, port, user: APP_ROLE, database: EMBEDDED_DATABASE },
  };
}

function whenAsked(stop: () => Promise<void>): void {
  let isStopping = false;
  const once = (): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), HARD_EXIT_MS).unref();
    void stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  // The launcher of `npm start` holds a channel to us: when it is killed, we go, too.
  process.on('SIGINT', once).on('SIGTERM', once).on('disconnect', once);
}

/** What of the listener or the disk a person can mend, by the code of the system. */
const MENDABLE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is taken: set PORT to another.',
  EACCES: 'The port, the address or the data folder may not be used: set PORT, HOST or VAR_DIR.',
  EADDRNOTAVAIL: 'HOST is no address of this machine.',
  ENOTFOUND: 'HOST is no address of this machine.',
  ENOSPC: 'The disk is full.',
  EFBIG: 'The disk is full, or files may not grow.',
  '53100': 'The disk of the database is full.',
};

main().catch((error: unknown) => {
  const line = error instanceof StartFailure ? error.message : MENDABLE[String((error as NodeJS.ErrnoException).code)];
  if (line === undefined) log.fatal({ cause: error }, 'the start failed');
  else process.stderr.write(`${line}\n`);
  process.exit(1);
});
