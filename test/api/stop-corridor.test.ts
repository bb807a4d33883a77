import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declared, newCell, type Cell } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

describe('stopping a corridor', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('takes one person of the team, one reason, and shows at once', async () => {
    const corridor = await declared(cell.first);
    const team = await cell.as('field_member', [corridor.id]);
    const { status, body } = await team.post(`${corridor.path}/suspensions`, { reason: 'shelling' });
    expect(status).toBe(201);
    expect(body.status.holds).toMatchObject([{ reason: 'shelling', isStop: true, setBy: team.personId }]);
    const seen = await cell.second.get(corridor.path);
    expect(seen.body.status.holds).toHaveLength(1);
  });

  it('is found by its radio code', async () => {
    const corridor = await declared(cell.first);
    const { status, body } = await cell.first.post(`/v1/corridors/${corridor.code.toLowerCase()}/suspensions`, { reason: 'air' });
    expect([status, body.corridorId]).toEqual([201, corridor.id]);
  });

  it('is done once, however often it arrives', async () => {
    const corridor = await declared(cell.first);
    const stop = { commandId: randomUUID(), reason: 'mine' };
    const answers = await Promise.all([1, 2, 3].map(() => cell.first.post(`${corridor.path}/suspensions`, stop)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    const { body } = await cell.first.get(corridor.path);
    expect(body.status.holds).toHaveLength(1);
  });

  it('refuses its id with another body', async () => {
    const corridor = await declared(cell.first);
    const commandId = randomUUID();
    await cell.first.post(`${corridor.path}/suspensions`, { commandId, reason: 'mine' });
    const { status, body } = await cell.first.post(`${corridor.path}/suspensions`, { commandId, reason: 'air' });
    expect([status, body.code]).toEqual([409, 'command-id-reused']);
  });

  it('is welcome a second time, from another person, as a hold of its own', async () => {
    const corridor = await declared(cell.first);
    await cell.first.post(`${corridor.path}/suspensions`, { reason: 'mine' });
    const { status, body } = await cell.second.post(`${corridor.path}/suspensions`, { reason: 'drone' });
    expect(status).toBe(201);
    expect(body.status.holds.map((hold: { reason: string }) => hold.reason)).toEqual(['mine', 'drone']);
  });

  it('does not care for a stale version, nor for nonsense in If-Match', async () => {
    const corridor = await declared(cell.first);
    for (const ifMatch of ['"999"', 'nonsense']) {
      const { status } = await cell.first.post(`${corridor.path}/suspensions`, { reason: 'other' }, { 'if-match': ifMatch });
      expect(status).toBe(201);
    }
  });

  it('keeps what was said, but not in the log', async () => {
    const corridor = await declared(cell.first);
    const { status } = await cell.first.post(`${corridor.path}/suspensions`, { reason: 'other', note: 'canary: Olena at the bridge' });
    expect(status).toBe(201);
    const rows = await server.database.asOwner(`SELECT body FROM events WHERE body LIKE '%canary%'`);
    expect(rows).toEqual([]);
  });

  it('is not for a partner, and does not exist for a stranger', async () => {
    const corridor = await declared(cell.first);
    const partner = await cell.as('partner', [corridor.id]);
    const stranger = (await newCell(server)).first;
    const stop = { reason: 'shelling' };
    expect((await partner.post(`${corridor.path}/suspensions`, stop)).status).toBe(403);
    const unseen = await stranger.post(`${corridor.path}/suspensions`, stop);
    const unknown = await stranger.post(`/v1/corridors/${randomUUID()}/suspensions`, stop);
    expect({ ...unseen.body, requestId: null }).toEqual({ ...unknown.body, requestId: null });
    expect(unseen.status).toBe(404);
  });

  it('names what is allowed when the reason is strange', async () => {
    const corridor = await declared(cell.first);
    const { status, body } = await cell.first.post(`${corridor.path}/suspensions`, { reason: 'because' });
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors).toMatchObject([{ field: 'reason', message: expect.stringContaining('shelling') }]);
  });

  it('is refused when the attempt has ended, and only then', async () => {
    const corridor = await declared(cell.first);
    await cell.first.post(`${corridor.path}/attempts`);
    await cell.first.post(`${corridor.path}/cancellations`);
    const { status, body } = await cell.first.post(`${corridor.path}/suspensions`, { reason: 'other' });
    expect([status, body.code]).toEqual([409, 'attempt-ended']);
  });
});
