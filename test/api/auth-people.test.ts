import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session } from '../../src/auth/session.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import { CODE_LETTERS, type CorridorId } from '../../src/domain/ids.js';
import { type Account, newOrganisation, signedIn } from '../support/accounts.js';
import { eventually } from '../support/eventually.js';
import { request } from '../support/http.js';
import { startServer, type TestServer } from '../support/server.js';
import type { RunningServer } from '../../src/platform/serve.js';

let server: TestServer;
let app: TestServer['app'];
let url: string;
/** A second process on the same database. */
let other: RunningServer;

beforeAll(async () => {
  server = await startServer();
  ({ app, url } = server);
  other = await server.another();
});
afterAll(() => server.end());

describe('an administrator', () => {
  it('registers an organisation and adds its first coordinator, who signs in by the link', async () => {
    const { headers } = await signedIn(app, 'administrator');
    const organisation = await request('POST', `${url}/v1/organisations`, {
      headers,
      body: { commandId: randomUUID(), name: 'Convoy partners' },
    });
    const person = await add(headers, { organisationId: organisation.body.id, role: 'coordinator' });
    const code = await request('POST', `${url}/v1/people/${String(person.body.id)}/sign-in-codes`, {
      headers,
      body: { commandId: randomUUID() },
    });
    const signIn = await request('POST', `${url}/v1/sessions`, {
      body: { code: String(code.body.link).split('#code=')[1], carrier: 'bearer' },
    });
    expect([organisation.status, person.status, code.status, signIn.status]).toEqual([201, 201, 201, 201]);
    expect(signIn.body).toMatchObject({ person: { role: 'coordinator' }, organisation: { name: 'Convoy partners' } });
  });

  it('gets the first answer again for the same command, and a refusal for another one under its id', async () => {
    const { headers, organisationId } = await signedIn(app, 'administrator');
    const body = { commandId: randomUUID(), organisationId, role: 'observer', signInName: `${randomUUID()}@example.org`, displayName: 'O' };
    const answers = await Promise.all([1, 2, 3].map(() => request('POST', `${url}/v1/people`, { headers, body })));
    const another = await request('POST', `${url}/v1/people`, { headers, body: { ...body, role: 'coordinator' } });
    expect(answers.map(({ status, body: { id } }) => [status, id])).toEqual([1, 2, 3].map(() => [201, body.commandId]));
    expect(another).toMatchObject({ status: 409, body: { type: '/problems/command-id-reused' } });
  });

  it('is told the current state when a change rests on an old version', async () => {
    const { headers, organisationId } = await signedIn(app, 'administrator');
    const { body: person } = await add(headers, { organisationId, role: 'observer' });
    const path = `${url}/v1/people/${String(person.id)}`;
    const first = await request('PATCH', path, {
      headers: { ...headers, 'if-match': '"1"' },
      body: { commandId: randomUUID(), displayName: 'New name' },
    });
    const late = await request('PATCH', path, {
      headers: { ...headers, 'if-match': '"1"' },
      body: { commandId: randomUUID(), role: 'verifier' },
    });
    const without = await request('PATCH', path, { headers, body: { commandId: randomUUID(), role: 'verifier' } });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect(late).toMatchObject({ status: 412, body: { currentVersion: 2, current: { displayName: 'New name', role: 'observer' } } });
    expect(without.status).toBe(428);
  });

  it('can neither disable themselves nor change their own role', async () => {
    const { headers, personId } = await signedIn(app, 'administrator');
    const change = (body: object) =>
      request('PATCH', `${url}/v1/people/${personId}`, {
        headers: { ...headers, 'if-match': '"1"' },
        body: { commandId: randomUUID(), ...body },
      });
    expect((await change({ isActive: false })).body).toMatchObject({ type: '/problems/own-account' });
    expect((await change({ role: 'coordinator' })).body).toMatchObject({ type: '/problems/own-account' });
  });

  it('sees no person and no organisation that they don’t manage: the same as the unknown', async () => {
    const { headers } = await signedIn(app, 'administrator');
    const stranger = await signedIn(app, 'coordinator');
    const [unseenPerson, unknownPerson, unseenOrganisation] = await Promise.all([
      request('GET', `${url}/v1/people/${stranger.personId}`, { headers }),
      request('GET', `${url}/v1/people/${randomUUID()}`, { headers }),
      request('GET', `${url}/v1/organisations/${stranger.organisationId}`, { headers }),
    ]);
    expect([unseenPerson.status, unknownPerson.status, unseenOrganisation.status]).toEqual([404, 404, 404]);
    expect(withoutRequestId(unseenPerson.text)).toBe(withoutRequestId(unknownPerson.text));
    expect(withoutRequestId(unseenOrganisation.text)).toBe(withoutRequestId(unknownPerson.text));
  });

  it('gives the cell the names of its own organisation, and of nobody else', async () => {
    const organisationId = await newOrganisation(app);
    const [coordinator, observer] = [
      await signedIn(app, 'coordinator', { organisationId }),
      await signedIn(app, 'observer', { organisationId }),
    ];
    await signedIn(app, 'coordinator');
    const { status, body } = await request('GET', `${url}/v1/people/names`, { headers: observer.headers });
    expect(status).toBe(200);
    const items = body.items as { id: string; displayName: string }[];
    expect(items.map(({ id }) => id).sort()).toEqual([coordinator.personId, observer.personId].sort());
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['displayName', 'id']);
  });

  it('turns pages of people with no one left out and no one twice', async () => {
    const { headers, organisationId, personId } = await signedIn(app, 'administrator');
    const added = await Promise.all([1, 2, 3, 4].map(() => add(headers, { organisationId, role: 'field_member' })));
    const first = await request('GET', `${url}/v1/people?limit=3`, { headers });
    const second = await request('GET', `${url}/v1/people?limit=3&cursor=${String(first.body.next)}`, { headers });
    const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id);
    expect(second.body.next).toBeNull();
    expect([...ids].sort()).toEqual([personId, ...added.map(({ body: { id } }) => String(id))].sort());
  });

  it.each(['?limit=501', '?limit=0', '?cursor=zzz', '?sort=name'])('is told that %s is a mistake', async (query) => {
    const { headers } = await signedIn(app, 'administrator');
    expect((await request('GET', `${url}/v1/people${query}`, { headers })).status).toBe(400);
  });

  it('assigns only corridors that the person’s organisation declared', async () => {
    const { headers, organisationId } = await signedIn(app, 'administrator');
    const own = await declared(organisationId);
    const foreign = await declared(await newOrganisation(app));
    const { body: person } = await add(headers, { organisationId, role: 'field_lead' });
    const assign = (corridorIds: string[]) =>
      request('PUT', `${url}/v1/people/${String(person.id)}/assignments`, { headers, body: { commandId: randomUUID(), corridorIds } });
    expect((await assign([own])).body).toMatchObject({ corridorIds: [own], version: 2 });
    expect((await assign([own, foreign])).status).toBe(404);
  });

  it('who replaces a list as it was before somebody else replaced it learns of that, when they say what they read', async () => {
    const { headers, organisationId } = await signedIn(app, 'administrator');
    const [one, another] = [await declared(organisationId), await declared(organisationId)];
    const { body: person } = await add(headers, { organisationId, role: 'field_lead' });
    const assign = (corridorIds: string[], version: number) =>
      request('PUT', `${url}/v1/people/${String(person.id)}/assignments`, {
        headers: { ...headers, 'if-match': `"${String(version)}"` },
        body: { commandId: randomUUID(), corridorIds },
      });
    expect((await assign([one], 1)).body).toMatchObject({ corridorIds: [one], version: 2 });
    const { status, body } = await assign([another], 1);
    expect([status, body.code, body.current.corridorIds]).toEqual([412, 'stale-version', [one]]);
  });

  it('shares corridors of their own organisation with another', async () => {
    const { headers, organisationId } = await signedIn(app, 'administrator');
    const { body: partner } = await request('POST', `${url}/v1/organisations`, {
      headers,
      body: { commandId: randomUUID(), name: 'Partner' },
    });
    const own = await declared(organisationId);
    const foreign = await declared(await newOrganisation(app));
    const share = (corridorIds: string[]) =>
      request('PUT', `${url}/v1/organisations/${String(partner.id)}/shares`, { headers, body: { commandId: randomUUID(), corridorIds } });
    expect((await share([own])).body).toMatchObject({ sharedCorridorIds: [own] });
    expect((await share([foreign])).status).toBe(404);
  });
});

