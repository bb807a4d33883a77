import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, expect, it } from '@jest/globals';
import { isAlive } from '../../src/platform/processes.js';
import { canReach, unprivileged, type Identity } from '../../src/platform/unprivileged.js';
import { eventually } from '../support/eventually.js';
import { PATIENCE_MS, PROGRAM, Programs, type Program } from '../support/program.js';

/** The real program, as `npm start` runs it: what a person sees who starts it wrongly, twice, or kills it. */
const programs = new Programs();
afterEach(() => programs.stopAll());
afterAll(() => programs.end());

async function expectOneLine(program: Program, line: RegExp): Promise<void> {
  expect(await program.exitCode).toBe(1);
  expect(program.complained()).toMatch(line);
  expect(program.complained().trim().split('\n')).toHaveLength(1);
  expect(program.said()).toBe('');
}

it(
  'a second start on the folder says so; the first goes on until it is asked to stop, and PostgreSQL goes with it',
  async () => {
    const program = programs.start();
    const url = await program.url();
    await expectOneLine(programs.start(), /^Another server already uses the data folder/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    const postgres = programs.postgres();
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
      await expectOneLine(programs.start({ env: { PORT: String((other.address() as AddressInfo).port) } }), /^The port is taken: set PORT/);
    } finally {
      other.close();
    }
  },
  PATIENCE_MS,
);

it(
  'a database that was born for exercises does not become a live one',
  async () => {
    await expectOneLine(programs.start({ args: ['--live'] }), /^This database is exercise from its birth/);
  },
  PATIENCE_MS,
);

it(
  'an empty live server prints the link of its first administrator, until there is one',
  async () => {
    const live = { args: ['--live'], env: { VAR_DIR: join(programs.parent, 'live') } };
    const first = programs.start(live);
    const url = await first.url();
    const code = await eventually(() => {
      const found = /#code=(\S+)/.exec(first.said())?.[1];
      if (found === undefined) throw new Error('no link yet');
      return found;
    });
    const headers = { 'content-type': 'application/json' };
    const session = await fetch(`${url}/v1/sessions`, { method: 'POST', headers, body: JSON.stringify({ code, carrier: 'bearer' }) });
    expect(await session.json()).toMatchObject({ person: { role: 'administrator' } });
    first.child.kill('SIGTERM');
    await first.exitCode;
    const again = programs.start(live);
    await again.url();
    again.child.kill('SIGTERM');
    await again.exitCode;
    expect(again.said()).not.toContain('#code=');
  },
  PATIENCE_MS,
);

it('a wrong setting is told in one line', async () => {
  await expectOneLine(programs.start({ env: { PORT: 'abc' } }), /^PORT must be a whole number/);
});

/** As root: another user, when they may read this checkout. Else: whoever runs the tests is an ordinary user already. */
function ordinaryUser(): Identity | null {
  const somebody = unprivileged();
  return somebody !== null && canReach(dirname(PROGRAM), somebody) ? somebody : null;
}

it(
  'an ordinary user needs nothing but a folder of theirs',
  async () => {
    const user = ordinaryUser();
    const theirs = join(programs.parent, 'theirs');
    mkdirSync(theirs);
    if (user !== null) chownSync(theirs, user.uid, user.gid);
    const program = programs.start({ env: { VAR_DIR: join(theirs, 'var') }, ...user });
    expect((await fetch(`${await program.url()}/livez`)).status).toBe(200);
    expect(statSync(join(theirs, 'var', 'data')).uid).toBe(user?.uid ?? unprivileged()?.uid ?? process.getuid?.());
    program.child.kill('SIGTERM');
    expect(await program.exitCode).toBe(0);
    expect(program.complained()).toBe('');
  },
  PATIENCE_MS,
);

const NAMELESS = { uid: 54_321, gid: 54_321 };
// Only root may become somebody else.
if (process.getuid?.() === 0 && canReach(dirname(PROGRAM), NAMELESS)) {
  it('a user without a name (a container with any number) is told so in one line', async () => {
    const theirs = join(programs.parent, 'nameless');
    mkdirSync(theirs);
    chownSync(theirs, NAMELESS.uid, NAMELESS.gid);
    await expectOneLine(programs.start({ env: { VAR_DIR: theirs }, ...NAMELESS }), /^User 54321 has no name on this machine/);
  });
}

it('a full disk is told in one line', async () => {
  // Files may not grow past 512 KB: what a full disk is to initdb.
  await expectOneLine(
    programs.start({ env: { VAR_DIR: join(programs.parent, 'full') }, shell: 'ulimit -f 1024' }),
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
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', VAR_DIR: programs.folder },
    });
    const { url, said } = programs.watched(launcher);
    await url();
    const server = Number(/pid (\d+)/.exec(said())?.[1]);
    const postgres = programs.postgres();
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
