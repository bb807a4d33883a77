import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCell, type Caller, type Cell } from '../support/api.js';
import { approveOpening as approve, requestedOpening } from '../support/opening.js';
import { startServer, type TestServer } from '../support/server.js';

describe('opening a corridor', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('takes two people, and shows what both agreed and checked', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect({ status, body }).toMatchObject({ status: 201, body: { status: { display: 'open', attempt: { lifecycle: 'open' } } } });
    expect(body.status.opening).toMatchObject({ requestedBy: cell.first.personId, approvedBy: cell.second.personId });
  });

  it('is refused to who requested it', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    const { status, body } = await approve(cell.first, corridor, requestId);
    expect([status, body.code]).toEqual([409, 'same-person']);
  });

  it('wants to be told on which version it was decided', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    const path = `${corridor.path}/opening-requests/${requestId}/approvals`;
    const silent = await cell.second.post(path);
    expect([silent.status, silent.body.code]).toEqual([428, 'if-match-required']);
    const whichever = await cell.second.post(path, {}, { 'if-match': '*' });
    expect([whichever.status, whichever.body.code]).toEqual([428, 'if-match-required']);
    const stale = await cell.second.post(path, {}, { 'if-match': '"1"' });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale-version']);
    expect(stale.body.current).toMatchObject({ corridorId: corridor.id, version: stale.body.currentVersion });
  });

  it('is void when what decides has become worse since it was requested', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    await cell.first.post(`${corridor.path}/criteria`, { criterion: 'medical', value: 'not_met' });
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect([status, body.code]).toEqual([412, 'opening-void']);
    expect(body.current.criteria.medical.value).toBe('not_met');
  });

  it('waits while a hold stands', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    const team = await cell.as('field_member', [corridor.id]);
    await team.post(`${corridor.path}/holds`, { reason: 'crowd' });
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect(status).toBe(412);
    expect(body.code).toBe('opening-void');
    const again = await cell.first.post(`${corridor.path}/opening-requests`, { kind: 'open' });
    expect([again.status, again.body.code]).toEqual([409, 'holds-standing']);
  });

  it('is refused when who requested it is no longer active', async () => {
    const leaving = await cell.as('coordinator');
    const { corridor, requestId } = await requestedOpening(cell, leaving);
    await server.database.asOwner(`UPDATE people SET is_active = false WHERE id = $1`, [leaving.personId]);
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect([status, body.code]).toEqual([409, 'requester-not-active']);
  });

  it('is told with the dossier what it is bound to', async () => {
    const { corridor } = await requestedOpening(cell);
    const { body, headers } = await cell.second.get(`${corridor.path}/dossier`);
    expect(headers.get('etag')).toBe(`"${String(body.version)}"`);
    expect(body.status.openingRequests).toMatchObject([{ boundDigest: body.boundDigest, requestedBy: cell.first.personId }]);
  });

  it('removes a limit by the same two steps', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    await approve(cell.second, corridor, requestId);
    const limitId = randomUUID();
    const limited = await cell.first.post(`${corridor.path}/limits`, { commandId: limitId, kind: 'released_one_by_one', note: 'Mud' });
    expect(limited.body.status.display).toBe('limited');
    const removal = randomUUID();
    const asked = await cell.first.post(`${corridor.path}/limits/${limitId}/removals`, { commandId: removal });
    expect([asked.status, asked.body.status.limits.length]).toEqual([201, 1]);
    const { status, body } = await approve(cell.second, corridor, removal);
    expect([status, body.status.limits]).toEqual([201, []]);
  });

  it('leaves what two answered for to two: one person makes it worse at once, never easier', async () => {
    const { corridor, requestId } = await requestedOpening(cell);
    await approve(cell.second, corridor, requestId);
    const transit = (slowMinutes: number): ReturnType<Caller['post']> =>
      cell.first.post(`${corridor.path}/transit-times`, { mode: 'bus', slowMinutes, basis: 'measured' });
    const shorter = await transit(60);
    expect([shorter.status, shorter.body]).toMatchObject([409, { code: 'takes-two-people', easier: ['last_departure'] }]);
    expect((await transit(180)).status).toBe(201);
    await cell.first.post(`${corridor.path}/suspensions`, { reason: 'other' });
    expect((await transit(60)).status).toBe(201);
  });
});
