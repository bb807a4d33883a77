import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { CorridorId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { hashOf, toAppended, type DraftRow } from '../../src/event-log/event-rows.js';
import { LOG_LOCK } from '../../src/event-log/log-lock.js';
import { coordinator, declare, newId, observe, stop } from '../support/commands.js';
import { freshDatabase, type TestDatabase } from '../support/database.js';
import { startLog } from '../support/log-process.js';
import { inTransaction } from '../support/run.js';

const olena = coordinator();
let database: TestDatabase;
let corridorId: CorridorId;
let head: { readonly seq: number; readonly hash: Buffer; readonly recordedAt: string };

beforeAll(async () => {
  database = await freshDatabase();
  corridorId = newId<CorridorId>();
  const log = await startLog(database.address);
  await log.writer.write(declare({ actor: olena, commandId: corridorId as never }));
  await log.writer.write(stop({ actor: olena }, corridorId));
  await log.writer.write(observe({ actor: olena }, corridorId));
  await log.app.close();
  [head] = (await database.asOwner<typeof head>(`SELECT seq, hash, recorded_at AS "recordedAt" FROM events ORDER BY seq DESC LIMIT 1`)) as [
    typeof head,
  ];
});
afterAll(() => database.drop());

type Role = 'app' | 'owner';

/** @returns the message of PostgreSQL's refusal, or `accepted` */
function tried(role: Role, ...statements: readonly (string | readonly [string, readonly unknown[]])[]): Promise<string> {
  return inTransaction(database.address[role], async (run) => {
    try {
      for (const statement of statements) {
        const [sql, values] = typeof statement === 'string' ? [statement, []] : statement;
        await run(sql, values);
      }
      return 'accepted';
    } catch (error) {
      return (error as Error).message;
    }
  });
}

describe('the role that serves', () => {
  it.each([
    ['INSERT INTO events SELECT * FROM events'],
    ['UPDATE events SET actor_id = NULL'],
    ['DELETE FROM events'],
    ['TRUNCATE events'],
    ['DELETE FROM corridors'],
    ['DELETE FROM erasable_texts'],
    ['UPDATE database_birth SET kind = kind'],
    ['INSERT INTO exercise_clock SELECT * FROM exercise_clock'],
  ])('may not: %s', async (sql) => {
    expect(await tried('app', sql)).toMatch(/^permission denied/);
  });

  it.each([
    ['ALTER TABLE events DISABLE TRIGGER ALL'],
    ['DROP TABLE corridors'],
    ['CREATE OR REPLACE FUNCTION log_now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$'],
    ['DROP FUNCTION append_events'],
  ])('owns nothing: %s', async (sql) => {
    expect(await tried('app', sql)).toMatch(/^must be owner|^permission denied/);
  });
});

describe('the owner', () => {
  it.each([['UPDATE events SET actor_id = NULL'], ['DELETE FROM events'], ['TRUNCATE events']])(
    'is stopped by a trigger: %s',
    async (sql) => {
      expect(await tried('owner', sql)).toBe('the log is append-only');
    },
  );
});

describe('a row of a folded table', () => {
  it.each([
    ['with a version that the log does not have', 'UPDATE corridors SET version = version + 1'],
    ['with the version it has', `UPDATE corridors SET state = '{}'`],
    ['with an older version', 'UPDATE corridors SET version = 1'],
    ['of a status, too', 'UPDATE corridor_statuses SET version = version + 1'],
  ])('is not changed %s', async (_how, sql) => {
    expect(await tried('app', sql)).toMatch(/the log does not lead from version/);
  });

  it('is not added without its fact', async () => {
    const sql = `INSERT INTO attacks (id, version, organisation_id, corridor_ids, is_unresolved, received_at, counts_from, state)
                 VALUES (gen_random_uuid(), 1, gen_random_uuid(), '{}', true, now(), now(), '{}')`;
    expect(await tried('app', sql)).toMatch(/the log does not lead from version 0 to 1/);
  });
});

describe('the evidence of a corridor', () => {
  it.each([
    ['without an observation', 'UPDATE corridor_evidence SET state = state', 'from 1 observations to 1'],
    [
      'with more observations than the log has',
      `UPDATE corridor_evidence SET state = jsonb_set(state, '{observationCount}', '2')`,
      'from 1 observations to 2',
    ],
    [
      'by an insert that becomes an update',
      `INSERT INTO corridor_evidence (corridor_id, state) SELECT corridor_id, state FROM corridor_evidence
         ON CONFLICT (corridor_id) DO UPDATE SET state = excluded.state`,
      'from 1 observations to 1',
    ],
  ])('is not changed %s', async (_how, sql, refusal) => {
    expect(await tried('app', sql)).toContain(refusal);
  });

  it('is not added for a corridor that nobody observed', async () => {
    const sql = `INSERT INTO corridor_evidence (corridor_id, state) VALUES (gen_random_uuid(), '{"observationCount": 0}')`;
    expect(await tried('app', sql)).toMatch(/from 0 observations to 0/);
  });

  it('loses when it forgets an observation that somebody else logged meanwhile', async () => {
    const lock = `SELECT pg_advisory_xact_lock(${String(LOG_LOCK)})`;
    const theirs = append({ entity: 'observation' });
    const change = (count: number): string =>
      `UPDATE corridor_evidence SET state = jsonb_set(state, '{observationCount}', '${String(count)}')`;
    expect(await tried('app', lock, theirs, change(2))).toBe('accepted');
    expect(await tried('app', lock, theirs, change(2), change(2))).toMatch(/from 2 observations to 2/);
  });
});

describe('append_events', () => {
  const lock = `SELECT pg_advisory_xact_lock(${String(LOG_LOCK)})`;

  it('takes an event that fits', async () => {
    expect(await tried('app', lock, append({}))).toBe('accepted');
  });

  it('refuses when the lock is not held', async () => {
    expect(await tried('app', append({}))).toMatch(/lock is not held/);
  });

  it('refuses when only a shared lock, or another number, is held', async () => {
    expect(await tried('app', `SELECT pg_advisory_xact_lock_shared(${String(LOG_LOCK)})`, append({}))).toMatch(/lock is not held/);
    expect(await tried('app', `SELECT pg_advisory_xact_lock(0, ${String(LOG_LOCK)})`, append({}))).toMatch(/lock is not held/);
  });

  it.each([
    ['a gap', { seq: 2 }],
    ['a number that is taken', { seq: 0 }],
    ['a step back in time', { recordedAt: '2022-03-09T05:59:59.999Z' }],
  ])('refuses %s', async (_what, change) => {
    expect(await tried('app', lock, append(change))).toMatch(/leaves a gap, goes back in time, or does not fit|duplicate key/);
  });

  it('refuses a hash that is not of this event, or of another chain', async () => {
    expect(await tried('app', lock, append({ hash: createHash('sha256').update('x').digest() }))).toMatch(/does not fit the chain/);
    expect(await tried('app', lock, append({ previous: Buffer.alloc(32) }))).toMatch(/does not fit the chain/);
  });

  it('refuses a version that is taken: a lost update can’t even be logged', async () => {
    expect(await tried('app', lock, append({ entityId: corridorId, version: 2 }))).toMatch(/duplicate key/);
  });
});

interface Change {
  /** Steps after the head; 1 fits. */
  readonly seq?: number;
  readonly recordedAt?: string;
  readonly entity?: DraftRow['entity'];
  readonly entityId?: string;
  readonly version?: number;
  readonly previous?: Buffer;
  readonly hash?: Buffer;
}

/** One event after the head, right in everything that the test does not change. */
function append({
  seq = 1,
  recordedAt = head.recordedAt,
  entity = 'corridor',
  entityId = newId(),
  version = 1,
  previous = head.hash,
  hash,
}: Change): [string, readonly unknown[]] {
  const row: DraftRow = {
    seq: head.seq + seq,
    recordedAt: recordedAt as Instant,
    type: 'WindowAnnounced',
    entity,
    entityId,
    version,
    organisationId: olena.organisationId,
    corridorIds: [corridorId],
    actorId: null,
    commandId: null,
    body: '{"a":"ї"}',
  };
  return [`SELECT append_events($1::json, $2)`, toAppended([{ ...row, hash: hash ?? hashOf(previous, row) }])];
}
