import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { log } from './logging.js';
import { majorVersion, postgresBinaries } from './postgres-binaries.js';
import { commandOf, hasEnded, isAlive, parentOf } from './processes.js';
import { StartFailure } from './start-failure.js';
import { canReach, unprivileged, type Identity } from './unprivileged.js';

export interface EmbeddedPostgres {
  /** Folder of the Unix socket, and the port that names the socket file. */
  readonly host: string;
  readonly port: number;
  /** Who owns everything; the server itself signs in as another role. */
  readonly owner: string;
  readonly stop: () => Promise<void>;
  /** Settles when PostgreSQL has ended, wanted or not, with what it said of it. */
  readonly exited: Promise<string>;
  /** After it has ended: another one on the same data and the same socket, so that whoever was connected finds it again. */
  readonly restart: () => Promise<EmbeddedPostgres>;
}

const OWNER = 'postgres';
const PORT = 5432;
/** Unix sockets have names of at most 107 bytes. */
const LONGEST_SOCKET_PATH = 107;
const START_TIMEOUT_MS = 60_000;
const GOING_MS = 2_000;
const SHUTDOWN_MS = 10_000;
/** What an operator must hear of at once: a full disk, a full quota, a limit for files. */
const ALARMING = /No space left|File too large|quota exceeded/i;
const SAME_ALARM_MS = 60_000;

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
 * @param folder holds `data/`, `run/` and, where needed, a copy of the binaries; made when absent
 * @param isDurable false only in tests: no fsync
 * @throws StartFailure second start on the folder, data of another version, no binaries for this machine, disk full
 */
export async function startEmbeddedPostgres(options: { readonly folder: string; readonly isDurable?: boolean }): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder);
  const isDurable = options.isDurable ?? true;
  const identity = unprivileged();
  makeFolder(folder, identity);
  const binaries = postgresBinaries(folder, identity);
  const data = join(folder, 'data');
  await refuseSecondServer(data);
  if (!existsSync(data)) initialise(binaries, data, isDurable, identity);
  refuseOtherVersion(binaries, data);
  const run = socketFolder(folder, identity);
  const begin = async (): Promise<EmbeddedPostgres> => ({ ...(await launch(binaries, data, run, isDurable, identity)), restart });
  const restart = async (): Promise<EmbeddedPostgres> => {
    await refuseSecondServer(data);
    return begin();
  };
  return begin();
}

/**
 * The socket folder of the PostgreSQL that runs on this data folder, for commands beside a server.
 *
 * @throws StartFailure none runs
 */
export function runningSocket(folder: string): { readonly host: string; readonly port: number } {
  const [pid, , , port, host] = pidFile(join(resolve(folder), 'data'));
  if (host === undefined || !isAlive(Number(pid)))
    throw new StartFailure(`No server runs on ${resolve(folder)}: start it, or name its VAR_DIR.`);
  return { host, port: Number(port) };
}

function makeFolder(folder: string, identity: Identity | null): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StartFailure(`The data folder ${folder} can't be made: ${reasonOf(cause)}`);
  }
  if (identity === null || canReach(folder, identity)) return;
  if (readdirSync(folder).length === 0) chownSync(folder, identity.uid, identity.gid); // nobody's yet: closed to others, but ours to give
  if (canReach(folder, identity)) return;
  throw new StartFailure(
    `Started as root, PostgreSQL runs as another user, who can't reach ${folder}: set VAR_DIR to, for example, /var/lib/safe-passage.`,
  );
}

/** Its lines: process id, data folder, start time, port, socket folder, address, shared memory, state. Empty when there is none. */
function pidFile(data: string): readonly string[] {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new StartFailure(`The data folder ${data} can't be read: ${reasonOf(cause)}`);
  }
}

/** A live server on this folder: one left behind by a killed process is ended, any other is respected. */
async function refuseSecondServer(data: string): Promise<void> {
  const pid = Number(pidFile(data)[0] ?? NaN);
  // What a crash leaves names a process that is gone, or another one by now: PostgreSQL itself replaces it.
  if (!Number.isInteger(pid) || !isAlive(pid) || !commandOf(pid).includes(data)) return;
  if (await hasEnded(pid, GOING_MS)) return; // its server was killed a moment ago
  if (!isOrphan(pid)) throw usedAlready(data, pid);
  process.kill(pid, 'SIGINT');
  if (!(await hasEnded(pid, SHUTDOWN_MS)))
    throw new StartFailure(`A PostgreSQL left behind on ${dirname(data)} (process ${String(pid)}) does not end.`);
}

function usedAlready(data: string, pid?: number): StartFailure {
  return new StartFailure(
    `Another server already uses the data folder ${dirname(data)}${pid === undefined ? '' : ` (process ${String(pid)})`}: stop it, or set VAR_DIR to another.`,
  );
}

/** Without a watchdog, or with one whose server is gone. */
function isOrphan(pid: number): boolean {
  const watchdog = parentOf(pid);
  return watchdog === null || watchdog === 1 || (parentOf(watchdog) ?? 1) === 1;
}

