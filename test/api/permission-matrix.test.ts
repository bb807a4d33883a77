import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from '@jest/globals';
import { type Handler, Handlers } from '../../src/auth/handlers.js';
import type { OrganisationId } from '../../src/domain/ids.js';
import { GRANTABLE_ROLES, ROLES_WITH, type Permission, type Role } from '../../src/domain/permission.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import { type Account, newOrganisation, signedIn } from '../support/accounts.js';
import { callerOf, declared, type Answer } from '../support/api.js';
import { bodyOf, sampleBody } from '../support/sample-body.js';
import { startServer } from '../support/server.js';

// Started before the tests are listed: the list is made from the handlers that the application really has.
const server = await startServer();
const { app, url } = server;
afterAll(() => server.end());

const PLACE = [34.6512, 47.5034];
type GrantedRole = Exclude<Role, 'system'>;
type Guarded = Handler & { readonly permission: Permission };

const routes = app
  .get(Handlers)
  .list()
  .filter(({ kind }) => kind === 'route');
const guarded = routes.filter((route): route is Guarded => route.permission !== null);

const ours = await newOrganisation(app);
const theirs = await newOrganisation(app);
const accounts = new Map<GrantedRole, Account>();
for (const role of GRANTABLE_ROLES) accounts.set(role, await signedIn(app, role, { organisationId: ours }));
const objects = await objectsOf(theirs);

const pairs = GRANTABLE_ROLES.flatMap((role) => guarded.map((route) => ({ role, route, name: `${route.method} ${route.path}` })));
const allowed = pairs.filter(({ role, route }) => ROLES_WITH[route.permission].includes(role));
const refused = pairs.filter((pair) => !allowed.includes(pair));
/** Danger is told to everybody, coarsened: the one object that others see. */
const TOLD_TO_ALL = 'GET /v1/attacks/:attackId';
const aboutObjects = allowed.filter(({ route, name }) => route.path.includes(':') && name !== TOLD_TO_ALL);

it('the table of handlers and the table of permissions are both there', () => {
  expect(Math.min(refused.length, allowed.length, aboutObjects.length)).toBeGreaterThan(0);
});

it.each(guarded.filter(({ path }) => path.includes(':')))('there is an object of another organisation to ask $path about', ({ path }) => {
  expect(Object.keys(objects)).toContain(/:(\w+)/.exec(path)?.[1]);
});

it.each(pairs.filter(({ role }) => role === 'coordinator'))('nobody gets 401 from $name', async ({ route }) => {
  expect(await ask(route, null, { ids: objects })).toMatchObject({ status: 401 });
});

it.each(refused)('a person of the role $role gets 403 from $name, before anybody looks at the body', async ({ role, route }) => {
  const { status, text } = await ask(route, role, { ids: objects });
  expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 403, code: 'forbidden', permission: route.permission });
});

it.each(allowed)('a person of the role $role passes the guard of $name', async ({ role, route }) => {
  expect([401, 403]).not.toContain((await ask(route, role, { ids: {} })).status);
});

it.each(aboutObjects)(
  'a person of the role $role can’t tell by $name what another organisation has from what nobody has',
  async ({ role, route }) => {
    const body = sampleOf(route);
    const unseen = await ask(route, role, { ids: objects, body });
    const unknown = await ask(route, role, { ids: {}, body });
    expect(withoutRequestId(unseen.text)).toBe(withoutRequestId(unknown.text));
    expect(body === null ? [404] : [404, 400]).toContain(unseen.status); // 400: the sample was not good enough for this body
  },
);

it.each(allowed.filter(({ name }) => name === TOLD_TO_ALL))(
  'a person of the role $role learns of another organisation’s attack neither where exactly nor whose',
  async ({ role, route }) => {
    const { text } = await ask(route, role, { ids: objects });
    expect([String(PLACE[0]), String(objects['corridorId']), theirs].filter((detail) => text.includes(detail))).toEqual([]);
    expect(JSON.parse(text)).toMatchObject({ id: objects['attackId'], place: { precisionKm: 100 } });
  },
);

/** An object of another organisation for each name that a path begins with; what lies below it is unknown anyway. */
async function objectsOf(organisationId: OrganisationId): Promise<Readonly<Record<string, string>>> {
  const coordinator = callerOf(server, await signedIn(app, 'coordinator', { organisationId }));
  const session = await app.get(Sessions).authenticate({ token: coordinator.token, carrier: 'bearer' });
  const corridor = await declared(coordinator);
  const window = { kind: 'daily_corridor', corridorIds: [corridor.id], zone: 'Europe/Kyiv', announcedBy: ['ukraine'] };
  const attack = { types: ['shelling_artillery_mortar'], place: { position: PLACE, precisionKm: 1 }, corridorIds: [corridor.id] };
  return {
    personId: coordinator.personId,
    organisationId,
    sessionId: String(session?.id),
    corridorId: corridor.id,
    windowId: await created(coordinator.post('/v1/windows', window), 'windowId'),
    attackId: await created(coordinator.post('/v1/attacks', attack), 'attackId'),
  };
}

async function created(answering: Promise<Answer>, id: string): Promise<string> {
  const { status, body } = await answering;
  if (status !== 201) throw new Error(`not created: ${JSON.stringify(body)}`);
  return String(body[id]);
}

/** Asks about these objects, or unknown ones, with a session of its own: some handlers end it. */
async function ask(
  { method, path }: Handler,
  role: GrantedRole | null,
  { ids, body }: { readonly ids: Readonly<Record<string, string>>; readonly body?: unknown },
): Promise<{ readonly status: number; readonly text: string }> {
  const account = role === null ? undefined : accounts.get(role);
  const opened = account && (await app.get(Sessions).open(account.personId, { carrier: 'bearer', signedInBy: 'server' }));
  const address = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? randomUUID());
  const isReading = method === 'GET' || method === 'DELETE';
  const response = await fetch(url + address, {
    method,
    headers: {
      ...(opened === undefined ? {} : { authorization: `Bearer ${opened.token}` }),
      ...(isReading ? {} : { 'content-type': 'application/json' }),
      'if-match': '"1"',
    },
    ...(isReading ? {} : { body: JSON.stringify(body ?? {}) }),
  });
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await response.body?.cancel(); // a stream has no end
    return { status: response.status, text: '{}' };
  }
  return { status: response.status, text: await response.text() };
}

function sampleOf({ controller, property }: Handler): Record<string, unknown> | null {
  const shape = bodyOf(controller as never, property);
  return shape === null ? null : sampleBody(shape);
}

function withoutRequestId(text: string): string {
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}
