import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { AppModule } from '../../src/app.module.js';
import { EMBEDDED_DATABASE } from '../../src/platform/address.js';
import { APP_ROLE } from '../../src/platform/database.js';
import { runningSocket } from '../../src/platform/embedded-postgres.js';
import { createApp } from '../../src/platform/serve.js';
import { newOrganisation, signedIn } from '../support/accounts.js';
import { callerOf, declared, type Answer, type Caller, type Declared } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { PATIENCE_MS, Programs, type Program } from '../support/program.js';

/** What comes by itself, after a database that has to recover first. */
const LATER = { withinMs: 20_000 };
/** The real program, whose PostgreSQL goes away under it. */
const programs = new Programs();
let program: Program;
let url: string;
let coordinator: Caller;
let corridor: Declared;
let screen: Screen;

interface Screen {
  readonly socket: Socket;
  readonly heard: { readonly frames: object[]; beats: number };
}

beforeAll(async () => {
  program = programs.start({ env: { LOG_LEVEL: 'warn' } });
  url = await program.url();
  coordinator = await coordinatorOf(url);
  corridor = await declared(coordinator);
  screen = await watching(coordinator.token);
}, PATIENCE_MS);
afterEach(() => {
  screen.heard.frames.length = 0;
});
afterAll(async () => {
  screen.socket.disconnect();
  await programs.end();
});

/** People are made beside the server, as `create-admin` does it. */
async function coordinatorOf(at: string): Promise<Caller> {
  const app = { ...runningSocket(programs.folder), user: APP_ROLE, database: EMBEDDED_DATABASE };
  const beside = await createApp(AppModule.at({ app, owner: app }), { hasPages: false });
  try {
    return callerOf({ url: at }, await signedIn(beside, 'coordinator', { organisationId: await newOrganisation(beside) }));
  } finally {
    await beside.close();
  }
}

/** As the client does it: after a cut it goes on from the last cursor that it has. */
async function watching(token: string): Promise<Screen> {
  let { cursor } = (await coordinator.get('/v1/board')).body as { cursor: string };
  const socket = io(url, { transports: ['websocket'], auth: { token }, autoConnect: false });
  const heard: Screen['heard'] = { frames: [], beats: 0 };
  const take = (frame: { readonly cur: string }): void => {
    cursor = frame.cur;
    heard.frames.push(frame);
  };
  socket.on('frame', take);
  socket.on('heartbeat', () => (heard.beats += 1));
  const isWatching = new Promise<void>((settle) => {
    socket.on('connect', () => {
      socket.emit('watch', { cursor }, ({ frame }: { readonly frame: { readonly cur: string } }) => {
        take(frame);
        settle();
      });
    });
  });
  socket.connect();
  await isWatching;
  return { socket, heard };
}

const readyz = async (): Promise<number> => (await fetch(`${url}/readyz`)).status;

function expectRefusedLoud({ status, headers, body }: Answer): void {
  expect({ status, body }).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('retry-after')).toBe('1');
}

/** As a phone does: the same stop, again and again, until somebody says that it is on disk. */
async function stopUntilAcknowledged(): Promise<readonly Answer[]> {
  const stop = { commandId: randomUUID(), reason: 'shelling' };
  const refused: Answer[] = [];
  return eventually(
    async () => {
      const answer = await coordinator.post(`${corridor.path}/suspensions`, stop);
      if (answer.status === 201) return refused;
      refused.push(answer);
      throw new Error(`not acknowledged: ${String(answer.status)}`);
    },
    { withinMs: 60_000 },
  );
}

const holds = async (): Promise<number> =>
  ((await coordinator.get(corridor.path)).body as { status: { holds: unknown[] } }).status.holds.length;

/** What the operator reads, without what a person did. */
const told = (): readonly string[] =>
  program
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { msg: string }).msg);

async function expectWhole(): Promise<void> {
  await eventually(async () => {
    expect(await readyz()).toBe(200);
  }, LATER);
  const { status, stdout } = spawnSync(process.execPath, [join('dist', 'src', 'cli', 'verify-log.js')], {
    env: { PATH: process.env['PATH'], VAR_DIR: programs.folder, LOG_LEVEL: 'error' },
    encoding: 'utf8',
  });
  expect({ status, stdout }).toMatchObject({ status: 0 });
}

it(
  'PostgreSQL that is killed comes back by itself: a stop is refused loud, then done once, and every screen hears of it',
  async () => {
    process.kill(programs.postgres(), 'SIGKILL');
    const refused = await stopUntilAcknowledged();
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectRefusedLoud(answer);
    expect(await holds()).toBe(1);
    await eventually(() => {
      expect(JSON.stringify(screen.heard.frames)).toContain('CorridorStopped');
    }, LATER);
    expect(program.child.exitCode).toBeNull();
    expect(told().filter((line) => line.startsWith('PostgreSQL '))).toEqual([
      'PostgreSQL has ended and is started again: until then every write is refused',
      'PostgreSQL runs again',
    ]);
    await expectWhole();
  },
  PATIENCE_MS,
);

/** Files of these processes, and of those they start, may not grow past so many bytes: what a full disk is to them. */
function limitFiles(bytes: number | 'unlimited'): void {
  for (const pid of [program.child.pid ?? NaN, ...descendantsOf(program.child.pid ?? NaN)]) {
    const owner = statSync(`/proc/${String(pid)}`, { throwIfNoEntry: false }); // as root, PostgreSQL is somebody else's
    if (owner === undefined) continue; // ended meanwhile
    spawnSync('prlimit', ['--pid', String(pid), `--fsize=${String(bytes)}:unlimited`], { uid: owner.uid, gid: owner.gid });
  }
}

function descendantsOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

it(
  'a disk that fills up refuses writes loud, shows nothing as usable, is told in one line, and is over when there is space again',
  async () => {
    const before = await holds();
    const toldBefore = told().length;
    limitFiles(1024 * 1024);
    const refused = await eventually(async () => {
      const answer = await coordinator.post(`${corridor.path}/suspensions`, { reason: 'shelling' });
      expect(answer.status).not.toBe(201);
      return answer;
    }, LATER);
    expectRefusedLoud(refused);
    await eventually(async () => {
      expect(await readyz()).toBe(503);
    }, LATER);
    expect((await coordinator.get('/v1/board')).status).toBe(503);
    const { beats } = screen.heard; // without one for 15 s a screen draws everything usable as UNKNOWN
    expectRefusedLoud(await coordinator.post(`${corridor.path}/suspensions`, { reason: 'shelling' }));
    expect(screen.heard.beats).toBe(beats);
    limitFiles('unlimited');

    await stopUntilAcknowledged();
    expect(await holds()).toBeGreaterThan(before);
    await eventually(() => {
      expect(JSON.stringify(screen.heard.frames)).toContain('CorridorStopped');
    }, LATER);
    await expectWhole();
    // What is over may be the trouble of the test before.
    const lines = told()
      .slice(toldBefore)
      .filter((line) => !line.startsWith('over:'));
    expect(lines).toContain('PostgreSQL can’t write: nothing is lost, and what is sent now is refused');
    expect(lines).toEqual([...new Set(lines)]); // a trouble that lasts is told once, and PostgreSQL ends at most once of it
  },
  PATIENCE_MS,
);
