// From the start of the command to the first answer: an empty data folder (PostgreSQL makes its files, every migration runs), the same
// folder again, and `npm start` with the demo on a folder that is there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_FLAGS } from '../scripts/server-flags.mjs';
import { startProgram } from './child.mjs';
import { number, printTable } from './figures.mjs';
import { Sender } from './sender.mjs';

const LIVE = { command: process.execPath, args: [...SERVER_FLAGS, 'dist/src/main.js', '--live'] };
const NPM_START = { command: 'npm', args: ['start'] };

export async function run() {
  const rows = [];
  await inFolder(async (folder) => {
    rows.push(['node dist/src/main.js --live, empty folder', await start(LIVE, folder)]);
    rows.push(['node dist/src/main.js --live, again', await start(LIVE, folder)]);
  });
  await inFolder(async (folder) => {
    await start(NPM_START, folder); // builds the pages if they are not, and makes the demo
    rows.push(['npm start, again', await start(NPM_START, folder)]);
  });
  printTable('Cold start to the first answer', ['command', 'seconds'], rows);
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'safe-passage-cold-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function start({ command, args }, folder) {
  const startedAt = performance.now();
  const server = await startProgram(command, args, { VAR_DIR: folder, PORT: '0', LOG_LEVEL: 'warn' });
  try {
    const sender = await Sender.open(server.port);
    const { status } = await sender.send({ method: 'GET', path: '/readyz' });
    const seconds = (performance.now() - startedAt) / 1000;
    sender.close();
    if (status !== 200) throw new Error(`not ready: ${status}`);
    return number(seconds, 1);
  } finally {
    await server.stop();
  }
}
