import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Server, Socket as ServerSocket } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { backlogOf } from '../../src/realtime/back-pressure.js';
import { BoardGateway } from '../../src/realtime/board.gateway.js';
import { Message } from '../../src/realtime/message.js';
import { signedIn, type Account } from '../support/accounts.js';
import { eventually } from '../support/eventually.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let reader: Account;
let client: Socket;
/** Its other end. */
let socket: ServerSocket;
let heard: { readonly no: number; readonly text: string }[];

beforeAll(async () => {
  server = await startServer();
  reader = await signedIn(server.app, 'observer');
});
afterAll(() => server.end());
beforeEach(async () => {
  heard = [];
  client = io(server.url, { transports: ['websocket'], auth: { token: reader.token }, forceNew: true, reconnection: false });
  client.on('frame', (message: { no: number; text: string }) => heard.push(message));
  const { sockets } = server.app.get<BoardGateway, { readonly io: Server }>(BoardGateway).io.sockets;
  await eventually(() => {
    expect(sockets.has(client.id ?? '')).toBe(true);
  });
  socket = sockets.get(client.id ?? '') as ServerSocket;
});
afterEach(() => {
  client.disconnect();
});

const numbers = (): readonly number[] => heard.map(({ no }) => no);
const upTo = (end: number): readonly number[] => Array.from({ length: end }, (_, no) => no);

describe('a message', () => {
  it.each([0, 1, 80, 90, 100, 60_000, 65_400, 65_500, 65_600, 300_000])(
    'of %i letters and some of two bytes arrives whole',
    async (letters) => {
      const text = 'ї'.repeat(letters % 7) + 'x'.repeat(letters);
      new Message('frame', { no: 0, text }).sendTo(socket);
      await eventually(() => {
        expect(heard).toEqual([{ no: 0, text }]);
      });
    },
  );

  it('is heard in its place among what socket.io sends', async () => {
    for (const no of upTo(40)) {
      if (no % 3 === 0) socket.emit('frame', { no, text: 'x'.repeat(no * 1_000) });
      else new Message('frame', { no, text: 'x'.repeat(no) }).sendTo(socket);
    }
    await eventually(() => {
      expect(numbers()).toEqual(upTo(40));
    });
  });

  it('takes no way round while nothing waits, and counts as waiting while the reader does not read', async () => {
    const queue = jest.spyOn(socket.conn, 'write');
    new Message('frame', { no: 0, text: '' }).sendTo(socket);
    expect(queue).not.toHaveBeenCalled();
    const { ws } = (client.io.engine as unknown as { readonly transport: { readonly ws: { pause(): void; resume(): void } } }).transport;
    ws.pause();
    const message = { text: 'x'.repeat(1024 * 1024) };
    for (const no of upTo(60).slice(1)) new Message('frame', { no, ...message }).sendTo(socket);
    const { packets, size } = backlogOf(socket);
    expect(packets).toBeGreaterThan(30);
    expect(size).toBeGreaterThan(30 * 1024 * 1024);
    ws.resume();
    await eventually(() => {
      expect(numbers()).toEqual(upTo(60));
      expect(backlogOf(socket)).toEqual({ packets: 0, size: 0 });
    });
  });

  it('to a socket that is gone is nobody’s trouble', async () => {
    client.disconnect();
    await eventually(() => {
      expect(socket.connected).toBe(false);
    });
    expect(() => {
      new Message('frame', { no: 0, text: '' }).sendTo(socket);
    }).not.toThrow();
  });
});
