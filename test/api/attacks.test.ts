import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { declared, newCell, segmentBody, type Caller, type Cell, type Declared } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const LINE = [
  [34.65, 47.5],
  [35.28, 47.44],
];
/** Seven hundred metres from the line, and far from it. */
const NEAR = { name: 'Vasylivka', position: [35.28, 47.446], precisionKm: 0.1 };
const FAR_LINE = [
  [24.0, 49.8],
  [24.1, 49.9],
];

describe('a reported attack', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('reaches every corridor that it touches in the same batch, also those of others, and none beyond', async () => {
    const other = await newCell(server);
    const [here, theirs, far] = [
      await declared(cell.first, { segments: [segmentBody({ line: LINE })] }),
      await declared(other.first, { segments: [segmentBody({ line: LINE })] }),
      await declared(cell.first, { segments: [segmentBody({ line: FAR_LINE })] }),
    ];
    const { status, body } = await cell.first.post('/v1/attacks', { types: ['shelling_artillery_mortar'], place: NEAR });
    expect([status, body.corridorIds]).toEqual([201, [here.id]]); // of the others' corridors nothing is told
    const words = await Promise.all([cell.first.get(here.path), other.first.get(theirs.path), cell.first.get(far.path)]);
    expect(words.map((answer) => answer.body.status.display)).toEqual(['danger', 'danger', 'not_agreed']);
    const rows = await server.database.asOwner<{ entityId: string }>(
      `SELECT DISTINCT entity_id AS "entityId" FROM events WHERE type = 'CorridorStatusChanged'
          AND recorded_at = (SELECT recorded_at FROM events WHERE entity_id = $1 AND version = 1) AND seq > (SELECT seq FROM events WHERE entity_id = $1 AND version = 1)`,
      [body.attackId],
    );
    expect(rows.map(({ entityId }) => entityId).sort()).toEqual([here.id, theirs.id].sort());
  });

  it('that names a corridor is danger there, wherever it was', async () => {
    const corridor = await declared(cell.first, { segments: [segmentBody({ line: FAR_LINE })] });
    const report = { types: ['drone_strike'], place: { ...NEAR, position: [37.5, 47.1] }, corridorIds: [corridor.code] };
    await cell.first.post('/v1/attacks', report);
    expect((await cell.first.get(corridor.path)).body.status.display).toBe('danger');
  });

  it('known before a corridor is declared near it counts at once', async () => {
    const place = { name: null, position: [31.2, 51.5], precisionKm: 0 };
    await cell.first.post('/v1/attacks', { types: ['airstrike'], place });
    const corridor = await declared(cell.first, {
      segments: [
        segmentBody({
          line: [
            [31.2, 51.5],
            [31.3, 51.6],
          ],
        }),
      ],
    });
    expect((await cell.first.get(corridor.path)).body.status.display).toBe('danger');
  });

  it('retracted by its sender changes no word; two coordinators discount it, with a reason', async () => {
    const corridor = await declared(cell.first, { segments: [segmentBody({ line: FAR_LINE })] });
    const { body } = await cell.second.post('/v1/attacks', { types: ['sniper'], corridorIds: [corridor.id] });
    const path = `/v1/attacks/${String(body.attackId)}`;
    expect((await cell.first.post(`${path}/retractions`)).body.code).toBe('forbidden');
    expect((await cell.second.post(`${path}/retractions`, { reason: 'A tyre burst' })).status).toBe(201);
    expect((await cell.first.get(corridor.path)).body.status.display).toBe('danger');
    expect((await cell.first.post(`${path}/discounts`, { effect: 'false_report' })).status).toBe(400);
    const discount = { effect: 'false_report', reason: 'A tyre burst' };
    expect((await cell.first.post(`${path}/discounts`, discount)).status).toBe(201);
    expect((await cell.first.get(corridor.path)).body.status.display).toBe('danger');
    expect((await cell.first.post(`${path}/discounts`, discount)).body.code).toBe('same-person');
    expect((await cell.second.post(`${path}/discounts`, discount)).status).toBe(201);
    expect((await cell.first.get(corridor.path)).body.status.display).not.toBe('danger');
  });

  it('is discounted by each organisation for its own corridors alone', async () => {
    const others = await newCell(server);
    const line = [
      [26.1, 48.4],
      [26.3, 48.5],
    ];
    const ours = await declared(cell.first, { segments: [segmentBody({ line })] });
    const theirs = await declared(others.first, { segments: [segmentBody({ line })] });
    const place = { position: line[0], precisionKm: 0.1 };
    const { body } = await others.first.post('/v1/attacks', { types: ['sniper'], place });
    const path = `/v1/attacks/${String(body.attackId)}/discounts`;
    const discount = { effect: 'outside_effect', reason: 'Behind the ridge' };
    for (const by of [others.first, others.second]) expect((await by.post(path, discount)).status).toBe(201);
    expect((await others.first.get(theirs.path)).body.status.display).not.toBe('danger');
    expect((await cell.first.get(ours.path)).body.status.display).toBe('danger');
    expect((await others.first.post(path, discount)).body.code).toBe('already-decided');
  });

  it('that was discounted for every corridor counts for one that is declared afterwards, until it is judged for that one', async () => {
    const others = await newCell(server);
    const line = [
      [27.1, 48.4],
      [27.3, 48.5],
    ];
    const display = async (by: Caller, corridor: Declared): Promise<unknown> => (await by.get(corridor.path)).body.status.display;
    const ours = await declared(cell.first, { segments: [segmentBody({ line })] });
    const place = { position: line[0], precisionKm: 0.1 };
    const { body } = await cell.first.post('/v1/attacks', { types: ['sniper'], place });
    const path = `/v1/attacks/${String(body.attackId)}`;
    const discount = { effect: 'outside_effect', reason: 'Behind the ridge' };
    for (const by of [cell.first, cell.second]) expect((await by.post(`${path}/discounts`, discount)).status).toBe(201);
    expect((await cell.first.get(path)).body).toMatchObject({ isDiscounted: true, verification: 'discounted' });

    const theirs = await declared(others.first, { segments: [segmentBody({ line })] });
    expect([await display(others.first, theirs), await display(cell.first, ours)]).toEqual(['danger', 'not_agreed']);
    expect((await others.first.get(path)).body).toMatchObject({ isDiscounted: false, verification: 'under_review' });
    expect((await cell.first.post(`${path}/discounts`, discount)).body.code).toBe('already-decided');
    for (const by of [others.first, others.second]) expect((await by.post(`${path}/discounts`, discount)).status).toBe(201);
    expect(await display(others.first, theirs)).toBe('not_agreed');
    expect((await others.first.get(path)).body.isDiscounted).toBe(true);
  });

  it('that its sender took back, too, is over: a corridor declared afterwards does not look at it', async () => {
    const line = [
      [28.1, 48.4],
      [28.3, 48.5],
    ];
    await declared(cell.first, { segments: [segmentBody({ line })] });
    const { body } = await cell.first.post('/v1/attacks', { types: ['sniper'], place: { position: line[0], precisionKm: 0.1 } });
    const path = `/v1/attacks/${String(body.attackId)}`;
    for (const by of [cell.first, cell.second]) await by.post(`${path}/discounts`, { effect: 'false_report', reason: 'A tyre burst' });
    expect((await cell.first.post(`${path}/retractions`, { reason: 'A tyre burst' })).status).toBe(201);
    const later = await declared(cell.first, { segments: [segmentBody({ line })] });
    expect((await cell.first.get(later.path)).body.status.display).toBe('not_agreed');
  });

  it('is graded by a verifier, and its counts may be revised; who reported it is told to nobody', async () => {
    const verifier = await cell.as('verifier');
    const { body } = await cell.first.post('/v1/attacks', {
      types: ['missile'],
      place: NEAR,
      casualties: { killed: { min: 2, max: null } },
    });
    const path = `/v1/attacks/${String(body.attackId)}`;
    const graded = await verifier.post(`${path}/gradings`, { grade: { reliability: 'B', credibility: '2' }, verification: 'confirmed' });
    const revised = await verifier.post(`${path}/counts`, { casualties: { killed: { min: 3, max: 5 }, injured: { min: 1 } } });
    expect([graded.status, revised.status]).toEqual([201, 201]);
    const { body: attack, headers } = await cell.second.get(path);
    expect(attack).toMatchObject({ verification: 'confirmed', casualties: { killed: { min: 3, max: 5 }, missing: null } });
    expect(headers.get('etag')).toBe(`"${String(attack.version)}"`);
    expect(JSON.stringify(attack)).not.toContain(cell.first.personId);
  });

  it('gives a partner a coarse place only, and no search by place to narrow it', async () => {
    const corridor = await declared(cell.first, { segments: [segmentBody({ line: LINE })] });
    const partner = await cell.as('partner', [corridor.id]);
    const { body } = await cell.first.post('/v1/attacks', { types: ['missile'], place: NEAR, corridorIds: [corridor.id] });
    const { body: seen } = await partner.get(`/v1/attacks/${String(body.attackId)}`);
    expect(seen.place.precisionKm).toBeGreaterThanOrEqual(5);
    expect(seen.place.position).not.toEqual(NEAR.position);
    const around = '/v1/attacks?bbox=35,47,36,48';
    expect((await partner.get(around)).body.items).toEqual([]);
    expect((await cell.first.get(around)).body.items.length).toBeGreaterThan(0);
  });

  it('is found again by its corridor and by when it was received, the newest first', async () => {
    const corridor = await declared(cell.first, { segments: [segmentBody({ line: FAR_LINE })] });
    const ids = [randomUUID(), randomUUID()];
    for (const commandId of ids) await cell.first.post('/v1/attacks', { commandId, types: ['obstruction'], corridorIds: [corridor.id] });
    const { body } = await cell.first.get(`/v1/attacks?corridorId=${corridor.id}&since=2022-03-09T00:00:00Z`);
    expect(body.items.map(({ id }: { id: string }) => id).sort()).toEqual([...ids].sort());
    expect((await cell.first.get(`/v1/attacks?corridorId=${corridor.id}&since=2022-03-10T00:00:00Z`)).body.items).toEqual([]);
  });
});
