import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EventSource } from 'eventsource';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { follow, type View } from '../../client/follow.js';
import { People } from '../../src/auth/people.service.js';
import type { Session } from '../../src/auth/session.js';
import type { BoardEvent } from '../../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD, type Board } from '../../src/domain/board.js';
import { isTooSlow } from '../../src/realtime/back-pressure.js';
import { BoardGateway } from '../../src/realtime/board.gateway.js';
import { Cursors } from '../../src/realtime/cursors.js';
import { Message } from '../../src/realtime/message.js';
import { signedIn, type Account } from '../support/accounts.js';
import { callerOf, declared, newCell, type Caller, type Cell, type Declared } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let cell: Cell;
let way: Declared;
beforeAll(async () => {
  server = await startServer();
  cell = await newCell(server);
  way = await declared(cell.first);
});
afterAll(async () => {
  await server.end();
});

interface Frame {
  readonly prev: string;
  readonly cur: string;
  readonly events: readonly BoardEvent[];
}

function connect(account: Account): Socket {
  return io(server.url, { transports: ['websocket'], auth: { token: account.token }, forceNew: true, reconnection: false });
}
const place = async (caller: Caller): Promise<string> => (await caller.get('/v1/board')).body.cursor as string;
const watch = (socket: Socket, cursor: string): Promise<{ frame?: Frame; reset?: string }> =>
  socket.timeout(5_000).emitWithAck('watch', { cursor });
/** The sockets of the server, from behind. */
const sockets = (): Server => server.app.get<BoardGateway, { readonly io: Server }>(BoardGateway).io;
/** The people whose sockets follow something right now. */
const watchers = (): readonly string[] =>
  [...sockets().sockets.sockets.values()]
    .map(({ data }) => data as { readonly session: Session; readonly watched?: unknown })
    .flatMap(({ session, watched }) => (watched === undefined ? [] : [session.actor.id]));
const outcome = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('connect', () => {
      resolve('connected');
    });
    socket.once('connect_error', ({ message }) => {
      resolve(message);
    });
  });

describe('what each reader is told', () => {
  async function replayed(caller: Caller): Promise<{ board: Board; cursor: string }> {
    let board = EMPTY_BOARD;
    let query = '?limit=2';
    for (;;) {
      const { body } = await caller.get(`/v1/events${query}`);
      board = (body.events as BoardEvent[]).reduce(boardAfter, board);
      query = `?limit=2&cursor=${String(body.cursor)}`;
      if (body.isComplete === true) return { board, cursor: body.cursor as string };
    }
  }

  it('gives the newest events too: the end of the same story, and the place from which it goes on', async () => {
    await declared(cell.first, { name: 'The one before' });
    const last = await declared(cell.first, { name: 'The last one' });
    const { body } = await cell.first.get('/v1/events?newest=true&limit=3');
    const events = body.events as BoardEvent[];
    expect(events).toHaveLength(3);
    expect(events.map(({ entityId }) => entityId)).toContain(last.id);
    expect((await cell.first.get(`/v1/events?cursor=${String(body.cursor)}`)).body).toMatchObject({ events: [], isComplete: true });
  });

  it('is one story: the board is what the events from the beginning come to, for every audience', async () => {
    const partner = callerOf(server, await signedIn(server.app, 'partner', { corridorIds: [way.id] }));
    const field = await cell.as('field_lead', [way.id]);
    const attackId = randomUUID();
    const report = { commandId: attackId, types: ['shelling_artillery_mortar'], place: { position: [35.0, 47.47], precisionKm: 0.2 } };
    expect((await field.post('/v1/attacks', { ...report, targets: ['medical_facility'], note: 'CANARY' })).status).toBe(201);
    const verifier = await cell.as('verifier');
    const grading = { grade: { reliability: 'B', credibility: '2' }, verification: 'corroborated' };
    expect((await verifier.post(`/v1/attacks/${attackId}/gradings`, grading)).status).toBe(201);
    await declared(cell.second, { name: 'Beside it' }); // looks back at the attack
    const stranger = (await newCell(server)).first;

    for (const reader of [cell.first, field, partner, stranger]) {
      const { body } = await reader.get('/v1/board');
      const replay = await replayed(reader);
      expect(body.board).toEqual(replay.board);
      expect(body.cursor).toBe(replay.cursor);
    }
    const told = JSON.stringify([(await partner.get('/v1/board')).body, (await partner.get('/v1/events')).body]);
    expect(told).toContain(way.id);
    expect(told).not.toMatch(/"line"|CANARY|medical_facility|47\.44|"segments"/);
  });
});

