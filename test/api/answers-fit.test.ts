import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ASSESSED_CRITERIA } from '../../src/domain/criterion.js';
import type { CorridorId } from '../../src/domain/ids.js';
import { corridorBody, newCell, segmentBody, type Answer, type Caller, type Cell } from '../support/api.js';
import { misfit, operationOf, OPERATIONS, schemaNamed, validity } from '../support/documented.js';
import { startServer, type TestServer } from '../support/server.js';

/** The test's clock stands at 06:00Z: the window runs. */
const STARTS_AT = '2022-03-09T05:30:00Z';
const ENDS_AT = '2022-03-09T19:00:00Z';

/** What answers with JSON when all is well. */
const ANSWERING = OPERATIONS.filter(({ answers }) =>
  Object.entries(answers).some(
    ([status, { content }]) => status.startsWith('2') && content?.['text/event-stream'] === undefined && content,
  ),
).map(({ name }) => name);

describe('what is answered', () => {
  let server: TestServer;
  let cell: Cell;
  let readers: readonly Caller[];
  const misfits: string[] = [];
  const refused: string[] = [];
  /** What a 201 said where it can be read. */
  const made: { readonly name: string; readonly caller: Caller; readonly location: string; readonly id: string }[] = [];
  const answered = new Set<string>();

  beforeAll(async () => {
    server = await startServer();
    cell = await newCell(server);
    await everythingOnce();
  }, 60_000);
  afterAll(() => server.end());

  it('is documented for every operation, and everything that was answered fits its document', () => {
    expect({ misfits, refused }).toEqual({ misfits: [], refused: [] });
    expect(ANSWERING.filter((name) => !answered.has(name))).toEqual([]);
  });

  it('says where a thing that was made can be read, wherever there is such a place', async () => {
    const making = OPERATIONS.filter(({ answers }) => answers['201']?.headers?.['Location'] !== undefined).map(({ name }) => name);
    expect(making.sort()).toEqual(['attacks', 'corridors', 'organisations', 'people', 'windows'].map((things) => `post /v1/${things}`));
    expect([...new Set(made.map(({ name }) => name))].sort()).toEqual(making);
    for (const { caller, location, id } of made) expect((await ask(caller, 'get', location)).body).toMatchObject({ id });
  });

  it.each(['/v1/board', '/v1/events?limit=500', '/v1/corridors', '/v1/windows', '/v1/attacks', '/feeds/corridors.geojson'])(
    'fits its document for every reader of %s, however little they may see',
    async (path) => {
      const before = misfits.length;
      for (const reader of readers) await ask(reader, 'get', path);
      expect(misfits.slice(before)).toEqual([]);
    },
  );

  it('fits its document on the stream: what happens, the beat, and that a place is lost', async () => {
    const messages = [...(await streamed('', 2)), ...(await streamed('?cursor=lost', 1))];
    const faults = messages.map((message) => {
      const name = `StreamMessage.${message.event}`;
      const data = schemaNamed(name).properties?.['data']?.contentSchema;
      return validity(schemaNamed(name), message, name) ?? validity(data ?? {}, JSON.parse(message.data), name);
    });
    expect(messages.map(({ event }) => event)).toEqual(['frame', 'heartbeat', 'reset']);
    expect(faults).toEqual([null, null, null]);
  });

  it('notices a member that nobody documented, and one that is missing', () => {
    const [board] = OPERATIONS.filter(({ name }) => name === 'get /v1/exercise/clock/notice');
    const fault = (body: object): string | null =>
      board === undefined ? null : misfit(board, { status: 200, mediaType: 'application/json', body });
    expect(fault({ kind: 'live', notice: null })).toBeNull();
    expect(fault({ kind: 'live', notice: null, more: 1 })).toContain('additional properties');
    expect(fault({ kind: 'live' })).toContain('required');
  });

  /** Asks, and keeps what is wrong with the answer. */
  async function ask(caller: Caller, method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
    const withBody = body === undefined ? {} : { body: JSON.stringify(body) };
    const { authorization, 'content-type': type } = caller.headers;
    const sent = { authorization, ...(body === undefined ? {} : { 'content-type': type }), ...headers };
    const response = await fetch(`${server.url}${path}`, { method: method.toUpperCase(), headers: sent, ...withBody });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    const operation = operationOf(method, path.replace(/\?.*/, ''));
    if (operation === null) throw new Error(`no such operation: ${method} ${path}`);
    const mediaType = text === '' ? null : (response.headers.get('content-type')?.replace(/;.*/, '') ?? null);
    const fault = misfit(operation, { ...answer, mediaType });
    if (fault !== null) misfits.push(fault);
    const isTagged = response.headers.has('etag');
    if (response.ok && isTagged !== 'ETag' in (operation.answers[String(response.status)]?.headers ?? {}))
      misfits.push(`${operation.name}: ${isTagged ? 'an ETag that is not documented' : 'no ETag, though documented'}`);
    if (response.ok) answered.add(operation.name);
    const location = response.headers.get('location');
    if (location !== null)
      made.push({ name: operation.name, caller, location, id: String((body as { commandId?: string } | undefined)?.commandId) });
    return answer;
  }

  /** A command that must be accepted; its id. */
  async function give(caller: Caller, path: string, body: object = {}, headers: Record<string, string> = {}): Promise<string> {
    const command = { commandId: randomUUID(), ...body };
    const { status, body: answer } = await ask(caller, 'post', path, command, headers);
    if (status >= 300) refused.push(`${path}: ${JSON.stringify(answer)}`);
    return command.commandId;
  }

  async function giveOnVersion(caller: Caller, corridorPath: string, path: string, body: object = {}): Promise<string> {
    const { headers } = await ask(caller, 'get', corridorPath);
    return give(caller, `${corridorPath}/${path}`, body, { 'if-match': headers.get('etag') ?? '' });
  }

  async function everythingOnce(): Promise<void> {
    await people();
    const segment = segmentBody();
    const corridorId = (await give(cell.first, '/v1/corridors', corridorBody({ segments: [segment] }))) as CorridorId;
    const corridor = `/v1/corridors/${corridorId}`;
    const team = await cell.as('field_lead', [corridorId]);
    readers = [cell.first, team, await cell.as('observer'), await (await newCell(server)).as('partner', [corridorId])];
    await windows(corridorId);
    const neighbour = await give(cell.first, '/v1/corridors', corridorBody());
    const windowId = await openable(corridorId, segment.id, neighbour, team);
    await openings(corridor);
    await violation(corridor, windowId, neighbour);
    await attacks(corridorId);
    await holds(corridor, team);
    await give(cell.first, `/v1/windows/${windowId}/outcomes`, { outcome: 'violated', violationKind: 'fire', detail: 'Told by both' });
    await ends(corridor);
    await reads(corridor, corridorId);
    await clock();
  }

  async function people(): Promise<void> {
    const administrator = await cell.as('administrator');
    const organisationId = await give(administrator, '/v1/organisations', { name: 'Another organisation' });
    const organisation = `/v1/organisations/${organisationId}`;
    for (const path of ['/v1/organisations', organisation, '/v1/people', '/v1/people/names']) await ask(administrator, 'get', path);
    await ask(administrator, 'patch', organisation, { commandId: randomUUID(), name: 'A better name' }, { 'if-match': '"1"' });
    await ask(administrator, 'put', `${organisation}/shares`, { commandId: randomUUID(), corridorIds: [] });
    const signInName = `${randomUUID()}@example.org`;
    const invited = { organisationId: cell.organisationId, role: 'field_member', signInName, displayName: 'Somebody' };
    const person = `/v1/people/${await give(administrator, '/v1/people', invited)}`;
    await ask(administrator, 'get', person);
    await ask(administrator, 'patch', person, { commandId: randomUUID(), displayName: 'Somebody else' }, { 'if-match': '"1"' });
    await ask(administrator, 'put', `${person}/assignments`, { commandId: randomUUID(), corridorIds: [] });
    const code = await ask(administrator, 'post', `${person}/sign-in-codes`, { commandId: randomUUID() });
    const link = new URL(String(code.body.link), server.url);
    await ask(administrator, 'post', '/v1/sessions', {
      code: link.hash.replace(/^#(code=)?/, '') || link.searchParams.get('code'),
      carrier: 'bearer',
    });
    for (const path of ['/v1/sessions', '/v1/sessions/current', '/livez', '/readyz']) await ask(administrator, 'get', path);
    await ask(administrator, 'put', '/v1/sessions/current/password', { newPassword: 'a long enough password' });
    await ask(await cell.as('administrator'), 'delete', '/v1/sessions/current');
  }

  async function windows(corridorId: string): Promise<void> {
    const body = { kind: 'humanitarian_pause', corridorIds: [corridorId], zone: 'Europe/Kyiv', announcedBy: ['Ukraine'] };
    const window = `/v1/windows/${await give(cell.first, '/v1/windows', { ...body, externalId: 'w-1' })}`;
    const edge = (kind: string, more: object = {}): object => ({ edge: { kind, ...more }, claimedBy: 'Ukraine', wording: 'From seven' });
    await give(cell.first, `${window}/claims`, { claim: { about: 'start', ...edge('day', { date: '2022-03-10' }) } });
    await give(cell.first, `${window}/claims`, { claim: { about: 'end', ...edge('instant', { at: '2022-03-10T12:00:00Z' }) } });
    await give(cell.first, `${window}/claims`, { claim: { about: 'announcement', ...edge('not_stated') } });
    await give(cell.first, `${window}/bases`, { basis: 'separate_assurances' });
    await give(cell.first, `${window}/cancellations`, { reason: 'Withdrawn' });
    await ask(cell.first, 'get', window);
    await ask(cell.first, 'get', '/v1/windows');
  }

  /** Everything that an opening needs. */
  async function openable(corridorId: string, segmentId: string, neighbour: string, team: Caller): Promise<string> {
    const corridor = `/v1/corridors/${corridorId}`;
    const assessor = await cell.as('ordnance_assessor');
    const claims = [
      { about: 'start', edge: { kind: 'instant', at: STARTS_AT }, claimedBy: 'Ukraine' },
      { about: 'end', edge: { kind: 'instant', at: ENDS_AT }, claimedBy: 'Ukraine', wording: 'Until nine' },
    ];
    const announced = {
      kind: 'daily_corridor',
      corridorIds: [corridorId, neighbour],
      zone: 'Europe/Kyiv',
      announcedBy: ['Ukraine', 'Russia'],
    };
    const windowId = await give(cell.first, '/v1/windows', { ...announced, basis: 'all_party', claims });
    const window = `/v1/windows/${windowId}`;
    for (const party of ['ukraine', 'russia']) {
      await give(cell.first, `${window}/consents`, { party, consent: 'green_light', voice: 'The duty officer' });
      await give(cell.first, `${window}/hotline-answers`, { party });
    }
    await give(cell.first, `${corridor}/attempts`, { windowId });
    for (const step of ['negotiations', 'agreements', 'schedules']) await give(cell.first, `${corridor}/${step}`);
    const later = { claim: { edge: { kind: 'instant', at: '2022-03-09T20:00:00Z' }, claimedBy: 'both' } };
    const extension = await give(cell.first, `${window}/extensions`, later);
    await ask(cell.second, 'post', `${window}/extensions/${extension}/approvals`, { commandId: randomUUID() });
    const earlier = { claim: { edge: { kind: 'instant', at: ENDS_AT }, claimedBy: 'Ukraine' }, reason: 'Curfew' };
    await give(cell.first, `${window}/shortenings`, earlier);
    const stance = await give(cell.first, `${corridor}/stances`, { stance: 'supported', reason: 'Asked for by both towns' });
    await give(cell.second, `${corridor}/stances/${stance}/approvals`);
    await give(assessor, `${corridor}/ordnance`, { segmentId, status: 'cleared' });
    for (const mode of ['bus', 'car']) await give(cell.first, `${corridor}/transit-times`, { mode, slowMinutes: 120, basis: 'measured' });
    await give(cell.first, `${corridor}/light-and-curfew`, { curfewFrom: '2022-03-09T20:00:00Z' });
    for (const criterion of ASSESSED_CRITERIA) await give(cell.first, `${corridor}/criteria`, { criterion, value: 'met', note: 'Seen' });
    await give(cell.first, `${corridor}/criteria`, { criterion: 'medical', value: 'not_met' });
    const waiver = { criterion: 'medical', until: '2022-03-09T10:00:00Z', mitigation: 'A doctor rides along' };
    const waiverId = await give(cell.first, `${corridor}/waivers`, waiver);
    await give(cell.second, `${corridor}/waivers/${waiverId}/approvals`);
    const seen = { corridorId, segmentId, seen: 'passage', condition: 'quiet', passability: { bus: 'passable', car: 'passable' } };
    await give(team, '/v1/observations', seen);
    const batch = [
      { ...seen, commandId: randomUUID(), note: 'Mud' },
      { ...seen, commandId: randomUUID(), corridorId: randomUUID() },
    ];
    await ask(team, 'post', '/v1/observations/batches', { items: batch });
    await ask(team, 'get', `/v1/observations?corridorId=${corridorId}`);
    return windowId;
  }

  async function openings(corridor: string): Promise<void> {
    const rejected = await give(cell.first, `${corridor}/opening-requests`, { kind: 'open' });
    await give(cell.second, `${corridor}/opening-requests/${rejected}/rejections`, { reason: 'Not yet' });
    const requestId = await give(cell.first, `${corridor}/opening-requests`, { kind: 'open', isByVoice: true, reason: 'Read back' });
    await ask(cell.second, 'get', `${corridor}/dossier`);
    await giveOnVersion(cell.second, corridor, `opening-requests/${requestId}/approvals`);
    await give(cell.first, `${corridor}/opening-requests/${requestId}/countersignatures`);
    const limit = { kind: 'capacity', modes: ['bus'], peoplePerHour: 100, until: ENDS_AT, note: 'Narrow bridge' };
    const limitId = await give(cell.first, `${corridor}/limits`, limit);
    const removal = await give(cell.first, `${corridor}/limits/${limitId}/removals`);
    await giveOnVersion(cell.second, corridor, `opening-requests/${removal}/approvals`);
    await give(cell.first, `${corridor}/people-inside`, { min: 60, max: 80, unaccounted: 1 });
  }

  /** It hits the other corridor of the window: this one is held until it is reconfirmed. */
  async function violation(corridor: string, windowId: string, neighbour: string): Promise<void> {
    const fire = { kind: 'fire_indirect', hitCorridorIds: [neighbour], note: 'Heard by the post' };
    await give(cell.first, `/v1/windows/${windowId}/violations`, fire);
    await give(cell.first, `${corridor}/reconfirmations`);
  }

  async function attacks(corridorId: string): Promise<void> {
    const verifier = await cell.as('verifier');
    const where = { name: 'A village', position: [34.9, 47.6], precisionKm: 1 };
    const casualties = { killed: { min: 1 }, injured: { min: 2, max: 3 }, status: 'civilian' };
    const types = ['shelling_artillery_mortar'];
    const report = {
      types,
      place: where,
      casualties,
      corridorIds: [corridorId],
      targets: ['medical_facility'],
      note: 'Heard',
      externalId: 'a-1',
    };
    const attack = `/v1/attacks/${await give(cell.first, '/v1/attacks', report)}`;
    await give(verifier, `${attack}/gradings`, { grade: { reliability: 'B', credibility: '2' }, verification: 'corroborated' });
    await give(verifier, `${attack}/corroborations`, { originGroup: 'another post' });
    await give(verifier, `${attack}/counts`, { casualties });
    await ask(cell.first, 'get', attack);
    await give(cell.first, `${attack}/discounts`, { effect: 'no_effect', reason: 'Blank' });
    await give(cell.second, `${attack}/discounts`, { effect: 'no_effect', reason: 'Blank' });
    const day = { types, occurredOn: '2022-03-09', corridorIds: [corridorId] };
    const other = `/v1/attacks/${await give(cell.first, '/v1/attacks', day)}`;
    await give(cell.first, `${other}/retractions`, { reason: 'Mistaken' });
    await give(cell.first, '/v1/attacks', { ...report, externalId: 'a-2' });
    await ask(cell.first, 'get', '/v1/attacks');
  }

  async function holds(corridor: string, team: Caller): Promise<void> {
    await give(team, `${corridor}/suspensions`, { reason: 'shelling', note: 'From the east' });
    const hold = await give(team, `${corridor}/holds`, { reason: 'crowd', modes: ['bus'] });
    await give(team, `${corridor}/holds/${hold}/clears`, { note: 'Gone' });
    await ask(cell.first, 'get', corridor);
    await give(cell.first, `${corridor}/holds/${hold}/lifts`, { reason: 'Gone' });
  }

  async function ends(corridor: string): Promise<void> {
    await give(cell.first, `${corridor}/closings`);
    await give(cell.first, `${corridor}/closures`);
    await give(cell.first, `${corridor}/people-inside`, { min: 0, max: 0 });
    await give(cell.first, `${corridor}/completions`, { unaccounted: 1 });
    await give(cell.first, `${corridor}/attempts`);
    await give(cell.first, `${corridor}/cancellations`);
    await give(cell.first, `${corridor}/attempts`);
    await give(cell.first, `${corridor}/failures`);
    const route = { geometryKind: 'schematic', segments: [segmentBody()], permittedModes: ['foot'] };
    await giveOnVersion(cell.first, corridor, 'routes', route);
  }

  async function reads(corridor: string, corridorId: string): Promise<void> {
    for (const path of ['/v1/corridors', corridor, `${corridor}/dossier`, `${corridor}/history?limit=500`, `${corridor}/criteria`])
      await ask(cell.first, 'get', path);
    for (const path of ['/v1/board', '/v1/board?asOf=2022-03-09T06:00:00Z', '/v1/events?limit=500', '/v1/events?newest=true'])
      await ask(cell.first, 'get', path);
    await ask(cell.first, 'get', `/v1/events?corridorIds=${corridorId}&cursor=lost`);
    await ask(cell.first, 'get', '/feeds/corridors.geojson');
    await ask(cell.first, 'get', `/v1/corridors/${randomUUID()}`);
  }

  async function clock(): Promise<void> {
    for (const path of ['/v1/exercise/clock', '/v1/exercise/clock/notice']) await ask(cell.first, 'get', path);
    await give(cell.first, '/v1/exercise/clock/rates', { rate: 2 });
    await give(cell.first, '/v1/exercise/clock/resumptions');
    await give(cell.first, '/v1/exercise/clock/pauses', { waitsFor: 'visitor' });
    await give(cell.first, '/v1/exercise/clock/steps', { to: '2022-03-09T06:10:00Z' });
    await give(cell.first, '/v1/exercise/clock/jumps', { to: '2022-03-09T06:20:00Z' });
    await ask(cell.first, 'put', '/v1/exercise/clock/next-event', { commandId: randomUUID(), at: '2022-03-09T09:00:00Z' });
  }

  /** The first messages of a stream, while something happens. */
  async function streamed(query: string, count: number): Promise<readonly { event: string; id: string; data: string }[]> {
    const leaving = new AbortController();
    const { authorization } = cell.first.headers;
    const { body } = await fetch(`${server.url}/v1/stream${query}`, { headers: { authorization }, signal: leaving.signal });
    if (query === '') await give(cell.first, '/v1/corridors', corridorBody());
    let text = '';
    const blocks = (): readonly string[] => text.split('\n\n').filter((block) => block.includes('event: '));
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (blocks().length >= count && text.endsWith('\n\n')) break;
    }
    leaving.abort();
    return blocks()
      .slice(0, count)
      .map((block) => {
        const line = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
        return { event: line('event'), id: line('id'), data: line('data') };
      });
  }
});
