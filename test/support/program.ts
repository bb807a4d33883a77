import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';

/** Longest wait for the first start: the database is made, the schema built, and the machine may be busy. */
export const PATIENCE_MS = 90_000;

/** What `npm start` runs once everything is built. */
export const PROGRAM = join('dist', 'src', 'main.js');

/** The real program in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly complained: () => string;
  readonly exitCode: Promise<number | null>;
  /** The address it tells once it serves. */
  readonly url: () => Promise<string>;
}

export interface Wish {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** A command of the shell before it: `ulimit -f 1024`. */
  readonly shell?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** A place for the data of programs, and the programs that a test starts there: none outlives the test. */
export class Programs {
  readonly parent = mkdtempSync(join(tmpdir(), 'safe-passage-program-'));
  readonly folder = join(this.parent, 'var');
  private readonly running = new Set<ChildProcess>();

  constructor() {
    chmodSync(this.parent, 0o755); // as root, PostgreSQL is another user, who must get through
  }

  /** The real program, as an ordinary start of it. */
  start({ env = {}, args = ['--no-demo'], shell, uid, gid }: Wish = {}): Program {
    const program = [process.execPath, PROGRAM, ...args];
    const [command = '', ...rest] = shell === undefined ? program : ['/bin/sh', '-c', `${shell}; exec "$@"`, 'sh', ...program];
    const child = spawn(command, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], LOG_LEVEL: 'error', PORT: '0', VAR_DIR: this.folder, ...env },
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    return this.watched(child);
  }

  /** What another process starts is ended with the test, too. */
  watched(child: ChildProcess): Program {
    this.running.add(child);
    const text = { out: '', err: '' };
    child.stdout?.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (text.err += chunk.toString()));
    return {
      child,
      said: () => text.out,
      complained: () => text.err,
      exitCode: new Promise((settle) => child.once('close', settle)),
      url: () =>
        eventually(
          () => {
            const url = /Safe Passage: (http:\S+)/.exec(text.out)?.[1];
            if (url === undefined) throw new Error(`not started: ${text.err}`);
            return url;
          },
          { withinMs: (PATIENCE_MS * 2) / 3 },
        ),
    };
  }

  /** The process id of the PostgreSQL on the folder. */
  postgres(folder = this.folder): number {
    return Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  async stopAll(): Promise<void> {
    for (const child of this.running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    this.running.clear();
  }

  async end(): Promise<void> {
    await this.stopAll();
    rmSync(this.parent, { recursive: true, force: true });
  }
}
