import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket as ClientSocket } from 'socket.io-client';
import { callerOf, declared, newCell, type Cell, type Declared } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { eventually } from '../support/eventually.js';

let server: TestServer;
let cell: Cell;
let corridor: Declared;
beforeAll(async () => {
  server = await startServer();
  cell = await newCell(server);
  corridor = await declared(cell.first);
});
afterAll(() => server.end());

/** A stop whose body is still on its way: its head and its first byte. The rest is sent by `finish`. */
async function halfSent(port: number): Promise<{ readonly socket: Socket; readonly finish: () => void; readonly received: () => string }> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const body = JSON.stringify({ commandId: randomUUID(), reason: 'shelling' });
  const head = [
    `POST ${corridor.path}/suspensions HTTP/1.1`,
    'Host: x',
    `Authorization: ${cell.first.headers.authorization}`,
    'Content-Type: application/json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: keep-alive',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 1)}`);
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  return { socket, finish: () => socket.write(body.slice(1)), received: () => received };
}

const takesNothingNew = (url: string): Promise<void> =>
  eventually(async () => {
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });

describe('a draining server', () => {
  it('writes and answers what is under way, takes nothing new, and is not held by idle connections', async () => {
    const other = await server.another();
    const agent = new Agent({ keepAlive: true });
    const idle = httpRequest(`${other.url}/livez`, { agent }).end();
    const [answer] = (await once(idle, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    const stop = await halfSent(other.port);

    const closed = other.close();
    await takesNothingNew(other.url);
    stop.finish();
    await closed;
    expect(stop.received()).toMatch(/^HTTP\/1.1 201 /);
    expect((await cell.second.get(corridor.path)).body.status.holds).toHaveLength(1);
    agent.destroy();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  }, 30_000);

  it('first says that it is not ready, and serves on until a proxy has noticed', async () => {
    const other = await server.another(1_000);
    const through = callerOf(other, cell.first);
    const closed = other.close();
    expect((await fetch(`${other.url}/readyz`)).status).toBe(503);
    expect((await through.post(`${corridor.path}/suspensions`, { reason: 'air' })).status).toBe(201);
    expect((await through.get('/v1/board')).status).toBe(200);
    await closed;
    await takesNothingNew(other.url);
  });

  it('lets sockets and streams go, so that they come back elsewhere by themselves', async () => {
    const other = await server.another(500);
    const stream = await fetch(`${other.url}/v1/stream`, { headers: { ...cell.first.headers } });
    const sockets = Array.from({ length: 5 }, () =>
      io(other.url, { transports: ['websocket'], auth: { token: cell.first.token }, reconnection: false }),
    );
    await Promise.all(sockets.map((socket) => connected(socket)));
    const reasons = sockets.map(async (socket) => ((await once(socket as never, 'disconnect')) as [string])[0]);

    await other.close();
    // Not "io server disconnect", after which a client stays away.
    expect(await Promise.all(reasons)).toEqual(Array(5).fill('transport close'));
    expect(await stream.text()).toMatch(/^\s*$|\n\n$/); // ended, not cut: a heartbeat that came before is whole
  });
});

async function connected(socket: ClientSocket): Promise<void> {
  if (!socket.connected) await once(socket as never, 'connect');
}

it("a caller's request id is echoed when it is one, else replaced", async () => {
  const ask = async (id: string): Promise<string | null> =>
    (await fetch(`${server.url}/livez`, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
  expect(await ask('proxy-00017')).toBe('proxy-00017');
  expect(await ask('"><script>')).toMatch(/^[0-9a-f-]{36}$/);
});
