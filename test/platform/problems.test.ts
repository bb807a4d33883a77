import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../src/domain/problem.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.end();
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(body: string, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }): Promise<Answer> {
  const response = await fetch(`${server.url}/v1/sessions`, { method: 'POST', headers, body });
  return { status: response.status, type: response.headers.get('content-type'), body: (await response.json()) as Answer['body'] };
}

describe('a request that is no use', () => {
  it('is told so as a problem of the catalogue, with the id under which the log knows it', async () => {
    const { status, type, body } = await post('{ not json');
    expect({ status, type }).toEqual({ status: 400, type: 'application/problem+json; charset=utf-8' });
    expect(body).toMatchObject({ type: '/problems/malformed-json', code: 'malformed-json', title: PROBLEMS['malformed-json'].title });
    expect(body['requestId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('larger than the limit is refused before it is read', async () => {
    expect(await post(JSON.stringify({ code: 'x'.repeat(200_000) }))).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  it('in another media type is refused with what is read here', async () => {
    expect(await post('code=1', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { allowed: ['application/json'] },
    });
  });

  it('with unknown fields names each of them', async () => {
    const { status, body } = await post(JSON.stringify({ code: 'x', carrier: 'bearer', role: 'administrator' }));
    expect(status).toBe(400);
    expect(body['errors']).toEqual(expect.arrayContaining([expect.objectContaining({ field: 'role' })]));
  });

  it('to an address that does not exist is not found', async () => {
    const response = await fetch(`${server.url}/v1/nothing`);
    expect({ status: response.status, body: await response.json() }).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('a method that an address does not take', () => {
  it.each([
    ['PUT', '/v1/corridors', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/v1/corridors/K7', 'GET, HEAD, OPTIONS'],
    ['GET', '/v1/corridors/K7/suspensions?x=1', 'OPTIONS, POST'],
    ['POST', '/v1/sessions/current', 'DELETE, GET, HEAD, OPTIONS'],
  ])('%s %s is refused with those it takes', async (method, path, allow) => {
    const response = await fetch(`${server.url}${path}`, { method });
    const { code, allowed } = (await response.json()) as { code: string; allowed: readonly string[] };
    expect([response.status, code, response.headers.get('allow')]).toEqual([405, 'method-not-allowed', allow]);
    expect(allowed.join(', ')).toBe(allow);
  });

  it('is told before it is tried, to a page of nobody', async () => {
    const response = await fetch(`${server.url}/v1/corridors`, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    expect([response.status, response.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST']);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${server.url}/v1/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });
});

describe('nobody signed in', () => {
  it('is told how to sign in', async () => {
    const response = await fetch(`${server.url}/v1/corridors`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('a ready server', () => {
  it('says so, and says how its parts are', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { isReady: true, parts: { tail: { isOk: true } } },
    });
  });
});
