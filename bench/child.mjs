import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..');
const TICKS_A_SECOND = 100; // of /proc, on every Linux
const PAGE_KIB = 4;
const COLLECT_GARBAGE = join(import.meta.dirname, 'servers', 'collect-garbage.mjs');

/** One of the servers that are measured: a process of its own that collects its garbage when asked to. */
export function startServer(args, env) {
  return startProgram(process.execPath, ['--import', COLLECT_GARBAGE, ...args], env);
}

/** Started and able to answer: it says its address on a line. */
export async function startProgram(command, args, env) {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  /** With all that it has started, as Ctrl-C in a terminal does. */
  const end = () => child.exitCode === null && process.kill(-child.pid, 'SIGTERM');
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
      const ended = once(child, 'close'); // nobody writes to its pipe any more
      process.off('exit', end);
      end();
      await ended;
    },
  };
}

/** CPU time that a process has used, all its threads, ms. */
export function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND;
}

/** Memory of a process that lies in RAM, KiB. */
export function residentKiB(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_KIB;
}