describe('what an administrator changes', () => {
  it('ends the sessions of a disabled person on every process within 5 s', async () => {
    const { administrator, person } = await team('coordinator');
    expect((await whoAmI(other.url, person)).status).toBe(200);
    await change(administrator, person, { isActive: false });
    await eventually(async () => {
      expect((await whoAmI(other.url, person)).status).toBe(401);
    });
    expect((await whoAmI(url, person)).status).toBe(401);
  });

  it('does not bring old sessions back when the person is enabled again', async () => {
    const { administrator, person } = await team('coordinator');
    await change(administrator, person, { isActive: false });
    await change(administrator, person, { isActive: true });
    expect((await whoAmI(url, person)).status).toBe(401);
  });

  it('gives the new role its rights on every process within 5 s', async () => {
    const { administrator, person } = await team('coordinator');
    expect((await whoAmI(other.url, person)).body).toMatchObject({ person: { role: 'coordinator' } });
    await change(administrator, person, { role: 'observer' });
    await eventually(async () => {
      expect((await whoAmI(other.url, person)).body).toMatchObject({ person: { role: 'observer' } });
    });
  });

  it('ends one session that they name, also where a socket lives on it', async () => {
    const { administrator, person } = await team('field_member');
    const { heard } = await watch(other, person);
    const [{ id }] = (await request('GET', `${url}/v1/sessions`, { headers: person.headers })).body.items;
    expect((await request('DELETE', `${url}/v1/sessions/${String(id)}`, { headers: administrator.headers })).status).toBe(204);
    expect(await heard).toBeNull();
  });

  it('reaches a watched session by the clock alone when the notification is lost', async () => {
    const person = await signedIn(app, 'field_member');
    const { heard } = await watch(other, person);
    await server.database.asOwner(`UPDATE sessions SET ended_at = now() WHERE person_id = $1`, [person.personId]);
    expect(await heard).toBeNull();
  });

  it('tells a watched session of new assignments', async () => {
    const { administrator, person } = await team('field_member');
    const corridorId = await declared(administrator.organisationId);
    const { heard } = await watch(other, person);
    await request('PUT', `${url}/v1/people/${person.personId}/assignments`, {
      headers: administrator.headers,
      body: { commandId: randomUUID(), corridorIds: [corridorId] },
    });
    expect((await heard)?.actor.corridorIds).toEqual([corridorId]);
  });

  it('still reaches every process after the database has cut its connections', async () => {
    const { administrator, person } = await team('coordinator');
    await server.database.asOwner(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );
    expect((await whoAmI(other.url, person)).status).toBe(200);
    await change(administrator, person, { isActive: false });
    await eventually(async () => {
      expect((await whoAmI(other.url, person)).status).toBe(401);
    });
  });
});

