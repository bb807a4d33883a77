import { rmSync } from 'node:fs';

/** Ends the PostgreSQL of the run. A run that is killed loses it all the same, by its watchdog. */
export default async function globalTeardown() {
  if (globalThis.embeddedPostgres === undefined) return;
  const { server, folder } = globalThis.embeddedPostgres;
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
