import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { follow, shownWord, type Follower, type View } from '../../client/follow.js';
import type { BoardEvent } from '../../src/domain/audience.js';
import { eventually } from '../support/eventually.js';
import { signedIn, type Account } from '../support/accounts.js';
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

interface Frame {
  readonly prev: string;
  readonly cur: string;
  readonly events: readonly BoardEvent[];
}
interface Snapshot {
  readonly cursor: string;
  readonly board: { readonly corridors: Readonly<Record<string, unknown>> };
}

async function get<Answer>(path: string, account: Account = coordinator, url = server.url): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { headers: account.headers });
  if (!response.ok) throw new Error(`${path}: ${String(response.status)} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function declare(name = 'A way out', account: Account = coordinator): Promise<string> {
  const commandId = randomUUID();
  const body = {
    commandId,
    name,
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv',
    country: 'UA',
    origin: { name: 'A', position: [34.6, 47.5], precisionKm: 1 },
    declaredBy: ['a ministry'],
    relevantParties: ['north', 'south'],
    permittedModes: ['bus', 'car'],
    geometryKind: 'schematic',
    segments: [
      {
        id: randomUUID(),
        name: 'A – B',
        line: [
          [34.6, 47.5],
          [35.1, 47.8],
        ],
        widthM: 50,
        watch: 'manned_post',
        exposure: 'line',
        control: 'unknown',
        checkpoints: 1,
      },
    ],
  };
  const response = await fetch(`${server.url}/v1/corridors`, { method: 'POST', headers: account.headers, body: JSON.stringify(body) });
  if (response.status !== 201) throw new Error(await response.text());
  return commandId;
}

function connect(account: Account, url = server.url): Socket {
  return io(url, { transports: ['websocket'], auth: { token: account.token }, forceNew: true, reconnection: false });
}

/** Everything a socket says, in order. */
function listen(socket: Socket): { readonly frames: Frame[]; readonly resets: string[] } {
  const heard = { frames: [] as Frame[], resets: [] as string[] };
  socket.on('frame', (frame: Frame) => heard.frames.push(frame));
  socket.on('reset', ({ code }: { code: string }) => heard.resets.push(code));
  return heard;
}

describe('the stream of the board', () => {
  it('goes on from the snapshot without a gap: each frame begins where the one before ended', async () => {
    const { cursor } = await get<Snapshot>('/v1/board');
    const socket = connect(coordinator);
    const heard = listen(socket);
    const { frame } = (await socket.emitWithAck('watch', { cursor })) as { frame: Frame };
    expect(frame).toMatchObject({ prev: cursor, events: [] });
    const id = await declare();
    await eventually(() => {
      expect(heard.frames.flatMap(({ events }) => events.map(({ entityId }) => entityId))).toContain(id);
    });
    const ends = [frame, ...heard.frames];
    ends.slice(1).forEach(({ prev }, index) => {
      expect(prev).toBe(ends[index]?.cur);
    });
    socket.disconnect();
  });

  it('resumes by its cursor after a cut, with what was missed', async () => {
    const { cursor } = await get<Snapshot>('/v1/board');
    const id = await declare('While nobody listened');
    await eventually(async () => {
      expect((await get<{ events: BoardEvent[] }>(`/v1/events?cursor=${cursor}`)).events.map(({ entityId }) => entityId)).toContain(id);
    });
    const socket = connect(coordinator);
    const { frame } = (await socket.emitWithAck('watch', { cursor })) as { frame: Frame };
    expect(frame.events.map(({ entityId }) => entityId)).toContain(id);
    socket.disconnect();
  });

  it('has the same cursors and the same order on another process', async () => {
    const other = await server.another();
    const [here, there] = [connect(coordinator), connect(coordinator, other.url)];
    const [a, b] = [listen(here), listen(there)];
    const { cursor } = await get<Snapshot>('/v1/board');
    expect((await get<Snapshot>('/v1/board', coordinator, other.url)).cursor).toBe(cursor);
    await Promise.all([here.emitWithAck('watch', { cursor }), there.emitWithAck('watch', { cursor })]);
    await declare('Seen from both');
    const last = async (): Promise<string> => (await get<Snapshot>('/v1/board')).cursor;
    await eventually(async () => {
      expect(a.frames.at(-1)?.cur).toBe(await last());
      expect(b.frames.at(-1)?.cur).toBe(await last());
    });
    const order = ({ frames }: { frames: Frame[] }): string[] =>
      frames.flatMap(({ events }) => events.map((event) => `${event.entityId} ${String(event.version)}`));
    expect(order(b)).toEqual(order(a));
    here.disconnect();
    there.disconnect();
  });

  it('is not told to somebody of another organisation, nor can they use a cursor of ours', async () => {
    const { cursor } = await get<Snapshot>('/v1/board');
    const stranger = await signedIn(server.app, 'coordinator');
    expect((await get<Snapshot>('/v1/board', stranger)).board.corridors).toEqual({});
    const socket = connect(stranger);
    expect(await socket.emitWithAck('watch', { cursor })).toEqual({ reset: 'AUTH_CHANGED' });
    socket.disconnect();
  });

  it.each(['', 'x', 'A'.repeat(80)])('answers a forged cursor (%j) with a reset or a problem, never with events', async (cursor) => {
    const socket = connect(coordinator);
    const reply = (await socket.emitWithAck('watch', { cursor })) as object;
    expect(reply).not.toHaveProperty('frame');
    socket.disconnect();
  });

  it('answers a bad message with a code and without what was sent', async () => {
    const socket = connect(coordinator);
    const reply = (await socket.emitWithAck('watch', { cursor: 1, secret: 'canary' })) as object;
    expect(reply).toMatchObject({ ok: false, code: 'invalid-request' });
    expect(JSON.stringify(reply)).not.toContain('canary');
    socket.disconnect();
  });

  it('refuses a socket without a token, and one from a page of another origin', async () => {
    const refusal = (socket: Socket): Promise<string> =>
      new Promise((resolve) =>
        socket.once('connect_error', (error) => {
          resolve(error.message);
        }),
      );
    expect(await refusal(io(server.url, { transports: ['websocket'], forceNew: true, reconnection: false }))).toBe('unauthenticated');
    const foreign = io(server.url, {
      transports: ['websocket'],
      auth: { token: coordinator.token },
      extraHeaders: { origin: 'https://evil.example' },
      forceNew: true,
      reconnection: false,
    });
    expect(await refusal(foreign)).toBe('websocket error');
  });

  it('cuts a socket that floods it', async () => {
    const socket = connect(coordinator);
    await new Promise((resolve) =>
      socket.once('connect', () => {
        resolve(null);
      }),
    );
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    for (let count = 0; count < 200; count += 1) socket.emit('anything', { count });
    expect(await cut).toBe('io server disconnect');
  });

  it('is cut within 5 s when the session is revoked', async () => {
    const leaver = await signedIn(server.app, 'observer', { organisationId: coordinator.organisationId });
    const socket = connect(leaver);
    const { cursor } = await get<Snapshot>('/v1/board', leaver);
    await socket.emitWithAck('watch', { cursor });
    const cut = new Promise((resolve) => socket.once('disconnect', resolve));
    await fetch(`${server.url}/v1/sessions/current`, { method: 'DELETE', headers: { authorization: leaver.headers.authorization } });
    expect(await cut).toBe('io server disconnect');
  });
});

describe('server-sent events', () => {
  it('carry the same frames, resume by Last-Event-ID, and beat without moving the place', async () => {
    const { cursor } = await get<Snapshot>('/v1/board');
    const id = await declare('For the stream');
    const aborted = new AbortController();
    const response = await fetch(`${server.url}/v1/stream`, {
      headers: { ...coordinator.headers, 'last-event-id': cursor },
      signal: aborted.signal,
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes(id) && text.includes('event: heartbeat')) break;
    }
    aborted.abort();
    expect(text).toMatch(/event: frame\nid: [A-Za-z0-9_-]{80}\n/);
    const ids = [...text.matchAll(/event: (frame|heartbeat)\nid: (\S+)\n/g)];
    const beat = ids.findIndex(([, type]) => type === 'heartbeat');
    expect(ids[beat]?.[2]).toBe(ids[beat - 1]?.[2]); // the place of the frame before it
  });
});

describe('the client', () => {
  it('follows a declaration, draws its word, and is in doubt when the server is gone', async () => {
    const other = await server.another();
    let view: View | undefined;
    const follower: Follower = follow({ url: other.url, token: coordinator.token, onChange: (next) => (view = next) });
    await eventually(() => {
      expect(view?.phase).toBe('current');
    });
    const id = await declare('Followed');
    await eventually(() => {
      const corridor = Object.values(view?.board.corridors ?? {}).find((candidate) => candidate.id === id);
      expect(view !== undefined && corridor !== undefined ? shownWord(view, corridor) : null).toBe('not_agreed');
    });
    await other.close();
    await eventually(() => {
      expect(view?.isStale).toBe(true);
    });
    follower.stop();
  });
});