describe('a cursor', () => {
  it('is of one length, the same for the same place, and opens for nobody who changed it', () => {
    const [ours, others] = [new Cursors(randomBytes(32)), new Cursors(randomBytes(32))];
    const sealed = [0, 1, 2 ** 40].map((seq) => ours.seal({ epoch: randomUUID(), seq, group: '00'.repeat(8) }));
    expect(new Set(sealed.map(({ length }) => length)).size).toBe(1);
    const here = { epoch: randomUUID(), seq: 7, group: 'ab'.repeat(8) };
    expect(ours.seal(here)).toBe(ours.seal({ ...here }));
    expect(ours.open(ours.seal(here))).toEqual(here);
    expect(others.open(ours.seal(here))).toBeNull();
    [...ours.seal(here)].forEach((letter, index, letters) => {
      const forged = letters.toSpliced(index, 1, letter === 'A' ? 'B' : 'A').join('');
      expect(ours.open(forged)).toBeNull();
    });
  });

  it('of another history, or ahead of the log, is answered with the reason, on every door', async () => {
    const [birth] = await server.database.asOwner<{ epoch: string; key: Buffer }>('SELECT epoch, cursor_key AS key FROM database_birth');
    const cursors = new Cursors(birth?.key ?? Buffer.alloc(0));
    const here = cursors.open(await place(cell.first));
    if (here === null) throw new Error('a cursor of ours does not open');
    const wrong = {
      EPOCH_CHANGED: cursors.seal({ ...here, epoch: randomUUID() }),
      CURSOR_AHEAD: cursors.seal({ ...here, seq: here.seq + 1_000_000 }),
      AUTH_CHANGED: cursors.seal({ ...here, group: '00'.repeat(8) }),
    };
    const socket = connect(cell.first);
    for (const [reset, cursor] of Object.entries(wrong)) {
      expect(await watch(socket, cursor)).toEqual({ reset });
      const { status, body } = await cell.first.get(`/v1/events?cursor=${cursor}`);
      expect([status, body.code, body.reset]).toEqual([410, 'cursor-unknown', reset]);
    }
    socket.disconnect();
  });
});

describe('the sockets', () => {
  it('share one encoding of a frame, however many listen', async () => {
    const listeners = await Promise.all(
      Array.from({ length: 4 }, async () => cell.as('coordinator')).map(async (person) => {
        const account = await person;
        return [connect(account), connect(account), connect(account)];
      }),
    );
    const readers = listeners.flat();
    const cursor = await place(cell.first);
    const heard = readers.map((socket) => new Promise<Frame>((resolve) => socket.once('frame', resolve)));
    for (const socket of readers) expect(await watch(socket, cursor)).toMatchObject({ frame: { events: [] } });
    const encode = jest.spyOn(JSON, 'stringify');
    await cell.first.post(`${way.path}/suspensions`, { reason: 'shelling' });
    const [first, ...others] = await Promise.all(heard);
    const frames = encode.mock.calls.filter(([value]) => Array.isArray(value) && value[0] === 'frame').length;
    encode.mockRestore();
    expect(others.every(({ prev, cur }) => prev === first?.prev && cur === first.cur)).toBe(true);
    expect(frames).toBeLessThan(readers.length); // one a commit: the stop's, and perhaps the next
    for (const socket of readers) socket.disconnect();
  });

  it('are eight a person, and a connection that ends in its handshake holds no seat', async () => {
    const person = await cell.as('observer');
    for (let count = 0; count < 12; count += 1) {
      const hasty = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
      await new Promise((resolve) => hasty.once('open', resolve));
      hasty.send(`40${JSON.stringify({ token: person.token })}`);
      hasty.terminate();
    }
    const eight: Socket[] = [];
    await eventually(async () => {
      // A new socket for each try: one that asks twice on its own connection would take two seats.
      while (eight.length < 8) {
        const next = connect(person);
        const how = await outcome(next);
        if (how !== 'connected') next.disconnect();
        expect(how).toBe('connected');
        eight.push(next);
      }
    });
    expect(await outcome(connect(person))).toBe('too-many-requests');
    expect((await person.get('/v1/stream')).status).toBe(429);
    eight[0]?.disconnect();
    await eventually(async () => {
      const next = connect(person);
      expect(await outcome(next)).toBe('connected');
      next.disconnect();
    });
    for (const socket of eight) socket.disconnect();
  });

  it('answer each message, also the one that is too many', async () => {
    const socket = connect(await cell.as('observer'));
    const answers = await Promise.all(Array.from({ length: 42 }, () => socket.timeout(5_000).emitWithAck('watch', { cursor: 'x' })));
    expect(answers[0]).toEqual({ reset: 'EPOCH_CHANGED' });
    expect(answers.at(-1)).toEqual({ ok: false, code: 'too-many-requests' });
    socket.disconnect();
  });

  it('cut a reader that stopped reading, before it fills the memory', async () => {
    const person = await cell.as('observer');
    const slow = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await new Promise((resolve) => slow.once('open', resolve));
    const accepted = new Promise<string>((resolve) => {
      slow.on('message', (data: Buffer) => {
        if (data.toString().startsWith('40{')) resolve((JSON.parse(data.toString().slice(2)) as { sid: string }).sid);
      });
    });
    slow.send(`40${JSON.stringify({ token: person.token })}`);
    const id = await accepted;
    slow.pause();
    const socket = sockets().sockets.sockets.get(id);
    const flood = new Message('frame', { events: 'x'.repeat(256 * 1024) });
    if (socket !== undefined) for (let count = 0; count < 80; count += 1) flood.sendTo(socket);
    await eventually(() => {
      expect(sockets().sockets.sockets.has(id)).toBe(false);
    });
    slow.terminate();
  });

  it('keep one that takes a long catch-up over a thin link, and cut one that takes nothing or is told too often', () => {
    const [long, shorter] = [5_000_000, 4_900_000];
    expect(isTooSlow({ packets: 2, size: long }, null)).toBe(false);
    expect(isTooSlow({ packets: 2, size: shorter }, { packets: 2, size: long })).toBe(false);
    expect(isTooSlow({ packets: 2, size: long }, { packets: 2, size: long })).toBe(true);
    expect(isTooSlow({ packets: 3, size: long }, { packets: 2, size: shorter })).toBe(true);
    expect(isTooSlow({ packets: 300, size: shorter }, { packets: 300, size: long })).toBe(true);
  });

  it('start afresh when their rights change, and hear nothing more of what they may no longer see', async () => {
    const other = await declared(cell.first, { name: 'Another way' });
    const field = await cell.as('field_member', [way.id]);
    const socket = connect(field);
    const events: BoardEvent[] = [];
    socket.on('frame', (frame: Frame) => events.push(...frame.events));
    const reset = new Promise((resolve) => socket.once('reset', resolve));
    await watch(socket, await place(field));
    await server.app.get(People).ensureAssignments(field.personId, [other.id]);
    expect(await reset).toEqual({ code: 'AUTH_CHANGED' });
    const cursor = await place(field);
    expect(await watch(socket, cursor)).toMatchObject({ frame: { events: [] } });
    await cell.first.post(`${way.path}/suspensions`, { reason: 'air' });
    await cell.first.post(`${other.path}/holds`, { reason: 'weather' });
    await eventually(() => {
      expect(events.some(({ type, entityId }) => type === 'HoldSet' && entityId === other.id)).toBe(true);
    });
    expect(events.filter(({ entityId }) => entityId === way.id)).toEqual([]);
    socket.disconnect();
  });
});

