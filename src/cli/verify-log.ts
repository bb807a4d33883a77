import { Client } from 'pg';
import { runningDatabase } from '../platform/address.js';
import { readConfig, type Config } from '../platform/config.js';
import type { Run } from '../event-log/command.js';
import { verifyLog, type Verification } from '../dossiers/verify.js';
import '../platform/pg-types.js';

/**
 * `node dist/src/cli/verify-log.js`: proves the log of DATABASE_URL, or of the server that runs on VAR_DIR, while it runs. Prints one line
 * for each difference; ends with 0 when there is none, 1 when there is, 2 when it could not look.
 */
async function main(): Promise<number> {
  const { head, rows, differences } = await verify(readConfig(process.env, process.argv.slice(2)));
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  process.stdout.write(
    `${String(head.seq)} events, head ${head.hash}; ${String(rows)} folded rows; ${String(differences.length)} differences\n`,
  );
  return differences.length === 0 ? 0 : 1;
}

async function verify(config: Config): Promise<Verification> {
  const options = '-c timezone=UTC -c statement_timeout=60000 -c default_transaction_read_only=on';
  const client = new Client({ ...runningDatabase(config).app, options });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    const run: Run = async <Row extends object>(sql: string, values: readonly unknown[]) =>
      (await client.query<Row>(sql, [...values])).rows;
    return await verifyLog(run);
  } finally {
    await client.end();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`The log could not be read: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
