// A child of the bench: many dashboards in one process, away from the generator. Light clients on purpose, the same for all three servers:
// a WebSocket that speaks the few frames of socket.io that a dashboard needs, and looks for the reports' mark in what arrives.
import { once } from 'node:events';
import WebSocket from 'ws';
import { nowMs } from './figures.mjs';
import { addressOf, MARK } from './reports.mjs';

const SOCKETS_A_PERSON = 8;
const SOCKETS_AN_ADDRESS = 50;
const OPENING_AT_ONCE = 25;
const NUMBER_DIGITS = 12;

const sockets = [];
/** By number of the report: when each socket got it first (ms, 0: not yet), and how many have not. */
const arrivals = new Map();
let messages = 0;
let waiting = null;

process.on('message', async ({ open, expect }) => {
  if (open !== undefined) process.send({ opened: await openAll(open) });
  else waiting = expect;
  answer();
});
process.on('disconnect', () => process.exit(0));

async function openAll({ wire, port, tokens, cursor, count, others }) {
  const opening = Array.from({ length: count }, (_, index) => index);
  const worker = async () => {
    for (let index = opening.shift(); index !== undefined; index = opening.shift()) {
      const token = tokens?.[Math.floor((others + index) / SOCKETS_A_PERSON) % tokens.length];
      const from = addressOf(others + index, SOCKETS_AN_ADDRESS);
      sockets[index] = await WIRES[wire]({ port, from, token, cursor, index });
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, worker));
  return sockets.length;
}

const WIRES = {
  /** The floor's: rows as they are. */
  ws: async ({ port, from, index }) => {
    const socket = connect(`ws://127.0.0.1:${port}/`, from);
    await once(socket, 'open');
    socket.on('message', (bytes) => note(bytes, index));
    return socket;
  },
  /** The neighbour's: connected is enough. */
  'socket.io': ({ port, from, index }) => enter({ port, from, index, hello: '40', ready: '40' }),
  /** Ours: signed in, then `watch` from a cursor, answered by a frame. */
  ours: ({ port, from, token, cursor, index }) => {
    const watch = `420${JSON.stringify(['watch', { cursor }])}`;
    return enter({ port, from, index, hello: `40${JSON.stringify({ token })}`, watch, ready: '430[{"frame"' });
  },
};

/** socket.io on the wire: `0…` open, `40` connect, `42` an event, `43` an answer, `2` ping, `3` pong. */
function enter({ port, from, index, hello, watch, ready }) {
  const socket = connect(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, from);
  return new Promise((resolve, reject) => {
    socket.on('message', (bytes) => {
      const kind = bytes.toString('latin1', 0, 2);
      if (kind === '42') return note(bytes, index);
      if (kind === '2') return socket.send('3');
      const text = bytes.toString();
      if (kind.startsWith('0')) socket.send(hello);
      if (kind === '40' && watch !== undefined) socket.send(watch);
      if (text.startsWith(ready)) resolve(socket);
      else if (kind === '43' || kind === '44') reject(new Error(text));
    });
  });
}

function connect(url, from) {
  const socket = new WebSocket(url, { localAddress: from, perMessageDeflate: false, skipUTF8Validation: true });
  socket.on('close', (code) => {
    throw new Error(`the server closed a dashboard (${code})`); // none may be missing from the figures
  });
  return socket;
}

function note(bytes, index) {
  const at = nowMs();
  messages += 1;
  for (let place = bytes.indexOf(MARK); place !== -1; place = bytes.indexOf(MARK, place + MARK.length)) {
    const digits = place + MARK.length;
    const no = parseInt(bytes.toString('latin1', digits, digits + NUMBER_DIGITS), 16);
    const seen = arrivals.get(no) ?? { at: new Float64Array(sockets.length), left: sockets.length };
    arrivals.set(no, seen);
    if (seen.at[index] !== 0) continue;
    seen.at[index] = at;
    seen.left -= 1;
    if (seen.left === 0) answer();
  }
}

/** When all of the reports that are waited for have reached all sockets. */
function answer() {
  if (waiting === null || waiting.some((no) => arrivals.get(no)?.left !== 0)) return;
  process.send({ arrived: waiting.map((no) => arrivals.get(no).at), messages });
  waiting = null;
  messages = 0;
  arrivals.clear();
}
