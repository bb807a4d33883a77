import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { audienceOf } from '../../src/domain/audience.js';
import { Tail } from '../../src/event-log/tail.js';
import { filterOf } from '../../src/realtime/filter.js';
import { Groups, LONGEST_CATCH_UP, MOST_GROUPS } from '../../src/realtime/groups.js';
import { declared, newCell, type Cell, type Declared } from '../support/api.js';
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
afterAll(() => server.end());

const place = async (): Promise<string> => (await cell.first.get('/v1/board')).body.cursor as string;
const connect = (): Socket => io(server.url, { transports: ['websocket'], auth: { token: cell.first.token }, forceNew: true });

describe('a process', () => {
  it('follows at most 500 different wishes at once: the next is refused until one ends', async () => {
    const groups = server.app.get(Groups);
    const audience = audienceOf({ id: cell.first.personId, organisationId: cell.organisationId, role: 'coordinator', corridorIds: [] });
    const cursor = await place();
    const joined = await Promise.all(
      Array.from({ length: MOST_GROUPS }, () => groups.join(audience, filterOf({ corridorIds: [randomUUID()] }))),
    );
    for (const path of ['/v1/board', '/v1/events', '/v1/stream']) {
      const { status, headers, body } = await cell.first.get(path);
      expect([status, body.code]).toEqual([429, 'too-many-groups']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    const socket = connect();
    expect(await socket.emitWithAck('watch', { cursor })).toMatchObject({ ok: false, code: 'too-many-groups' });
    const [one, ...others] = joined;
    if (one !== undefined) groups.leave(one);
    expect(await socket.emitWithAck('watch', { cursor })).toMatchObject({ frame: { events: [] } });
    for (const group of others) groups.leave(group);
    socket.disconnect();
  });
});

describe('a reader that was away for more than 10,000 events', () => {
  it('starts afresh on socket and stream, and may still read page by page', async () => {
    await cell.first.post(`${way.path}/holds`, { reason: 'crowd' });
    const cursor = await place();
    const end = (await logHead()) + LONGEST_CATCH_UP;
    await server.database.asOwner(
      `INSERT INTO events (seq, recorded_at, type, entity, entity_id, version, organisation_id, corridor_ids, actor_id, command_id, body, prev_hash, hash)
       SELECT last.seq + n, last.recorded_at, e.type, e.entity, e.entity_id, e.version + 1000000 + n, e.organisation_id, e.corridor_ids, e.actor_id,
              e.command_id, e.body, last.hash, last.hash
         FROM (SELECT * FROM events ORDER BY seq DESC LIMIT 1) AS last, (SELECT * FROM events WHERE type = 'HoldSet' LIMIT 1) AS e,
              generate_series(1, $1) AS n`,
      [LONGEST_CATCH_UP],
    );
    await eventually(
      () => {
        expect(server.app.get(Tail).seq).toBe(end);
      },
      { withinMs: 15_000 },
    );
    const socket = connect();
    // As far away as a reader may be.
    const { frame } = (await socket.emitWithAck('watch', { cursor })) as { frame?: { events: readonly unknown[] } };
    expect(frame?.events.length).toBe(LONGEST_CATCH_UP);
    await cell.first.post(`${way.path}/holds`, { reason: 'crowd' });
    await eventually(async () => {
      expect(await socket.emitWithAck('watch', { cursor })).toEqual({ reset: 'CURSOR_TOO_OLD' });
    });
    const aborted = new AbortController();
    const stream = await fetch(`${server.url}/v1/stream`, {
      headers: { ...cell.first.headers, 'last-event-id': cursor },
      signal: aborted.signal,
    });
    let text = '';
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('}')) break;
    }
    aborted.abort();
    expect(text.trim()).toBe('event: reset\nid: \ndata: {"code":"CURSOR_TOO_OLD"}');
    const { status, body } = await cell.first.get(`/v1/events?limit=500&cursor=${cursor}`);
    expect([status, body.events.length, body.isComplete]).toEqual([200, 500, false]);
    socket.disconnect();
  });
});

async function logHead(): Promise<number> {
  const [row] = await server.database.asOwner<{ seq: number }>('SELECT max(seq)::int AS seq FROM events');
  return row?.seq ?? 0;
}
