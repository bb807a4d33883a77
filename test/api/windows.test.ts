import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declared, newCell, type Cell, type Declared } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

describe('ceasefire windows', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('announced by one side alone stay NOT AGREED, whatever that side confirms', async () => {
    const corridor = await supported();
    const { path, id } = await announced([corridor]);
    await cell.first.post(`${corridor.path}/attempts`, { windowId: id });
    await cell.first.post(`${path}/consents`, { party: 'russia', consent: 'green_light' });
    await cell.first.post(`${path}/consents`, { party: 'ukraine', consent: 'refused' });
    const refused = await cell.first.post(`${corridor.path}/negotiations`);
    expect(refused.body.status.display).toBe('not_agreed');
    const agreed = await cell.first.post(`${corridor.path}/agreements`);
    expect([agreed.status, agreed.body.code]).toEqual([409, 'consent-missing']);
    expect(agreed.body.parties).toEqual([{ party: 'ukraine', consent: 'refused' }]);
  });

  it('keep the hours as claimed: an instant, a day, or not stated, by whom and in whose words', async () => {
    const corridor = await declared(cell.first);
    const { path } = await announced([corridor]);
    const claim = { about: 'end', edge: { kind: 'instant', at: { local: '2022-03-09T21:00', zone: 'Europe/Kyiv' } }, claimedBy: 'Ukraine' };
    await cell.first.post(`${path}/claims`, { claim: { ...claim, wording: 'until nine in the evening' } });
    const { body, headers } = await cell.first.get(path);
    expect(headers.get('etag')).toBe('"2"');
    expect(body.claims.map(({ about, edge }: { about: string; edge: object }) => [about, edge])).toEqual([
      ['start', { kind: 'day', date: '2022-03-09' }],
      ['end', { kind: 'not_stated' }],
      ['end', { kind: 'instant', at: '2022-03-09T19:00:00.000Z' }],
    ]);
    const { textId } = body.claims[2].wording;
    expect(body.texts[textId]).toBe('until nine in the evening');
  });

  it('are extended for departures only by a second person', async () => {
    const corridor = await declared(cell.first);
    const { path } = await announced([corridor]);
    const claimId = randomUUID();
    const claim = { edge: { kind: 'instant', at: '2022-03-09T20:00:00Z' }, claimedBy: 'Ukraine' };
    await cell.first.post(`${path}/extensions`, { commandId: claimId, claim });
    const own = await cell.first.post(`${path}/extensions/${claimId}/approvals`);
    expect([own.status, own.body.code]).toEqual([409, 'same-person']);
    const { status } = await cell.second.post(`${path}/extensions/${claimId}/approvals`, { reason: 'Both lines confirmed it' });
    expect(status).toBe(201);
    const { body } = await cell.first.get(path);
    expect(body.claims.filter(({ about }: { about: string }) => about === 'end')).toMatchObject([
      { edge: { at: '2022-03-09T20:00:00.000Z' } },
    ]);
  });

  it('take no consent of somebody who is no relevant party', async () => {
    const { path } = await announced([await declared(cell.first)]);
    const { status, body } = await cell.first.post(`${path}/consents`, { party: 'switzerland', consent: 'terms_confirmed' });
    expect([status, body.code, body.allowed]).toEqual([409, 'party-not-relevant', ['ukraine', 'russia']]);
  });

  it('name only corridors of the own organisation', async () => {
    const theirs = await declared((await newCell(server)).first);
    const { status } = await cell.first.post('/v1/windows', windowBody([theirs]));
    expect(status).toBe(404);
  });

  it('are found by corridor and by day', async () => {
    const corridor = await declared(cell.first);
    const { id } = await announced([corridor]);
    const ids = async (query: string): Promise<string[]> => {
      const { body } = await cell.first.get(`/v1/windows?corridorId=${corridor.code}${query}`);
      return body.items.map((window: { id: string }) => window.id);
    };
    expect([await ids(''), await ids('&day=2022-03-09'), await ids('&day=2022-03-10')]).toEqual([[id], [id], []]);
  });

  it('withdrawn by a party suspend what is scheduled at once', async () => {
    const corridor = await supported();
    const { path, id } = await announced([corridor]);
    for (const party of ['ukraine', 'russia']) await cell.first.post(`${path}/consents`, { party, consent: 'terms_confirmed' });
    await cell.first.post(`${corridor.path}/attempts`, { windowId: id });
    for (const step of ['negotiations', 'agreements', 'schedules']) await cell.first.post(`${corridor.path}/${step}`);
    await cell.first.post(`${path}/consents`, { party: 'russia', consent: 'withdrawn', voice: 'the liaison of the morning' });
    const { body } = await cell.first.get(corridor.path);
    expect(body.status.attempt.lifecycle).toBe('suspended');
  });

  async function supported(): Promise<Declared> {
    const corridor = await declared(cell.first);
    const commandId = randomUUID();
    await cell.first.post(`${corridor.path}/stances`, { commandId, stance: 'supported', reason: 'Asked for by the town' });
    await cell.second.post(`${corridor.path}/stances/${commandId}/approvals`);
    return corridor;
  }

  async function announced(corridors: readonly Declared[]): Promise<{ id: string; path: string }> {
    const { status, body } = await cell.first.post('/v1/windows', windowBody(corridors));
    if (status !== 201) throw new Error(JSON.stringify(body));
    return { id: body.windowId as string, path: `/v1/windows/${String(body.windowId)}` };
  }
});

function windowBody(corridors: readonly Declared[]): object {
  return {
    kind: 'ceasefire_window',
    corridorIds: corridors.map(({ code }) => code),
    zone: 'Europe/Kyiv',
    announcedBy: ['Russia'],
    claims: [
      { about: 'start', edge: { kind: 'day', date: '2022-03-09' }, claimedBy: 'Russia' },
      { about: 'end', edge: { kind: 'not_stated' }, claimedBy: 'Russia' },
    ],
  };
}
