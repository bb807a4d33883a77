import { AppModule } from '../../src/app.module.js';
import { createApp, listen, type RunningServer } from '../../src/platform/serve.js';
import { SocketAdapter } from '../../src/realtime/socket.adapter.js';
import { freshDatabase, type TestDatabase, type Wanted } from './database.js';

export interface TestServer extends RunningServer {
  readonly database: TestDatabase;
  /** Another process on the same database, as far as one process can tell; asked to end, it still serves for so long. */
  readonly another: (drainMs?: number) => Promise<RunningServer>;
  /** Stops everything and drops the database. */
  readonly end: () => Promise<void>;
}

/** The whole application on a port of its own and a database of its own. */
export async function startServer(wanted: Wanted = {}): Promise<TestServer> {
  const database = await freshDatabase(wanted);
  const start = async (drainMs = 0): Promise<RunningServer> =>
    listen(await createApp(AppModule.at(database.address), { hasPages: false, sockets: SocketAdapter }), 0, '127.0.0.1', drainMs);
  const first = await start();
  const running = [first];
  return {
    ...first,
    database,
    another: async (drainMs) => {
      const next = await start(drainMs);
      running.push(next);
      return next;
    },
    end: async () => {
      for (const server of running) await server.close();
      await database.drop();
    },
  };
}
