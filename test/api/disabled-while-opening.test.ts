import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { LOG_LOCK } from '../../src/event-log/log-lock.js';
import { newCell, type Caller, type Cell } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { approveOpening, requestedOpening, type RequestedOpening } from '../support/opening.js';
import { startServer, type TestServer } from '../support/server.js';

const DISABLE = `UPDATE people SET is_active = false WHERE id = $1`;
const DISABLE_ORGANISATION = `UPDATE organisations SET is_active = false WHERE id = $1`;

/** Two transactions on a real PostgreSQL: one approves an opening, the other disables one of the two people on whom it rests (S5). */
describe('a person who is disabled while an opening is approved', () => {
  let server: TestServer;
  let cell: Cell;
  let leaving: Caller;
  let opening: RequestedOpening;
  let other: pg.Client;
  beforeAll(async () => {
    server = await startServer();
    other = new pg.Client(server.database.address.owner);
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await server.end();
  });
  beforeEach(async () => {
    cell = await newCell(server);
    leaving = await cell.as('coordinator');
    opening = await requestedOpening(cell, leaving);
  });

  it('is asked for no longer once the disabling has begun, whether it is committed or not', async () => {
    await other.query('BEGIN');
    await other.query(DISABLE, [leaving.personId]);
    const { status, body } = await approved(cell.second);
    await other.query('COMMIT');
    expect([status, body.code]).toEqual([409, 'requester-not-active']);
    await expectNotOpen();
  });

  it('opens nothing when the disabling commits while the approval waits for its turn', async () => {
    const answer = await whileTheLogIsHeld(() => approved(cell.second), DISABLE, leaving.personId);
    expect([answer.status, answer.body.code]).toEqual([409, 'requester-not-active']);
    await expectNotOpen();
  });

  it('can be disabled only after the batch that asked for them has committed', async () => {
    // The batch has asked for the person and can't write its rows: somebody holds the corridor's row.
    await other.query('BEGIN');
    await other.query(`SELECT id FROM corridors WHERE id = $1 FOR UPDATE`, [opening.corridor.id]);
    const approval = approved(cell.second);
    await Promise.race([waiting(`UPDATE corridors`), approval.then(expectNoAnswerYet)]);
    const disabling = server.database.asOwner(DISABLE, [leaving.personId]);
    await waiting(`UPDATE people`);
    await other.query('COMMIT');
    expect((await approval).status).toBe(201);
    await disabling;
    const [row] = await server.database.asOwner(`SELECT is_active FROM people WHERE id = $1`, [leaving.personId]);
    expect(row).toEqual({ is_active: false });
  });

  it('is asked for with the organisation, which may be disabled as well', async () => {
    await other.query('BEGIN');
    await other.query(DISABLE_ORGANISATION, [cell.organisationId]);
    const { status } = await approved(cell.second);
    await other.query('COMMIT');
    expect(status).toBe(403);
    await expectNotOpen();
  });

  it('approves nothing either, when it is the second person, who had passed the door', async () => {
    const second = await cell.as('coordinator');
    const answer = await whileTheLogIsHeld(() => approved(second), DISABLE, second.personId);
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    await expectNotOpen();
  });

  function approved(by: Caller): ReturnType<typeof approveOpening> {
    return approveOpening(by, opening.corridor, opening.requestId);
  }

  /** The approval has passed the door and waits for the log; meanwhile somebody else commits the statement. */
  async function whileTheLogIsHeld(
    approve: () => ReturnType<typeof approveOpening>,
    statement: string,
    id: string,
  ): ReturnType<typeof approveOpening> {
    await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(LOG_LOCK)})`);
    const approval = approve();
    await waiting('pg_advisory_xact_lock');
    await server.database.asOwner(statement, [id]);
    await other.query('COMMIT');
    return approval;
  }

  /** Until a statement that begins so waits for a lock in our database. */
  async function waiting(statement: string): Promise<void> {
    await eventually(async () => {
      const rows = await server.database.asOwner(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND position($1 IN query) > 0`,
        [statement],
      );
      expect(rows).toHaveLength(1);
    });
  }

  function expectNoAnswerYet({ status, body }: Awaited<ReturnType<typeof approved>>): never {
    throw new Error(`answered too early: ${String(status)} ${JSON.stringify(body)}`);
  }

  async function expectNotOpen(): Promise<void> {
    const [row] = await server.database.asOwner<{ lifecycle: string }>(`SELECT lifecycle FROM corridors WHERE id = $1`, [
      opening.corridor.id,
    ]);
    expect(row?.lifecycle).toBe('scheduled');
  }
});
