import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { isAlive } from '../../src/platform/processes.js';
import { eventually } from '../support/eventually.js';

/** The real program, as `npm start` runs it: what a person sees who starts it wrongly, twice, or kills it. */
const parent = mkdtempSync(join(tmpdir(), 'safe-passage-start-'));
const folder = join(parent, 'var');
const PATIENCE_MS = 90_000;
const running = new Set<ChildProcess>();

beforeAll(() => {
  chmodSync(parent, 0o755); // as root, PostgreSQL is another user, who must get through
});
afterEach(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  running.clear();
});
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

interface Program {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly complained: () => string;
  readonly exitCode: Promise<number | null>;
}

const postgresPid = (): number => Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);

function start({ env = {}, args = ['--no-demo'], shell }: { env?: Record<string, string>; args?: string[]; shell?: string } = {}): Program {
  const program = [process.execPath, join('dist', 'src', 'main.js'), ...args];
  const [command = '', ...rest] = shell === undefined ? program : ['/bin/sh', '-c', `${shell}; exec "$@"`, 'sh', ...program];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', VAR_DIR: folder, ...env },
  });
  running.add(child);
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
  return {
    child,
    said: () => text.out,
    complained: () => text.err,
    exitCode: new Promise((settle) => child.once('close', settle)),
  };
}

async function urlOf(program: Program): Promise<string> {
  return eventually(
    () => {
      const url = /Safe Passage: (http:\S+)/.exec(program.said())?.[1];
      if (url === undefined) throw new Error(`not started: ${program.complained()}`);
      return url;
    },
    { withinMs: PATIENCE_MS / 2 },
  );
}

async function expectOneLine(program: Program, line: RegExp): Promise<void> {
  expect(await program.exitCode).toBe(1);
  expect(program.complained()).toMatch(line);
  expect(program.complained().trim().split('\n')).toHaveLength(1);
  expect(program.said()).toBe('');
}

it(
  'a second start on the folder says so; the first goes on until it is asked to stop, and PostgreSQL goes with it',
  async () => {
    const program = start();
    const url = await urlOf(program);
    await expectOneLine(start(), /^Another server already uses the data folder/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const postgres = postgresPid();
    program.child.kill('SIGINT');
    expect(await program.exitCode).toBe(0);
    expect(isAlive(postgres)).toBe(false);
  },
  PATIENCE_MS,
);

it(
  'a taken port is told in one line',
  async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      await expectOneLine(start({ env: { PORT: String((other.address() as AddressInfo).port) } }), /^The port is taken: set PORT/);
    } finally {
      other.close();
    }
  },
  PATIENCE_MS,
);

it(
  'a database that was born for exercises does not become a live one',
  async () => {
    await expectOneLine(start({ args: ['--live'] }), /^This database is exercise from its birth/);
  },
  PATIENCE_MS,
);

it('a wrong setting is told in one line', async () => {
  await expectOneLine(start({ env: { PORT: 'abc' } }), /^PORT must be a whole number/);
});

it('a full disk is told in one line', async () => {
  // Files may not grow past 512 KB: what a full disk is to initdb.
  await expectOneLine(
    start({ env: { VAR_DIR: join(parent, 'full') }, shell: 'ulimit -f 1024' }),
    /^The database can't be made in .*full: /,
  );
});

it(
  'goes when the launcher that holds its channel is killed',
  async () => {
    const program = `const { spawn } = await import('node:child_process');
    const server = spawn(process.execPath, ['dist/src/main.js', '--no-demo'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    process.stdout.write('pid ' + server.pid + '\\n');`;
    const launcher = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', VAR_DIR: folder },
    });
    running.add(launcher);
    let said = '';
    launcher.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await eventually(
      () => {
        expect(said).toContain('Safe Passage:');
      },
      { withinMs: PATIENCE_MS / 2 },
    );
    const server = Number(/pid (\d+)/.exec(said)?.[1]);
    const postgres = postgresPid();
    launcher.kill('SIGKILL');
    await eventually(
      () => {
        expect([server, postgres].filter(isAlive)).toEqual([]);
      },
      { withinMs: PATIENCE_MS / 3 },
    );
  },
  PATIENCE_MS,
);
