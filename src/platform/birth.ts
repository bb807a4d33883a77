import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Instant } from '../domain/instant.js';
import type { DatabaseAddress } from './database.js';
import { StartFailure } from './start-failure.js';

/** What a database is, from its birth and for good. */
export type Birth =
  | { readonly kind: 'live' }
  | {
      readonly kind: 'exercise';
      /** Said with everything that leaves the database. */
      readonly notice: string;
      /** Log time at birth. */
      readonly startsAt: Instant;
    };

/** No server has moved the high-water mark for this long: none was running. */
const ASLEEP = '5 seconds';

/**
 * Gives a new database its kind, its epoch and its key; wakes the clock of an exercise database, which stood still while no server ran.
 *
 * @throws StartFailure when it was born as the other kind
 */
export async function bear(address: DatabaseAddress, birth: Birth): Promise<void> {
  const client = new Client({ ...address.owner, options: '-c timezone=UTC' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN; LOCK TABLE database_birth IN EXCLUSIVE MODE');
    const { rows } = await client.query<{ kind: Birth['kind'] }>('SELECT kind FROM database_birth');
    const [known] = rows;
    if (known === undefined) await first(client, birth);
    else if (known.kind !== birth.kind) throw new StartFailure(`This database is ${known.kind} from its birth: ${hint(known.kind)}`);
    // Not before its own anchor nor the newest fact: the mark is a second old when a server dies, and a step may have come after it.
    await client.query(
      `UPDATE exercise_clock SET anchored_at = clock_timestamp(),
              log_at = greatest(log_at, h.at, (SELECT recorded_at FROM events ORDER BY seq DESC LIMIT 1))
         FROM log_high_water h WHERE h.moved_at < clock_timestamp() - $1::interval`,
      [ASLEEP],
    );
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

async function first(client: Client, birth: Birth): Promise<void> {
  const notice = birth.kind === 'exercise' ? birth.notice : null;
  await client.query(`INSERT INTO database_birth (kind, notice, epoch, cursor_key) VALUES ($1, $2, $3, $4)`, [
    birth.kind,
    notice,
    randomUUID(),
    randomBytes(32),
  ]);
  if (birth.kind === 'live') return;
  await client.query(`INSERT INTO exercise_clock (log_at, anchored_at, rate, is_paused) VALUES ($1, clock_timestamp(), 1, true)`, [
    birth.startsAt,
  ]);
  await client.query(`INSERT INTO log_high_water (at, moved_at) VALUES ($1, clock_timestamp())`, [birth.startsAt]);
}

function hint(kind: Birth['kind']): string {
  return kind === 'live' ? 'start it with --live.' : 'start it without --live, or name another VAR_DIR for a live one.';
}
