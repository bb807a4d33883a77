import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCell, type Caller } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';

/** OWASP Secure Headers, as Helmet 8 sets them; the policies that differ by page stand beside. */
const ALWAYS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

describe('security headers', () => {
  let server: TestServer;
  let reader: Caller;
  beforeAll(async () => {
    server = await startServer();
    reader = (await newCell(server)).first;
  });
  afterAll(() => server.end());

  it.each([
    ['an answer', 'GET', '/v1/corridors', true, 200],
    ['an answer to nobody', 'GET', '/v1/corridors', false, 401],
    ['a path that is none', 'GET', '/nothing-here', false, 404],
    ['a method that is none of the path', 'PATCH', '/v1/corridors', true, 405],
    ['a body that is refused', 'POST', '/v1/corridors', true, 400],
    ['a stream', 'GET', '/v1/stream', true, 200],
    ['whether it lives', 'GET', '/livez', false, 200],
    ['the page of the API', 'GET', '/docs', false, 200],
  ] as const)('stand on %s', async (_, method, path, isSignedIn, status) => {
    const gone = new AbortController();
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { ...(isSignedIn ? { authorization: `Bearer ${reader.token}` } : {}), 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: '{}' } : {}),
      signal: gone.signal,
    });
    gone.abort();
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(ALWAYS);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(answer.headers.get('cache-control')).toMatch(/no-store|no-cache/);
    expect(answer.headers.get('x-request-id')).toMatch(/^[A-Za-z0-9-]{8,64}$/);
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });
});
