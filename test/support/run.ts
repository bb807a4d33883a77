import pg from 'pg';
import type { Run } from '../../src/event-log/command.js';

/** The work inside one transaction of a connection of its own, rolled back afterwards unless the work commits. */
export async function inTransaction<Result>(
  config: pg.ClientConfig,
  work: (run: Run) => Promise<Result>,
  mode = 'READ COMMITTED',
): Promise<Result> {
  const client = new pg.Client({ ...config, options: '-c timezone=UTC -c lock_timeout=2000' });
  await client.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL ${mode}`);
    let before: Promise<unknown> = Promise.resolve();
    return await work(<Row extends object>(sql: string, values: readonly unknown[]) => {
      const asked = before.then(async () => (await client.query<Row>(sql, [...values])).rows); // this connection takes one at a time
      before = asked.catch(() => undefined);
      return asked;
    });
  } finally {
    await client.end();
  }
}
