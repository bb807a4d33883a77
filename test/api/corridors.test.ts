import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { corridorBody, declared, newCell, segmentBody, type Cell } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

describe('corridors', () => {
  let server: TestServer;
  let cell: Cell;
  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
  });
  afterAll(() => server.end());

  it('are read by id and by code, with their version as ETag', async () => {
    const corridor = await declared(cell.first, { externalId: 'ua-enerhodar' });
    const [byId, byCode] = [await cell.first.get(corridor.path), await cell.first.get(`/v1/corridors/${corridor.code}`)];
    expect(byId.body).toEqual(byCode.body);
    expect(byId.headers.get('etag')).toBe('"1"');
    expect(byId.body).toMatchObject({ stance: 'observed', externalId: 'ua-enerhodar', status: { display: 'not_agreed' } });
  });

  it('are listed in the order of their codes, in pages, and by what they are', async () => {
    const own = await newCell(server);
    const codes: string[] = [];
    for (const purpose of ['evacuation_out', 'aid_in', 'evacuation_out']) codes.push((await declared(own.first, { purpose })).code);
    const first = await own.first.get('/v1/corridors?limit=2');
    const second = await own.first.get(`/v1/corridors?limit=2&cursor=${String(first.body.next)}`);
    const codeOf = ({ code }: { code: string }): string => code;
    expect([...first.body.items, ...second.body.items].map(codeOf)).toEqual([...codes].sort());
    expect(second.body.next).toBeNull();
    expect((await own.first.get('/v1/corridors?purpose=aid_in&display=not_agreed')).body.items.map(codeOf)).toEqual([codes[1]]);
    expect((await own.first.get('/v1/corridors?windowDay=2022-03-09')).body.items).toEqual([]);
  });

  it('whose code another process drew in the same moment get another one, and the sender hears nothing of it', async () => {
    await server.database.asOwner(`
      CREATE SEQUENCE tries;
      CREATE FUNCTION taken_at_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF nextval('tries') = 1 THEN RAISE unique_violation USING CONSTRAINT = 'corridors_code_key'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER taken_at_first BEFORE INSERT ON corridors FOR EACH ROW EXECUTE FUNCTION taken_at_first()`);
    const { code } = await declared(cell.first);
    expect(code).toMatch(/^[A-Z]{1,3}[0-9]{1,2}$/);
    expect(await server.database.asOwner(`SELECT last_value::int AS tries FROM tries`)).toEqual([{ tries: 2 }]);
    await server.database.asOwner(`DROP TRIGGER taken_at_first ON corridors`);
  });

  it('with an external id that is taken are refused by the name of the field', async () => {
    await declared(cell.first, { externalId: 'ua-twice' });
    const { status, body } = await cell.first.post('/v1/corridors', corridorBody({ externalId: 'ua-twice' }));
    expect([status, body.code, body.field]).toEqual([409, 'id-taken', 'externalId']);
  });

  it('show a partner neither the road nor who decided', async () => {
    const corridor = await declared(cell.first);
    const partner = await cell.as('partner', [corridor.id]);
    const { body } = await partner.get(corridor.path);
    expect(body).toMatchObject({ id: corridor.id, name: 'Enerhodar – Zaporizhzhia' });
    expect(body).not.toHaveProperty('segments');
    expect((await partner.get(`${corridor.path}/dossier`)).status).toBe(403);
    expect((await partner.get(`${corridor.path}/criteria`)).status).toBe(403);
  });

  it('tell their history oldest first, in pages, with the texts to those who may read them', async () => {
    const corridor = await declared(cell.first);
    await cell.first.post(`${corridor.path}/holds`, { reason: 'crowd', note: 'Too many at the bridge' });
    const types: string[] = [];
    let texts: Record<string, string> = {};
    let next: string | null = '';
    while (next !== null) {
      const { body } = await cell.second.get(`${corridor.path}/history?limit=2${next === '' ? '' : `&cursor=${next}`}`);
      types.push(...body.items.map(({ type }: { type: string }) => type));
      texts = { ...texts, ...body.texts };
      next = body.next;
    }
    expect(types).toEqual(['CorridorDeclared', 'CorridorStatusChanged', 'HoldSet', 'CorridorStatusChanged']);
    expect(Object.values(texts)).toEqual(['Too many at the bridge']);
  });

  it('change their route only on the version that was read; what was known stays with the segments that stay', async () => {
    const staying = segmentBody();
    const corridor = await declared(cell.first, { segments: [staying] });
    const assessor = await cell.as('ordnance_assessor');
    await assessor.post(`${corridor.path}/ordnance`, { segmentId: staying.id, status: 'cleared' });
    const route = { geometryKind: 'traced', permittedModes: ['bus'], segments: [staying, segmentBody()] };
    expect((await cell.first.post(`${corridor.path}/routes`, route)).body.code).toBe('if-match-required');
    expect((await cell.first.post(`${corridor.path}/routes`, route, { 'if-match': '"1"' })).body.code).toBe('stale-version');
    expect((await cell.first.post(`${corridor.path}/routes`, route, { 'if-match': '"2"' })).status).toBe(201);
    const { body } = await cell.first.get(corridor.path);
    expect(body.segments.map(({ ordnance }: { ordnance: { status: string } }) => ordnance.status)).toEqual(['cleared', 'not_assessed']);
  });

  it('list the 25 criteria with their class, and what is known of each', async () => {
    const corridor = await declared(cell.first);
    await cell.first.post(`${corridor.path}/criteria`, { criterion: 'medical', value: 'met' });
    const { body } = await cell.first.get(`${corridor.path}/criteria`);
    expect(body.items).toHaveLength(25);
    expect(body.items[15]).toMatchObject({ criterion: 'medical', class: 'waivable', assessment: { value: 'met' } });
    const computed = await cell.first.post(`${corridor.path}/criteria`, { criterion: 'eo_clear', value: 'met' });
    expect([computed.status, computed.body.code]).toEqual([409, 'criterion-computed']);
  });

  it('lift a hold only with a clear from another person', async () => {
    const corridor = await declared(cell.first);
    const holdId = randomUUID();
    const path = `${corridor.path}/holds/${holdId}`;
    await cell.first.post(`${corridor.path}/holds`, { commandId: holdId, reason: 'crowd' });
    expect((await cell.second.post(`${path}/lifts`, { reason: 'Quiet again' })).body.code).toBe('hold-not-cleared');
    await cell.first.post(`${path}/clears`);
    expect((await cell.first.post(`${path}/lifts`, { reason: 'Quiet again' })).body.code).toBe('clear-by-another');
    const { body } = await cell.second.post(`${path}/lifts`, { reason: 'Quiet again' });
    expect(body.status.holds).toEqual([]);
  });
});
