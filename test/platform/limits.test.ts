import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BUCKETS } from '../../src/platform/limits.js';
import { declared, newCell, type Answer, type Caller, type Cell } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

const AT_ONCE = 50;
let server: TestServer;
let cell: Cell;
beforeAll(async () => {
  server = await startServer();
  cell = await newCell(server);
});
afterAll(() => server.end());

/** So many requests that say nothing: each is counted before its body is looked at. */
async function flood(by: Caller, path: string, count: number): Promise<ReadonlySet<number>> {
  const statuses = new Set<number>();
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - sent) }, () => by.post(path, { no: 'such field' })));
    for (const { status } of answers) statuses.add(status);
  }
  return statuses;
}

function expectTooMany({ status, headers, body }: Answer): void {
  expect(status).toBe(429);
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const retryAfter = Number(headers.get('retry-after'));
  expect(body).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: retryAfter });
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(60);
}

describe('somebody who floods', () => {
  it('with writes is told when to come back, and can still stop, read, and harm nobody else', async () => {
    const corridor = await declared(cell.second);
    const flooding = await cell.as('coordinator');
    expect(await flood(flooding, '/v1/corridors', BUCKETS.write)).toEqual(new Set([400]));
    expectTooMany(await flooding.post('/v1/corridors', {}));
    expect((await flooding.post(`${corridor.path}/suspensions`, { reason: 'shelling' })).status).toBe(201);
    expect((await flooding.get(corridor.path)).status).toBe(200);
    expect((await cell.first.post('/v1/corridors', {})).status).toBe(400);
  });

  it('with stops finds an end of them, too, and can still write', async () => {
    const corridor = await declared(cell.second);
    const flooding = await cell.as('coordinator');
    expect(await flood(flooding, `${corridor.path}/suspensions`, BUCKETS.stop)).toEqual(new Set([400]));
    expectTooMany(await flooding.post(`${corridor.path}/suspensions`, { reason: 'shelling' }));
    expect((await flooding.post('/v1/corridors', {})).status).toBe(400);
    expect((await cell.first.post(`${corridor.path}/suspensions`, { reason: 'shelling' })).status).toBe(201);
  });
});
