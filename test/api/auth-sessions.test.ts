import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { People } from '../../src/auth/people.service.js';
import { signedIn } from '../support/accounts.js';
import { request } from '../support/http.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let app: TestServer['app'];
let url: string;

beforeAll(async () => {
  server = await startServer();
  ({ app, url } = server);
});
afterAll(() => server.end());

const PASSWORD = 'seven lanterns by the bridge';

async function withPassword(): Promise<{ signInName: string; headers: Record<string, string> }> {
  const { signInName, personId } = await signedIn(app, 'coordinator');
  const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
  const { body } = await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } });
  const headers = { authorization: `Bearer ${String(body.token)}` };
  await request('PUT', `${url}/v1/sessions/current/password`, { headers, body: { newPassword: PASSWORD } });
  return { signInName, headers };
}

describe('signing in', () => {
  it('by a one-time code opens a session that says who one is and what one may do', async () => {
    const { personId, organisationId } = await signedIn(app, 'field_lead');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const signIn = await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } });
    const current = await request('GET', `${url}/v1/sessions/current`, {
      headers: { authorization: `Bearer ${String(signIn.body.token)}` },
    });
    expect(signIn.status).toBe(201);
    expect(current.body).toMatchObject({ person: { id: personId, role: 'field_lead' }, organisation: { id: organisationId } });
    expect(current.body.permissions).toContain('corridor.stop');
    expect(current.body.permissions).not.toContain('corridor.approve_opening');
  });

  it('works once for a code, also when two bring it at the same moment', async () => {
    const { personId } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const tries = await Promise.all([1, 2, 3, 4].map(() => request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } })));
    expect(tries.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);
  });

  it('does not work with a code that is over', async () => {
    const { personId } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    await server.database.asOwner(
      `UPDATE sign_in_codes SET issued_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' WHERE person_id = $1`,
      [personId],
    );
    expect(await request('POST', `${url}/v1/sessions`, { body: { code, carrier: 'bearer' } })).toMatchObject({ status: 401 });
  });

  it('by name and password does not ask for capitals in the name', async () => {
    const { signInName } = await withPassword();
    const signIn = await request('POST', `${url}/v1/sessions`, {
      body: { signInName: signInName.toUpperCase(), password: PASSWORD, carrier: 'bearer' },
    });
    expect(signIn.status).toBe(201);
  });

  it('fails with the same body for an unknown name, a wrong password, a disabled person and a wrong code', async () => {
    const { signInName } = await withPassword();
    const disabled = await withPassword();
    await server.database.asOwner(`UPDATE people SET is_active = false WHERE sign_in_name = $1`, [disabled.signInName]);
    const tries = [
      { signInName: 'nobody@example.org', password: PASSWORD },
      { signInName, password: 'not the password, though long' },
      { signInName: disabled.signInName, password: PASSWORD },
      { code: 'A'.repeat(43) },
    ];
    const answers = await Promise.all(tries.map((body) => request('POST', `${url}/v1/sessions`, { body: { ...body, carrier: 'bearer' } })));
    expect(new Set(answers.map(({ status, text }) => `${String(status)} ${withoutRequestId(text)}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { type: '/problems/sign-in-failed' } });
  });

  it('works as hard for an unknown name as for a wrong password', async () => {
    const { signInName } = await withPassword();
    const known = await leastCpuMs(() =>
      request('POST', `${url}/v1/sessions`, { body: { signInName, password: 'wrong, and as long', carrier: 'bearer' } }),
    );
    const unknown = await leastCpuMs(() =>
      request('POST', `${url}/v1/sessions`, {
        body: { signInName: 'nobody@example.org', password: 'wrong, and as long', carrier: 'bearer' },
      }),
    );
    expect(Math.max(known, unknown) / Math.min(known, unknown)).toBeLessThan(2);
  });

  it('keeps no token, code or password in the database', async () => {
    const { personId, token } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const tables = await Promise.all(
      ['people', 'sign_in_codes', 'sessions'].map((table) => server.database.asOwner(`SELECT to_jsonb(t)::text AS row FROM ${table} t`)),
    );
    const everything = JSON.stringify(tables);
    expect([token, code, PASSWORD].filter((secret) => everything.includes(secret))).toEqual([]);
  });
});

describe('a session', () => {
  it('is named in the list of one’s own, and gone after sign-out', async () => {
    const { headers } = await signedIn(app, 'observer');
    const list = await request('GET', `${url}/v1/sessions`, { headers });
    const signOut = await request('DELETE', `${url}/v1/sessions/current`, { headers });
    const after = await request('GET', `${url}/v1/sessions/current`, { headers });
    expect(list.body).toMatchObject({ items: [{ carrier: 'bearer', isCurrent: true }], next: null });
    expect([signOut.status, after.status]).toEqual([204, 401]);
  });

  it.each([
    ['at its absolute end', `created_at = now() - interval '4 days', expires_at = now() - interval '1 second'`],
    ['after 12 hours without use', `last_used_at = now() - interval '12 hours 1 second'`],
  ])('ends %s', async (_, change) => {
    const { headers, personId } = await signedIn(app, 'observer');
    await server.database.asOwner(`UPDATE sessions SET ${change} WHERE person_id = $1`, [personId]);
    expect(await request('GET', `${url}/v1/sessions/current`, { headers })).toMatchObject({
      status: 401,
      body: { type: '/problems/unauthenticated' },
    });
  });

  it('of somebody else can’t be ended, and looks like one that does not exist', async () => {
    const { headers } = await signedIn(app, 'coordinator');
    const other = await signedIn(app, 'coordinator');
    const [{ id }] = (await request('GET', `${url}/v1/sessions`, { headers: other.headers })).body.items;
    const unseen = await request('DELETE', `${url}/v1/sessions/${String(id)}`, { headers });
    const unknown = await request('DELETE', `${url}/v1/sessions/${randomUUID()}`, { headers });
    expect([unseen.status, unknown.status]).toEqual([404, 404]);
    expect(withoutRequestId(unseen.text)).toBe(withoutRequestId(unknown.text));
  });

  it('other than this one ends when the password is changed', async () => {
    const { signInName, headers } = await withPassword();
    const second = await request('POST', `${url}/v1/sessions`, { body: { signInName, password: PASSWORD, carrier: 'bearer' } });
    await request('PUT', `${url}/v1/sessions/current/password`, { headers, body: { newPassword: 'nine bridges by the lantern' } });
    const bearer = { authorization: `Bearer ${String(second.body.token)}` };
    expect((await request('GET', `${url}/v1/sessions/current`, { headers })).status).toBe(200);
    expect((await request('GET', `${url}/v1/sessions/current`, { headers: bearer })).status).toBe(401);
  });

  it('opened by a password asks for it before a new one is set', async () => {
    const { signInName } = await withPassword();
    const { body } = await request('POST', `${url}/v1/sessions`, { body: { signInName, password: PASSWORD, carrier: 'bearer' } });
    const headers = { authorization: `Bearer ${String(body.token)}` };
    const change = { currentPassword: 'a guess of some length', newPassword: 'nine bridges by the lantern' };
    expect((await request('PUT', `${url}/v1/sessions/current/password`, { headers, body: change })).status).toBe(401);
  });

  it('a token in the address is refused, not read', async () => {
    const { token } = await signedIn(app, 'observer');
    expect((await request('GET', `${url}/v1/sessions/current?token=${token}`)).status).toBe(400);
  });
});

describe('the cookie', () => {
  async function cookieSession(): Promise<string> {
    const { personId } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const answer = await request('POST', `${url}/v1/sessions`, { headers: { origin: url }, body: { code, carrier: 'cookie' } });
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  it('is HttpOnly and SameSite=Strict, for the whole host, and the body shows no token', async () => {
    const { personId } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const answer = await request('POST', `${url}/v1/sessions`, { headers: { origin: url }, body: { code, carrier: 'cookie' } });
    expect(answer.headers.get('set-cookie')).toMatch(/^safe-passage=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.body).not.toHaveProperty('token');
  });

  it('opens what its person may read', async () => {
    const cookie = await cookieSession();
    expect((await request('GET', `${url}/v1/sessions/current`, { headers: { cookie } })).body).toMatchObject({ carrier: 'cookie' });
  });

  it('does not serve as a bearer token', async () => {
    const token = (await cookieSession()).split('=')[1] ?? '';
    expect((await request('GET', `${url}/v1/sessions/current`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  it.each([
    ['no origin', {}, 403],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['the origin "null"', { origin: 'null' }, 403],
    ['our origin and a form’s type', { origin: 'ours', 'content-type': 'text/plain' }, 415],
  ])('does not write with %s', async (_, headers: Record<string, string>, status) => {
    const cookie = await cookieSession();
    const ours = headers['origin'] === 'ours' ? { ...headers, origin: url } : headers;
    const body = { currentPassword: 'x', newPassword: 'nine bridges by the lantern' };
    expect((await request('PUT', `${url}/v1/sessions/current/password`, { headers: { ...ours, cookie }, body })).status).toBe(status);
  });

  it('is taken away at sign-out', async () => {
    const cookie = await cookieSession();
    const answer = await request('DELETE', `${url}/v1/sessions/current`, { headers: { cookie, origin: url } });
    expect(answer.headers.get('set-cookie')).toMatch(/^safe-passage=; Max-Age=0; Path=\/;/);
    expect((await request('GET', `${url}/v1/sessions/current`, { headers: { cookie } })).status).toBe(401);
  });

  it('is not given to a foreign page, and the code stays good', async () => {
    const { personId } = await signedIn(app, 'coordinator');
    const code = await app.get(People).issueSignInCode(personId, { validMs: 60_000 });
    const foreign = await request('POST', `${url}/v1/sessions`, {
      headers: { origin: 'https://evil.example' },
      body: { code, carrier: 'cookie' },
    });
    const ours = await request('POST', `${url}/v1/sessions`, { headers: { origin: url }, body: { code, carrier: 'cookie' } });
    expect([foreign.status, ours.status]).toEqual([403, 201]);
  });
});

function withoutRequestId(text: string): string {
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}

/** Processor time of the least of several rounds: what the work itself takes, however busy the machine is. */
async function leastCpuMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}