describe('a foreign reader of server-sent events', () => {
  it('resumes by itself after a cut, with each event once', async () => {
    const cursor = await place(cell.first);
    const source = new EventSource(`${server.url}/v1/stream?cursor=${cursor}`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: cell.first.headers.authorization } }),
    });
    const frames: Frame[] = [];
    source.addEventListener('frame', ({ data }) => frames.push(JSON.parse(data as string) as Frame));
    const names = (): readonly string[] =>
      frames.flatMap(({ events }) => events.flatMap((event) => (event.type === 'CorridorDeclared' ? [event.body.name ?? ''] : [])));
    await declared(cell.first, { name: 'Before the cut' });
    await eventually(() => {
      expect(names()).toEqual(['Before the cut']);
    });
    server.app.getHttpServer().closeAllConnections();
    await eventually(() => place(cell.first)); // our own connections were cut as well
    await declared(cell.first, { name: 'During the cut' });
    await eventually(
      () => {
        expect(names()).toEqual(['Before the cut', 'During the cut']);
      },
      { withinMs: 15_000 },
    );
    source.close();
  });
});

describe('the client', () => {
  it('takes a fresh snapshot after a gap, and keeps the old picture meanwhile', async () => {
    const person = await cell.as('observer');
    const views: View[] = [];
    const follower = follow({ url: server.url, token: person.token, onChange: (view) => views.push(view) });
    await eventually(() => {
      expect(views.at(-1)?.phase).toBe('current');
      expect(watchers()).toContain(person.personId);
    });
    views.length = 0;
    sockets().emit('frame', { prev: 'elsewhere', cur: 'nowhere', events: [] });
    await eventually(() => {
      expect(views.map(({ phase }) => phase)).toContain('resyncing');
      expect(views.at(-1)?.phase).toBe('current');
    });
    expect(views.every(({ board }) => way.id in board.corridors)).toBe(true);
    expect(views.find(({ phase }) => phase === 'resyncing')?.isStale).toBe(true);
    follower.stop();
  });

  it('says that nobody is signed in when its session ends', async () => {
    const person = await signedIn(server.app, 'observer', { organisationId: cell.organisationId });
    let view: View | undefined;
    const follower = follow({ url: server.url, token: person.token, onChange: (next) => (view = next) });
    await eventually(() => {
      expect(view?.phase).toBe('current');
    });
    await fetch(`${server.url}/v1/sessions/current`, { method: 'DELETE', headers: { authorization: person.headers.authorization } });
    await eventually(
      () => {
        expect(view?.phase).toBe('signed_out');
      },
      { withinMs: 15_000 },
    );
    expect(view?.board).toEqual(EMPTY_BOARD);
    follower.stop();
  });
});
