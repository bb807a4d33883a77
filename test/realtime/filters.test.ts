import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventSource } from 'eventsource';
import { io, type Socket } from 'socket.io-client';
import type { BoardEvent } from '../../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD, type Board } from '../../src/domain/board.js';
import { ENTITIES, type Entity } from '../../src/domain/event.js';
import { declared, newCell, type Cell, type Declared } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let cell: Cell;
let way: Declared;
let other: Declared;
/** Something of every kind, about two corridors. */
beforeAll(async () => {
  server = await startServer();
  cell = await newCell(server);
  [way, other] = [await declared(cell.first), await declared(cell.first, { name: 'Another way' })];
  await writeOfEveryKind();
});
afterAll(() => server.end());

async function writeOfEveryKind(): Promise<void> {
  const edge = (about: string, at: string) => ({ about, edge: { kind: 'instant', at }, claimedBy: 'ukraine' });
  const claims = [edge('start', '2022-03-09T07:00:00Z'), edge('end', '2022-03-09T19:00:00Z')];
  const window = { kind: 'daily_corridor', corridorIds: [way.id], zone: 'Europe/Kyiv', announcedBy: ['ukraine'], claims };
  const report = { corridorId: way.id, segmentId: way.segmentId, seen: 'manned_post', condition: 'quiet' };
  const attack = { types: ['shelling_artillery_mortar'], corridorIds: [other.id], occurredAt: '2022-03-09T05:59:00Z' };
  const answers = [
    await cell.first.post('/v1/windows', window),
    await cell.first.post('/v1/observations', report),
    await cell.first.post('/v1/attacks', attack),
    await cell.first.post(`${other.path}/holds`, { reason: 'crowd' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
}

interface Frame {
  readonly cur: string;
  readonly events: readonly BoardEvent[];
}

const queryOf = ({ corridorIds, kinds }: { readonly corridorIds?: readonly string[]; readonly kinds?: readonly string[] }): string =>
  [
    ...(corridorIds === undefined ? [] : [`corridorIds=${corridorIds.join(',')}`]),
    ...(kinds === undefined ? [] : [`kinds=${kinds.join(',')}`]),
  ].join('&');

/** Every wish of kinds, once for both corridors and once for one of them. */
const WISHES: readonly (readonly Entity[])[] = Array.from({ length: 2 ** ENTITIES.length - 1 }, (_, bits) =>
  ENTITIES.filter((_kind, index) => ((bits + 1) >> index) % 2 === 1),
);

describe('a wish for some corridors and kinds', () => {
  it('leaves out everything else, and its board is what its events come to', async () => {
    for (const corridorIds of [undefined, () => [other.id]]) {
      for (const kinds of WISHES) {
        const wish = queryOf({ kinds, ...(corridorIds === undefined ? {} : { corridorIds: corridorIds() }) });
        const { body: page } = await cell.first.get(`/v1/events?limit=500&${wish}`);
        const events = page.events as readonly BoardEvent[];
        const { body: snapshot } = await cell.first.get(`/v1/board?${wish}`);
        expect(snapshot.board).toEqual(events.reduce<Board>(boardAfter, EMPTY_BOARD));
        expect(snapshot.cursor).toBe(page.cursor);
        expect(events.filter(({ entity }) => !kinds.includes(entity))).toEqual([]);
        if (corridorIds !== undefined) expect(events.every((event) => event.corridorIds.includes(other.id))).toBe(true);
        else expect(new Set(events.map(({ entity }) => entity))).toEqual(new Set(kinds));
      }
    }
  });

  it('gives the same events at the same places on socket, stream and poll', async () => {
    const kinds = ['window', 'attack'] as const;
    const { cursor } = (await cell.first.get(`/v1/board?${queryOf({ kinds })}`)).body as { cursor: string };
    const socket: Socket = io(server.url, { transports: ['websocket'], auth: { token: cell.first.token }, forceNew: true });
    const told: Record<'socket' | 'stream', Frame[]> = { socket: [], stream: [] };
    socket.on('frame', (frame: Frame) => told.socket.push(frame));
    // In another order, and one of them twice: the same wish.
    const reply = await socket.emitWithAck('watch', { cursor, filter: { kinds: ['attack', 'window', 'attack'] } });
    expect(reply).toMatchObject({ frame: { events: [] } });
    const source = new EventSource(`${server.url}/v1/stream?cursor=${cursor}&kinds=attack,window`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: cell.first.headers.authorization } }),
    });
    source.addEventListener('frame', ({ data }) => told.stream.push(JSON.parse(data as string) as Frame));
    await eventually(() => {
      expect(told.stream).toHaveLength(1); // the catch-up: it follows from here
    });
    await writeOfEveryKind();
    await eventually(async () => {
      const { body } = await cell.first.get(`/v1/events?cursor=${cursor}&kinds=window,attack`);
      const { events } = body as { events: readonly BoardEvent[] };
      expect(events.map(({ type }) => type)).toEqual(['WindowAnnounced', 'AttackReported']);
      for (const frames of Object.values(told)) {
        expect(frames.flatMap((frame) => frame.events)).toEqual(events);
        expect(frames.at(-1)?.cur).toBe(body.cursor);
      }
    });
    source.close();
    socket.disconnect();
  });

  it('is bound to its cursors, and an unknown kind is refused with the allowed ones', async () => {
    const { cursor } = (await cell.first.get('/v1/board')).body as { cursor: string };
    const { status, body } = await cell.first.get(`/v1/events?cursor=${cursor}&kinds=attack`);
    expect([status, body.reset]).toEqual([410, 'AUTH_CHANGED']);
    for (const kinds of ['convoy', '', 'attack,', 'attack;window']) {
      const refused = await cell.first.get(`/v1/events?kinds=${kinds}`);
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid-request']);
    }
    const socket: Socket = io(server.url, { transports: ['websocket'], auth: { token: cell.first.token }, forceNew: true });
    expect(await socket.emitWithAck('watch', { cursor, filter: { kinds: ['convoy'] } })).toMatchObject({ code: 'invalid-request' });
    socket.disconnect();
  });
});
