import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callerOf, corridorBody, declared, newCell, segmentBody, type Answer, type Caller, type Declared } from '../support/api.js';
import { signedIn } from '../support/accounts.js';
import { startServer, type TestServer } from '../support/server.js';

describe('bad input gets a clear answer and changes nothing', () => {
  let server: TestServer;
  let sender: Caller;
  let corridor: Declared;
  let eventsBefore: number;
  beforeAll(async () => {
    server = await startServer();
    sender = (await newCell(server)).first;
    corridor = await declared(sender);
    eventsBefore = await events();
  });
  afterAll(async () => {
    const eventsAfter = await events();
    await server.end();
    expect(eventsAfter).toBe(eventsBefore);
  });

  async function events(): Promise<number> {
    const [row] = await server.database.asOwner<{ count: string }>(`SELECT count(*) FROM events`);
    return Number(row?.count);
  }

  it.each([
    ['a time without a zone', '2022-03-09T09:00', 'time-without-zone'],
    ['an hour that summer time leaves out', { local: '2022-03-27T03:30', zone: 'Europe/Kyiv' }, 'time-skipped'],
    ['an hour that comes twice', { local: '2022-10-30T03:30', zone: 'Europe/Kyiv' }, 'time-ambiguous'],
    ['the year 9999', '9999-01-01T00:00:00Z', 'time'],
    ['31 April', '2022-04-31T10:00:00Z', 'time'],
    ['a zone that is an offset', { local: '2022-03-09T09:00', zone: '+02:00' }, 'zone'],
    ['a number', 1646812800, 'time'],
    ['nothing at all', undefined, 'time'],
  ])('%s', async (_, at, code) => {
    const claims = [{ about: 'start', edge: { kind: 'instant', at }, claimedBy: 'Ukraine' }];
    const { status, body } = await sender.post('/v1/windows', window({ claims }));
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors).toContainEqual({ field: 'claims[0].edge.at', code, message: expect.any(String) });
  });

  it('a window that ends before it starts', async () => {
    const claims = [
      { about: 'start', edge: { kind: 'instant', at: '2022-03-09T09:00:00Z' }, claimedBy: 'Ukraine' },
      { about: 'end', edge: { kind: 'instant', at: '2022-03-09T07:00:00Z' }, claimedBy: 'Ukraine' },
    ];
    const { status, body } = await sender.post('/v1/windows', window({ claims }));
    expect([status, body.code]).toEqual([409, 'edge-not-ordered']);
  });

  it.each([
    [
      'latitude 91',
      {
        line: [
          [30, 91],
          [30, 50],
        ],
      },
      'segments[0].line',
      'position',
    ],
    [
      'longitude 181',
      {
        line: [
          [181, 50],
          [30, 50],
        ],
      },
      'segments[0].line',
      'position',
    ],
    [
      'a position of three numbers',
      {
        line: [
          [30, 50, 7],
          [30, 51],
        ],
      },
      'segments[0].line',
      'position',
    ],
    ['a line of one point', { line: [[30, 50]] }, 'segments[0].line', 'line-length'],
    ['a line of 2,001 points', { line: Array.from({ length: 2_001 }, () => [30, 50]) }, 'segments[0].line', 'line-length'],
    ['a width below zero', { widthM: -1 }, 'segments[0].widthM', 'min'],
    ['a strange word', { watch: 'watched' }, 'segments[0].watch', 'is-in'],
    ['a name of control characters', { name: 'A\u0000B' }, 'segments[0].name', 'name'],
    ['an unknown field', { colour: 'red' }, 'segments[0].colour', 'whitelist-validation'],
  ])('a segment with %s', async (_, changes, field, code) => {
    const { status, body } = await sender.post('/v1/corridors', corridorBody({ segments: [segmentBody(changes)] }));
    expect([status, body.code]).toEqual([400, 'invalid-request']);
    expect(body.errors).toContainEqual({ field, code, message: expect.any(String) });
  });

  it.each([
    ['no segment', { segments: [] }],
    ['a segment that is null', { segments: [null] }],
    ['a list for an origin', { origin: [] }],
    ['no origin', { origin: undefined }],
    ['a number for a name', { name: 7 }],
    ['the same mode twice', { permittedModes: ['bus', 'bus'] }],
    ['an id that is none', { commandId: 'K7' }],
  ])('a corridor with %s', async (_, changes) => {
    const { status, body } = await sender.post('/v1/corridors', corridorBody(changes));
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it('a word that no list has is told which the list has', async () => {
    const { body } = await sender.post('/v1/corridors', corridorBody({ direction: 'sideways' }));
    expect(body.errors).toMatchObject([{ field: 'direction', message: expect.stringContaining('out, in, both') }]);
  });

  it.each([
    ['broken JSON', '{"commandId":', 400, 'malformed-json'],
    ['no body', '', 400, 'malformed-json'],
    ['a list', '[]', 400, 'invalid-request'],
    ['10,000 levels', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 400, 'invalid-request'],
    ['110 KiB', JSON.stringify({ note: 'x'.repeat(110 * 1024) }), 413, 'body-too-large'],
  ])('a body of %s', async (_, text, expected, code) => {
    const { status, body } = await raw(text, 'application/json');
    expect([status, body.code]).toEqual([expected, code]);
  });

  it('a body that is no JSON by its own word', async () => {
    const { status, body } = await raw('STOP K7', 'text/plain');
    expect([status, body.code]).toEqual([415, 'unsupported-media-type']);
  });

  async function raw(text: string, type: string): Promise<Pick<Answer, 'status' | 'body'>> {
    const headers = { ...sender.headers, 'content-type': type };
    const response = await fetch(`${server.url}${corridor.path}/holds`, { method: 'POST', headers, body: text });
    return { status: response.status, body: await response.json() };
  }

  it.each([
    ['a limit of 501', '/v1/corridors?limit=501'],
    ['a limit of none', '/v1/corridors?limit=0'],
    ['an unknown parameter', '/v1/corridors?colour=red'],
    ['an unknown parameter where none is taken', '/feeds/corridors.geojson?colour=red'],
    ['a forged cursor', '/v1/corridors?cursor=AAAA'],
    ['a forged place in a history', 'history?cursor=AAAA'],
    ['a box of three numbers', '/v1/attacks?bbox=1,2,3'],
    ['a time without a zone', '/v1/attacks?since=2022-03-09T09:00'],
    ['no corridor', '/v1/observations'],
  ])('a query with %s', async (_, path) => {
    const { status, body } = await sender.get(path.startsWith('/') ? path : `${corridor.path}/${path}`);
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it.each([
    ['an unknown id', randomUUID(), 404, 'not-found'],
    ['an unknown code', 'Z99', 404, 'not-found'],
    ['text that is neither', 'Kyiv', 400, 'invalid-request'],
    ['an encoded slash', 'a%2Fb', 400, 'invalid-request'],
    ['an encoded NUL', '%00', 400, 'invalid-request'],
  ])('a path with %s', async (_, text, expected, code) => {
    const { status, body } = await sender.get(`/v1/corridors/${text}`);
    expect([status, body.code]).toEqual([expected, code]);
  });

  it('an id that somebody else has used for something', async () => {
    const stranger = callerOf(server, await signedIn(server.app, 'coordinator'));
    const { status, body } = await stranger.post('/v1/corridors', corridorBody({ commandId: corridor.id }));
    expect({ status, body: { ...body, requestId: '' } }).toEqual({
      status: 409,
      body: expect.objectContaining({ code: 'id-taken', requestId: '' }),
    });
    expect(JSON.stringify(body)).not.toContain('Enerhodar');
  });

  it('an upper figure below the lower one', async () => {
    const { status, body } = await sender.post(`${corridor.path}/people-inside`, { min: 10, max: 5 });
    expect([status, body.errors]).toMatchObject([400, [{ field: 'max', code: 'not-below' }]]);
  });

  it('a version that is none', async () => {
    const { status, body } = await sender.post(`${corridor.path}/attempts`, {}, { 'if-match': 'W/"1"' });
    expect([status, body.errors]).toMatchObject([400, [{ field: 'headers.if-match' }]]);
  });

  function window(changes: object): object {
    return { kind: 'ceasefire_window', corridorIds: [corridor.id], zone: 'Europe/Kyiv', announcedBy: ['Ukraine'], ...changes };
  }
});
