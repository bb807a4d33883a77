import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ASSESSED_CRITERIA } from '../../src/domain/criterion.js';
import { declared, newCell, type Caller, type Cell, type Declared } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

/** The test's clock stands at 06:00Z: the window runs. */
const STARTS_AT = '2022-03-09T05:30:00Z';
const ENDS_AT = '2022-03-09T19:00:00Z';

describe('opening a corridor', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('takes two people, and shows what both agreed and checked', async () => {
    const { corridor, requestId } = await requested();
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect({ status, body }).toMatchObject({ status: 201, body: { status: { display: 'open', attempt: { lifecycle: 'open' } } } });
    expect(body.status.opening).toMatchObject({ requestedBy: cell.first.personId, approvedBy: cell.second.personId });
  });

  it('is refused to who requested it', async () => {
    const { corridor, requestId } = await requested();
    const { status, body } = await approve(cell.first, corridor, requestId);
    expect([status, body.code]).toEqual([409, 'same-person']);
  });

  it('wants to be told on which version it was decided', async () => {
    const { corridor, requestId } = await requested();
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
    const { corridor, requestId } = await requested();
    await cell.first.post(`${corridor.path}/criteria`, { criterion: 'medical', value: 'not_met' });
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect([status, body.code]).toEqual([412, 'opening-void']);
    expect(body.current.criteria.medical.value).toBe('not_met');
  });

  it('waits while a hold stands', async () => {
    const { corridor, requestId } = await requested();
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
    const { corridor, requestId } = await requested(leaving);
    await server.database.asOwner(`UPDATE people SET is_active = false WHERE id = $1`, [leaving.personId]);
    const { status, body } = await approve(cell.second, corridor, requestId);
    expect([status, body.code]).toEqual([409, 'requester-not-active']);
  });

  it('is told with the dossier what it is bound to', async () => {
    const { corridor } = await requested();
    const { body, headers } = await cell.second.get(`${corridor.path}/dossier`);
    expect(headers.get('etag')).toBe(`"${String(body.version)}"`);
    expect(body.status.openingRequests).toMatchObject([{ boundDigest: body.boundDigest, requestedBy: cell.first.personId }]);
  });

  it('removes a limit by the same two steps', async () => {
    const { corridor, requestId } = await requested();
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
    const { corridor, requestId } = await requested();
    await approve(cell.second, corridor, requestId);
    const transit = (slowMinutes: number): ReturnType<Caller['post']> =>
      cell.first.post(`${corridor.path}/transit-times`, { mode: 'bus', slowMinutes, basis: 'measured' });
    const shorter = await transit(60);
    expect([shorter.status, shorter.body]).toMatchObject([409, { code: 'takes-two-people', easier: ['last_departure'] }]);
    expect((await transit(180)).status).toBe(201);
    await cell.first.post(`${corridor.path}/suspensions`, { reason: 'other' });
    expect((await transit(60)).status).toBe(201);
  });

  /** Everything that an opening needs, up to its request. */
  async function requested(by: Caller = cell.first): Promise<{ corridor: Declared; requestId: string }> {
    const corridor = await ready();
    const requestId = randomUUID();
    const { status, body } = await by.post(`${corridor.path}/opening-requests`, { commandId: requestId, kind: 'open' });
    expect({ status, body }).toMatchObject({ status: 201, body: { commandId: requestId } });
    return { corridor, requestId };
  }

  async function approve(by: Caller, corridor: Declared, requestId: string): ReturnType<Caller['post']> {
    const { headers } = await by.get(corridor.path);
    return by.post(`${corridor.path}/opening-requests/${requestId}/approvals`, {}, { 'if-match': headers.get('etag') ?? '' });
  }

  async function ready(): Promise<Declared> {
    const corridor = await declared(cell.first);
    const team = await cell.as('field_lead', [corridor.id]);
    const assessor = await cell.as('ordnance_assessor');
    const windowId = randomUUID();
    const steps: readonly (readonly [Caller, string, object])[] = [
      [cell.first, '/v1/windows', windowBody(windowId, corridor)],
      ...['ukraine', 'russia'].map((party) => [cell.first, `/v1/windows/${windowId}/consents`, { party, consent: 'green_light' }] as const),
      [cell.first, `${corridor.path}/attempts`, { windowId }],
      [cell.first, `${corridor.path}/negotiations`, {}],
      [cell.first, `${corridor.path}/agreements`, {}],
      [cell.first, `${corridor.path}/schedules`, {}],
      [assessor, `${corridor.path}/ordnance`, { segmentId: corridor.segmentId, status: 'cleared' }],
      ...['bus', 'car'].map(
        (mode) => [cell.first, `${corridor.path}/transit-times`, { mode, slowMinutes: 120, basis: 'measured' }] as const,
      ),
      ...ASSESSED_CRITERIA.map((criterion) => [cell.first, `${corridor.path}/criteria`, { criterion, value: 'met' }] as const),
      [team, '/v1/observations', observation(corridor)],
    ];
    const proposalId = randomUUID();
    await done(cell.first, `${corridor.path}/stances`, { commandId: proposalId, stance: 'supported', reason: 'Asked for by both towns' });
    await done(cell.second, `${corridor.path}/stances/${proposalId}/approvals`, {});
    for (const [caller, path, body] of steps) await done(caller, path, body);
    return corridor;
  }
});

async function done(caller: Caller, path: string, body: object): Promise<void> {
  const answer = await caller.post(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

function windowBody(commandId: string, corridor: Declared): object {
  return {
    commandId,
    kind: 'daily_corridor',
    corridorIds: [corridor.id],
    zone: 'Europe/Kyiv',
    announcedBy: ['Ukraine', 'Russia'],
    basis: 'all_party',
    claims: [
      { about: 'start', edge: { kind: 'instant', at: STARTS_AT }, claimedBy: 'Ukraine' },
      { about: 'end', edge: { kind: 'instant', at: ENDS_AT }, claimedBy: 'Ukraine' },
    ],
  };
}

function observation({ id, segmentId }: Declared): object {
  return { corridorId: id, segmentId, seen: 'passage', condition: 'quiet', passability: { bus: 'passable', car: 'passable' } };
}
