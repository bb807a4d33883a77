import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const TICKS_A_SECOND = 100; // of /proc, on every Linux
const PAGE_KIB = 4;
const COLLECT_GARBAGE = join(import.meta.dirname, 'servers', 'collect-garbage.mjs');

/** A server as a process of its own, started and able to answer: it says its address on a line. */
export async function startChild(args, env) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--import', COLLECT_GARBAGE, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill()); // also when the bench itself fails
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended (${code})`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = /http:\/\/127\.0\.0\.1:(\d+)\/?$/.exec(line);
      if (said !== null) resolve(Number(said[1]));
    });
  });
  return {
    pid: child.pid,
    port,
    startedMs: performance.now() - startedAt,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
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
