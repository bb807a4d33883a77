// Finds the browser for the tests, or unpacks the one that npm brought. Prints { executablePath, libraryPath } as JSON.
// A process of its own: the unpacking reads the real TMPDIR, and takes its own shared libraries only when told before it is loaded.
import { accessSync, constants, existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const folder = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'browser');
const lock = `${folder}.lock`;
const LONGEST_UNPACK_MS = 60_000;

function installed() {
  for (const name of ['chromium-headless-shell', 'chromium', 'google-chrome']) {
    for (const path of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(path, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  return undefined;
}

/** Two processes that unpack at once would run a half-written file. */
async function alone(work) {
  const giveUpAt = Date.now() + LONGEST_UNPACK_MS;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (Date.now() > giveUpAt) {
        rmdirSync(lock);
        throw error;
      }
      await pause(100);
    }
  }
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
}

async function unpacked() {
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: chromium } = await import('@sparticuz/chromium');
  return alone(() => chromium.executablePath());
}

const executablePath = process.env.CHROMIUM_PATH ?? installed() ?? (await unpacked());
if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}`);
process.stdout.write(JSON.stringify({ executablePath, libraryPath: process.env.LD_LIBRARY_PATH ?? '' }));
