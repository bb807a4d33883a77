import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../dist/src/platform/embedded-postgres.js';

const ROOT = join(import.meta.dirname, '..');
const MS_A_TICK = 10; // of /proc, on every Linux
const PAGE_KIB = 4;
const COLLECT_GARBAGE = join(import.meta.dirname, 'servers', 'collect-garbage.mjs');

/** One of the servers that are measured: a process of its own that collects its garbage when asked to. */
export function startServer(args, env) {
  return startProgram(process.execPath, ['--import', COLLECT_GARBAGE, ...args], env);
}

/** Started and able to answer: it says its address on a line. */
export async function startProgram(command, args, env) {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  /** With all that it has started, as Ctrl-C in a terminal does. */
  const end = () => hasEnded() || process.kill(-child.pid, 'SIGTERM');
  process.once('exit', end); // also when the bench itself fails
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${[command, ...args].join(' ')} ended (${code})`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = /http:\/\/127\.0\.0\.1:(\d+)\/?$/.exec(line);
      if (said !== null) resolve(Number(said[1]));
    });
  });
  return {
    pid: child.pid,
    port,
    stop: async () => {
      if (hasEnded()) return;
      const ended = once(child, 'close'); // nobody writes to its pipe any more
      process.off('exit', end);
      end();
      await ended;
    },
  };
}

/** CPU time that a process has used, all its threads, ms. */
export function cpuMs(pid) {
  return statOf(pid)?.cpuMs ?? 0;
}

/** The same of a process and those it has started: PostgreSQL is one for each connection. */
export function familyCpuMs(pid) {
  const alive = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const family = alive.map(statOf).filter((stat) => stat?.pid === pid || stat?.parent === pid);
  return family.reduce((sum, stat) => sum + stat.cpuMs, 0);
}

/** Null when it has ended. */
function statOf(pid) {
  try {
    // After the name, which may hold spaces: state, parent, …
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return { pid: Number(pid), parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_A_TICK };
  } catch {
    return null;
  }
}

/** Memory of a process that lies in RAM, KiB. */
export function residentKiB(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KIB;
}

/** The embedded PostgreSQL that all three use, with its process id. It really waits for the disk. */
export async function startPostgres(folder) {
  const postgres = await startEmbeddedPostgres({ folder });
  const [pid] = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  return { ...postgres, pid: Number(pid) };
}
