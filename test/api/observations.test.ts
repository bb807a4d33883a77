import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declared, newCell, type Caller, type Cell, type Declared } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

describe('observations', () => {
  let server: TestServer;
  let cell: Cell;
  let corridor: Declared;
  let team: Caller;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
    corridor = await declared(cell.first);
    team = await cell.as('field_member', [corridor.id]);
  });
  afterAll(() => server.end());

  const seen = (changes: object = {}): object => ({
    corridorId: corridor.id,
    segmentId: corridor.segmentId,
    seen: 'passage',
    condition: 'quiet',
    passability: { bus: 'passable' },
    ...changes,
  });

  it('are kept with their times, and read back newest first without who reported', async () => {
    const enteredAt = '2022-03-09T05:40:00.000Z';
    const { status, body } = await team.post('/v1/observations', seen({ observedAt: '2022-03-09T07:30:00+02:00', enteredAt }));
    expect([status, body.isFutureDated]).toEqual([201, false]);
    const { body: list } = await cell.first.get(`/v1/observations?corridorId=${corridor.code}`);
    expect(list.items[0]).toMatchObject({ id: body.observationId, observedAt: '2022-03-09T05:30:00.000Z', enteredAt, isTrusted: true });
    expect(JSON.stringify(list)).not.toContain(team.personId);
  });

  it('from the future are kept, flagged, and are never good news', async () => {
    const other = await declared(cell.first);
    const watcher = await cell.as('field_member', [other.id]);
    const report = { ...seen(), corridorId: other.id, segmentId: other.segmentId, observedAt: '2022-03-09T06:10:00Z' };
    const { status, body } = await watcher.post('/v1/observations', report);
    expect([status, body.isFutureDated]).toEqual([201, true]);
    const { body: dossier } = await cell.first.get(`${other.path}/dossier`);
    expect(dossier.evidence.segments[other.segmentId]).toMatchObject({ goodAt: null, passageAt: null });
  });

  it('of a batch are decided one by one: a mistake costs none of the others', async () => {
    const repeated = seen({ commandId: randomUUID() });
    const items = [
      seen({ commandId: randomUUID() }),
      seen({ commandId: randomUUID(), condition: 'sunny' }),
      seen({ commandId: randomUUID(), segmentId: randomUUID() }),
      seen({ commandId: randomUUID(), corridorId: randomUUID() }),
      'no observation at all',
      repeated,
      repeated,
    ];
    const { status, body } = await team.post('/v1/observations/batches', { commandId: undefined, items });
    expect(status).toBe(200);
    expect(body.items.map((item: { status: number; problem?: { code: string } }) => [item.status, item.problem?.code])).toEqual([
      [201, undefined],
      [400, 'invalid-request'],
      [409, 'segment-unknown'],
      [404, 'not-found'],
      [400, 'invalid-request'],
      [201, undefined],
      [201, undefined],
    ]);
    expect(body.items[5]).toEqual(body.items[6]);
  });

  it('of a batch are a hundred at most', async () => {
    const items = Array.from({ length: 101 }, () => seen({ commandId: randomUUID() }));
    const { status } = await team.post('/v1/observations/batches', { commandId: undefined, items });
    expect(status).toBe(400);
  });

  it('come in pages that neither repeat nor leave out', async () => {
    const other = await declared(cell.first);
    const watcher = await cell.as('field_lead', [other.id]);
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { body } = await watcher.post('/v1/observations', { ...seen(), corridorId: other.id, segmentId: other.segmentId });
      ids.push(body.observationId as string);
    }
    const pages: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const cursor: string = next === '' ? '' : `&cursor=${next}`;
      const { body } = await cell.first.get(`/v1/observations?corridorId=${other.id}&limit=2${cursor}`);
      pages.push(...body.items.map(({ id }: { id: string }) => id));
      next = body.next;
    }
    expect([...pages].sort()).toEqual([...ids].sort());
    expect(new Set(pages).size).toBe(5);
  });
});
