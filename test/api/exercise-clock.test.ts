import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { signedIn, type Account } from '../support/accounts.js';
import { eventually } from '../support/eventually.js';
import { request, type Answer } from '../support/http.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let coordinator: Account;
beforeAll(async () => {
  server = await startServer();
  coordinator = await signedIn(server.app, 'coordinator');
});
afterAll(async () => {
  await server.end();
});

const clock = (path: string, body: object = {}, account: Account = coordinator): Promise<Answer> =>
  request(path === 'next-event' ? 'PUT' : 'POST', `${server.url}/v1/exercise/clock/${path}`, {
    headers: account.headers,
    body: { commandId: randomUUID(), ...body },
  });

describe('the clock of an exercise', () => {
  it('stands still until it is started, and then runs at its rate', async () => {
    const { body: standing } = await request('GET', `${server.url}/v1/exercise/clock`, { headers: coordinator.headers });
    expect(standing).toMatchObject({ kind: 'exercise', now: '2022-03-09T06:00:00.000Z', isPaused: true });
    await clock('rates', { rate: 3600 });
    await clock('resumptions');
    await eventually(async () => {
      const { body } = await request('GET', `${server.url}/v1/exercise/clock`, { headers: coordinator.headers });
      expect(body.now > '2022-03-09T06:05:00.000Z').toBe(true);
    });
    await clock('pauses');
  });

  it('goes forward only', async () => {
    expect(await clock('steps', { to: '2022-03-01T00:00:00Z' })).toMatchObject({ status: 409, body: { code: 'clock-goes-forward' } });
  });

  it('waits at the next record of the history until it is fed', async () => {
    await clock('next-event', { at: '2022-03-10T00:00:00Z' });
    expect(await clock('steps', { to: '2022-03-11T00:00:00Z' })).toMatchObject({ status: 409 });
    expect((await clock('steps', { to: '2022-03-10T00:00:00Z' })).body.now).toBe('2022-03-10T00:00:00.000Z');
    await clock('resumptions');
    expect((await clock('pauses')).body.now).toBe('2022-03-10T00:00:00.000Z');
    await clock('next-event', { at: null });
  });

  it('keeps a jump as a wish while somebody plays, and jumps at once when nobody does', async () => {
    await clock('next-event', { at: '2022-03-12T00:00:00Z' });
    expect((await clock('jumps', { to: '2022-03-20T00:00:00Z' })).body.jumpTo).toBe('2022-03-20T00:00:00.000Z');
    await clock('next-event', { at: null });
    expect((await clock('jumps', { to: '2022-03-20T00:00:00Z' })).body).toMatchObject({ now: '2022-03-20T00:00:00.000Z', jumpTo: null });
  });

  it.each([
    ['rates', { rate: 0 }],
    ['rates', { rate: 'fast' }],
    ['steps', { to: 'tomorrow' }],
    ['steps', { to: '2022-03-20T00:00:00' }],
    ['jumps', {}],
    ['pauses', { commandId: 'x' }],
  ])('refuses %s %j', async (path, body) => {
    expect((await clock(path, body)).status).toBe(400);
  });

  it('is not for everybody to touch', async () => {
    const observer = await signedIn(server.app, 'observer', { organisationId: coordinator.organisationId });
    expect(await clock('pauses', {}, observer)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('the clock of a live database', () => {
  let live: TestServer;
  let person: Account;
  beforeAll(async () => {
    live = await startServer({ isLive: true });
    person = await signedIn(live.app, 'coordinator');
  });
  afterAll(() => live.end());

  it('is the time of the server, and says so', async () => {
    const { body } = await request('GET', `${live.url}/v1/exercise/clock`, { headers: person.headers });
    expect(body).toMatchObject({ kind: 'live', notice: null, rate: 1, isPaused: false });
    expect(Math.abs(Date.parse(body.now) - Date.parse(body.serverNow))).toBeLessThan(1_000);
  });

  it.each([
    ['POST', 'rates', { rate: 60 }],
    ['POST', 'pauses', {}],
    ['POST', 'resumptions', {}],
    ['POST', 'steps', { to: '2099-01-01T00:00:00Z' }],
    ['POST', 'jumps', { to: '2099-01-01T00:00:00Z' }],
    ['PUT', 'next-event', { at: '2099-01-01T00:00:00Z' }],
  ])('is touched by nobody: %s %s', async (method, path, wish) => {
    const { status, body } = await request(method, `${live.url}/v1/exercise/clock/${path}`, {
      headers: person.headers,
      body: { commandId: randomUUID(), ...wish },
    });
    expect([status, body.code]).toEqual([409, 'clock-is-live']);
    const [row] = await live.database.asOwner<{ clocks: number }>('SELECT count(*)::int AS clocks FROM exercise_clock');
    expect(row?.clocks).toBe(0);
  });
});
