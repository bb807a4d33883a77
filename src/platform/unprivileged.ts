import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartFailure } from './start-failure.js';

/** Whom to run a process as, in the form of `spawn`'s options. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, else as `nobody`. Null: as whoever we are. */
export function unprivileged(): Identity | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
    const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
    if (uid.status === 0 && gid.status === 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  }
  throw new StartFailure('Started as root, but there is neither a user postgres nor nobody to run PostgreSQL as.');
}

/** Whether that user may pass through the folder, or what there is of the way to it: under, say, /root (mode 700) it may not. */
export function canReach(path: string, identity: Identity | null): boolean {
  if (identity === null) return true;
  let existing = resolve(path);
  while (!existsSync(existing)) existing = dirname(existing);
  return spawnSync('test', ['-x', existing], { cwd: '/', ...identity }).status === 0;
}
