import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * One keep-alive connection that sends one request at a time and reads the answer. Small and raw, because it shares the machine with what
 * it measures: it understands the answers of these servers (`Content-Length`), no others.
 */
export class Sender {
  #socket;
  #port;
  #text = '';
  #waiting = null;

  /** @param from local address, for what is counted by address; all of 127.0.0.0/8 is this machine */
  static async open(port, from = '127.0.0.1') {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
    await once(socket, 'connect');
    return new Sender(socket, port);
  }

  constructor(socket, port) {
    this.#socket = socket;
    this.#port = port;
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
    socket.on('error', () => undefined); // 'close' follows
  }

  /** Resolves with `{ status, body }`; the body as text. */
  send({ method = 'POST', path, token, body }) {
    const text = body === undefined ? '' : JSON.stringify(body);
    const head = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${this.#port}`];
    if (token !== undefined) head.push(`Authorization: Bearer ${token}`);
    if (body !== undefined) head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`);
    if (this.#waiting !== null) throw new Error('one request at a time');
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${head.join('\r\n')}\r\n\r\n${text}`);
    });
  }

  close() {
    this.#waiting = null;
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#text += chunk;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = Number(/^content-length: *(\d+)/im.exec(this.#text.slice(0, end))?.[1] ?? 0);
    const body = this.#text.slice(end + 4);
    if (Buffer.byteLength(body) < length) return;
    const status = Number(this.#text.slice(9, 12));
    const { resolve } = this.#waiting;
    this.#text = '';
    this.#waiting = null;
    resolve({ status, body });
  }
}

/** The same with the answer read, for setting up. Refuses everything but success. */
export async function ask(sender, request) {
  const { status, body } = await sender.send(request);
  if (status >= 300) throw new Error(`${request.path}: ${status} ${body}`);
  return JSON.parse(body);
}
