/** Ends the PostgreSQL of the run; a run that is killed loses it all the same, by its watchdog. */
export default async function globalTeardown() {
  await globalThis.embeddedPostgres?.stop();
}