function add(headers: Record<string, string>, person: { organisationId: string; role: string }) {
  const body = { commandId: randomUUID(), signInName: `${randomUUID()}@example.org`, displayName: 'Somebody', ...person };
  return request('POST', `${url}/v1/people`, { headers, body });
}

async function team(role: 'coordinator' | 'field_member'): Promise<{ administrator: Account; person: Account }> {
  const administrator = await signedIn(app, 'administrator');
  return { administrator, person: await signedIn(app, role, { organisationId: administrator.organisationId }) };
}

async function change(administrator: Account, { personId }: Account, body: object): Promise<void> {
  const path = `${url}/v1/people/${personId}`;
  const etag = (await request('GET', path, { headers: administrator.headers })).headers.get('etag') ?? '';
  const answer = await request('PATCH', path, {
    headers: { ...administrator.headers, 'if-match': etag },
    body: { commandId: randomUUID(), ...body },
  });
  expect(answer.status).toBe(200);
}

function whoAmI(at: string, { headers }: Account) {
  return request('GET', `${at}/v1/sessions/current`, { headers });
}

/** What a socket of this person hears first on that process. */
async function watch(process: RunningServer, { token }: Account): Promise<{ readonly heard: Promise<Session | null> }> {
  const sessions = process.app.get(Sessions);
  const session = await sessions.authenticate({ token, carrier: 'bearer' });
  if (session === null) throw new Error('not signed in');
  const heard = new Promise<Session | null>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error('heard nothing within 5 s'));
    }, 5_000);
    const stop = sessions.watch(session, (now) => {
      clearTimeout(timer);
      stop();
      resolve(now);
    });
  });
  return { heard };
}

/** A corridor as far as accounts look at one: whose it is. No log leads to it, so the trigger that asks for one is off. */
async function declared(organisationId: string): Promise<CorridorId> {
  const id = randomUUID() as string as CorridorId;
  const code = [...randomBytes(3)].map((byte) => CODE_LETTERS[byte % CODE_LETTERS.length]).join('') + String(randomInt(10, 100));
  await server.database.asOwner(
    `WITH no_log AS (SELECT set_config('session_replication_role', 'replica', false))
     INSERT INTO corridors (id, version, organisation_id, code, stance, around, state)
     SELECT $1, 1, $2, $3, 'supported', '((0,0),(1,1))', '{}' FROM no_log`,
    [id, organisationId, code],
  );
  return id;
}

function withoutRequestId(text: string): string {
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return JSON.stringify(rest);
}
