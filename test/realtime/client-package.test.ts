import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signedIn } from '../support/accounts.js';
import { startServer, type TestServer } from '../support/server.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer();
  folder = mkdtempSync(join(tmpdir(), 'client-package-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.end();
});

/** The packages that these need, and that those need: as an installation would find them, without asking a registry. */
function copyPackages(names: readonly string[], done: Set<string> = new Set()): void {
  for (const name of names.filter((candidate) => !done.has(candidate))) {
    done.add(name);
    const from = join(root, 'node_modules', name);
    cpSync(from, join(folder, 'node_modules', name), { recursive: true });
    copyPackages(dependenciesOf(from), done);
  }
}
function dependenciesOf(from: string): readonly string[] {
  const { dependencies } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { readonly dependencies?: object };
  return Object.keys(dependencies ?? {});
}

const READER = `
  import { follow, shownWord } from '@safe-passage/client';
  const follower = follow({
    url: process.env.URL,
    token: process.env.TOKEN,
    onChange: (view) => {
      if (view.phase !== 'current') return;
      const word = shownWord(view, { id: 'none', status: null });
      console.log(JSON.stringify({ kind: view.kind, notice: view.notice, isStale: view.isStale, word, corridors: Object.keys(view.board.corridors) }));
      follower.stop();
    },
  });
`;

it('the client installs from its package alone in an empty folder, and follows a server from there', async () => {
  await run('npm', ['pack', '--workspace', 'client', '--pack-destination', folder], { cwd: root });
  const [tarball = 'no package'] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'reader', private: true, type: 'module' }));
  writeFileSync(join(folder, 'reader.js'), READER);
  copyPackages(dependenciesOf(join(root, 'client')));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`], { cwd: folder });

  const { token } = await signedIn(server.app, 'coordinator');
  const { stdout } = await run('node', ['reader.js'], {
    cwd: folder,
    env: { ...process.env, URL: server.url, TOKEN: token },
    timeout: 20_000,
  });
  expect(JSON.parse(stdout)).toEqual({ kind: 'exercise', notice: 'EXERCISE', isStale: false, word: 'unknown', corridors: [] });
}, 90_000);