/** Made beside its place and moved there whole: a start that is cut leaves no half of a database behind. */
function initialise(binaries: string, data: string, isDurable: boolean, identity: Identity | null): void {
  refuseNameless();
  const fresh = mkdtempSync(`${data}-new-`);
  try {
    if (identity !== null) chownSync(fresh, identity.uid, identity.gid);
    const args = ['-D', fresh, '-U', OWNER, '-A', 'trust', '--encoding=UTF8', '--locale=C'];
    // The same order of texts on every machine.
    const order = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const made = spawnSync(join(binaries, 'bin', 'initdb'), [...args, ...order, ...(isDurable ? [] : ['--no-sync'])], {
      cwd: dirname(data),
      encoding: 'utf8',
      ...(identity ?? {}),
    });
    if (made.status !== 0) {
      const reason =
        made.error === undefined ? (lastLine(made.stderr) ?? `initdb ended by ${made.signal ?? 'itself'}`) : reasonOf(made.error);
      throw new StartFailure(`The database can't be made in ${dirname(data)}: ${reason}`);
    }
    if (!existsSync(data)) renameSync(fresh, data);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** A container may run as any number; initdb wants a name to it, though nobody ever signs in by that. */
function refuseNameless(): void {
  try {
    userInfo();
  } catch {
    throw new StartFailure(
      `User ${String(process.getuid?.())} has no name on this machine, without which PostgreSQL makes no database: add a line for it to /etc/passwd, run as a user with a name, or set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
}

function refuseOtherVersion(binaries: string, data: string): void {
  const version = join(data, 'PG_VERSION');
  if (!existsSync(version)) throw new StartFailure(`${data} is no data folder of PostgreSQL: set VAR_DIR to another.`);
  const ours = majorVersion(binaries);
  const theirs = readFileSync(version, 'utf8').trim();
  if (ours === theirs) return;
  throw new StartFailure(
    `The data in ${data} is of PostgreSQL ${theirs}; this version of Safe Passage brings ${String(ours)}. Use the matching version, or another VAR_DIR.`,
  );
}

function socketFolder(folder: string, identity: Identity | null): string {
  const beside = join(folder, 'run');
  const isShort = Buffer.byteLength(`${beside}/.s.PGSQL.${String(PORT)}`) <= LONGEST_SOCKET_PATH;
  const run = isShort ? beside : mkdtempSync(join(tmpdir(), 'safe-passage-'));
  mkdirSync(run, { recursive: true });
  if (identity !== null) chownSync(run, identity.uid, identity.gid);
  chmodSync(run, 0o700);
  return run;
}

async function launch(
  binaries: string,
  data: string,
  run: string,
  isDurable: boolean,
  identity: Identity | null,
): Promise<Omit<EmbeddedPostgres, 'restart'>> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${run}`,
    `port=${String(PORT)}`,
    'max_connections=200',
    ...(isDurable ? ['fsync=on'] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
  ];
  const command = [join(binaries, 'bin', 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const watchdog = spawn('/bin/sh', ['-c', WATCHDOG, 'safe-passage-postgres', ...command], {
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
  const exited = new Promise<string>((settle) => {
    watchdog.once('close', (code) => {
      settle(lastLine(said.join('')) ?? `exit code ${String(code)}`);
    });
  });
  const child = { pid: await firstLine(watchdog), hasEnded: false };
  void exited.then(() => (child.hasEnded = true));
  await untilReady(data, child, () => said.join(''));
  watchdog.stderr.on('data', alarm());
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
      settle(NaN);
    });
  });
}

/** Ready is what the pid file says of *our* child: a connection could be answered by another server on the folder. */
async function untilReady(data: string, child: { readonly pid: number; readonly hasEnded: boolean }, said: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS; waitedMs += 20) {
    if (child.hasEnded) {
      if (said().includes('"postmaster.pid" already exists')) throw usedAlready(data);
      throw new StartFailure(`PostgreSQL did not start: ${lastLine(said()) ?? 'no message'}`);
    }
    const lines = pidFile(data);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    await pause(20);
  }
  throw new StartFailure('PostgreSQL did not become ready within a minute.');
}

/** Once, however many statements fail of it. */
function alarm(): (said: Buffer) => void {
  let raisedAtMs = Number.NEGATIVE_INFINITY;
  return (said) => {
    const line = said
      .toString()
      .split('\n')
      .findLast((one) => ALARMING.test(one));
    if (line === undefined || performance.now() - raisedAtMs < SAME_ALARM_MS) return;
    raisedAtMs = performance.now();
    log.error({ reason: lastLine(line) }, 'PostgreSQL can’t write: nothing is lost, and what is sent now is refused');
  };
}

/** What a tool said of its failure, without the time and level before it. */
function lastLine(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => /FATAL|PANIC|error|No space|too large/i.test(line)).at(-1);
  return (telling ?? lines.at(-1))?.replace(/^.*?(FATAL|PANIC|error):\s*/i, '') ?? null;
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
