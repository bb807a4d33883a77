import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Other processes of this machine, by /proc where there is one, else (macOS) by `ps`. */

/** A process that ended but that nobody took note of (a container without an init) has no command any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return commandOf(pid) !== '';
}

/** @returns false when the process still lives after that time */
export async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < withinMs; waitedMs += 50) {
    if (!isAlive(pid)) return true;
    await pause(50);
  }
  return !isAlive(pid);
}

/** The program and its arguments, in one text; empty when there is no such process. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
}

export function parentOf(pid: number): number | null {
  const stat = `/proc/${String(pid)}/stat`;
  const listed = existsSync(stat)
    ? readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ')[1] // the name before it may hold anything
    : spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  const parent = Number(listed);
  return Number.isInteger(parent) && parent > 0 ? parent : null;
}
