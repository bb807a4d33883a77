import type { Socket } from 'socket.io';
import { connectionOf, type Connection } from './connection.js';

/** engine.io: a message; socket.io: an event of the main namespace. */
const [MESSAGE, EVENT] = ['4', '2'];
const WEBSOCKET_OPEN = 1;

/**
 * One message for many sockets: encoded once, framed for the WebSocket once, then one write each. socket.io's broadcast shares the frame, too, but
 * takes it through engine.io's queue, its events and a callback for each socket, which is a third of what a delivery costs and most of its
 * garbage (docs/performance.md).
 */
export class Message {
  private readonly packet: string;
  private readonly frame: readonly [Buffer];

  constructor(event: string, body: object) {
    this.packet = EVENT + JSON.stringify([event, body]);
    this.frame = [framed(Buffer.from(MESSAGE + this.packet))];
  }

  /** After all that the socket was told before: where something waits, this waits behind it, and counts as waiting. */
  sendTo(socket: Socket): void {
    const connection = connectionOf(socket);
    const sender = senderOf(connection);
    if (sender !== null) sender.sendFrame(this.frame);
    else connection.write(this.packet, { wsPreEncodedFrame: this.frame });
  }
}

/** Where nothing waits, and what is written now goes out next; else null. */
function senderOf({
  readyState,
  writeBuffer,
  transport: { writable, socket },
}: Connection): { sendFrame(frame: readonly Buffer[]): void } | null {
  if (readyState !== 'open' || writeBuffer.length > 0 || !writable) return null;
  return socket?.readyState === WEBSOCKET_OPEN && socket.bufferedAmount === 0 ? (socket._sender ?? null) : null;
}

const [WHOLE_TEXT, TWO_BYTES, EIGHT_BYTES] = [0x81, 126, 127];

/** RFC 6455, 5.2: a text in one frame, unmasked, as a server sends it. */
function framed(text: Buffer): Buffer {
  const { length } = text;
  if (length < TWO_BYTES) return Buffer.concat([Buffer.from([WHOLE_TEXT, length]), text]);
  const head = Buffer.alloc(length <= 0xffff ? 4 : 10);
  head.set([WHOLE_TEXT, head.length === 4 ? TWO_BYTES : EIGHT_BYTES]);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, text]);
}
