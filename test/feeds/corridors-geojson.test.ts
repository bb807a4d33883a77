import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import geojsonhint from 'geojsonhint';
import { declared, newCell, segmentBody, type Cell } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const FEED = '/feeds/corridors.geojson';

describe('the corridors as GeoJSON', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('are accepted by a linter that is not ours, and say what they are not', async () => {
    await declared(cell.first);
    await declared(cell.first, { geometryKind: 'schematic', destination: null });
    const { status, headers, body } = await cell.first.get(FEED);
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^application\/geo\+json/)]);
    expect(geojsonhint.hint(JSON.stringify(body)).filter(({ level }) => level !== 'message')).toEqual([]);
    expect(body).toMatchObject({ not_for_navigation: true, notice: 'EXERCISE', degraded: false });
    for (const { properties } of body.features) expect(properties).toMatchObject({ not_for_navigation: true, notice: 'EXERCISE' });
  });

  it('show a traced road as lines and a schematic one as the points of its named places', async () => {
    const own = await newCell(server);
    const traced = await declared(own.first);
    const schematic = await declared(own.first, { geometryKind: 'schematic' });
    const { body } = await own.first.get(FEED);
    const geometryOf = (id: string): unknown => body.features.find((feature: { id: string }) => feature.id === `urn:uuid:${id}`).geometry;
    expect(geometryOf(traced.id)).toMatchObject({ type: 'MultiLineString' });
    expect(geometryOf(schematic.id)).toEqual({
      type: 'MultiPoint',
      coordinates: [
        [34.65, 47.5],
        [35.14, 47.84],
      ],
    });
  });

  it('cut a road at the antimeridian', async () => {
    const own = await newCell(server);
    const line = [
      [179.5, -16],
      [-179.5, -17],
    ];
    await declared(own.first, { segments: [segmentBody({ line })] });
    const { body } = await own.first.get(FEED);
    expect(body.features[0].geometry.coordinates).toEqual([
      [
        [179.5, -16],
        [180, -16.5],
      ],
      [
        [-180, -16.5],
        [-179.5, -17],
      ],
    ]);
  });

  it('give a partner only what is shared with it, with places on a grid and no line at all', async () => {
    const own = await newCell(server);
    const shared = await declared(own.first);
    await declared(own.first);
    const partner = await own.as('partner', [shared.id]);
    const { body } = await partner.get(FEED);
    expect(body.features.map(({ id }: { id: string }) => id)).toEqual([`urn:uuid:${shared.id}`]);
    expect(body.features[0].geometry.type).toBe('MultiPoint');
    expect(body.features[0].geometry.coordinates).not.toContainEqual([34.65, 47.5]);
  });

  it('are not sent again while nothing has changed, and are when something has', async () => {
    const own = await newCell(server);
    const corridor = await declared(own.first);
    const first = await own.first.get(FEED);
    const tag = first.headers.get('etag') ?? '';
    const again = await own.first.get(FEED, { 'if-none-match': tag });
    expect([again.status, again.body]).toEqual([304, '']);
    await own.first.post(`${corridor.path}/suspensions`, { reason: 'shelling' });
    const changed = await own.first.get(FEED, { 'if-none-match': tag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  it('are for people who have signed in', async () => {
    expect((await fetch(`${server.url}${FEED}`)).status).toBe(401);
  });
});
