import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startServer, type TestServer } from '../support/server.js';
import { eventually } from '../support/eventually.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.end();
});

/** A request whose body is still on its way: its head and its first byte. */
async function halfSent(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\nConnection: keep-alive\r\n\r\n{',
  );
  return socket;
}

it('a draining server answers what is under way, takes nothing new, and is not held by idle connections', async () => {
  const other = await server.another();
  const agent = new Agent({ keepAlive: true });
  const idle = httpRequest(`${other.url}/livez`, { agent }).end();
  const [answer] = (await once(idle, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  const underWay = await halfSent(other.port);
  let received = '';
  underWay.on('data', (chunk: Buffer) => (received += chunk.toString()));

  const closed = other.close();
  await eventually(async () => {
    await expect(fetch(`${other.url}/livez`)).rejects.toThrow();
  });
  underWay.write('"code":"unknown12"}');
  await closed;
  expect(received).toMatch(/^HTTP\/1.1 4\d\d /);
  expect(received).toContain('application/problem+json');
  agent.destroy();
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
}, 30_000);

it("a caller's request id is echoed when it is one, else replaced", async () => {
  const ask = async (id: string): Promise<string | null> =>
    (await fetch(`${server.url}/livez`, { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
  expect(await ask('proxy-00017')).toBe('proxy-00017');
  expect(await ask('"><script>')).toMatch(/^[0-9a-f-]{36}$/);
});
