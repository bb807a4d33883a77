// `npm start`: from nothing to a running server. Installs from the lockfile and builds what is missing or out of date, then serves.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_FLAGS } from './server-flags.mjs';

const root = join(import.meta.dirname, '..');
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) fail(`Safe Passage needs Node.js 20.19 or newer; this is ${process.versions.node}.`);

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

function run(what, command, args) {
  process.stdout.write(`… ${what}\n`);
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** The newest change below a folder, ms since 1970; 0 when there is none. */
function newest(...paths) {
  let latest = 0;
  for (const path of paths) {
    const at = join(root, path);
    if (!existsSync(at)) continue;
    const stat = statSync(at);
    latest = Math.max(latest, stat.isDirectory() ? newestIn(at) : stat.mtimeMs);
  }
  return latest;
}

function newestIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
}

const installed = join(root, 'node_modules', '.package-lock.json');
if (!existsSync(installed) || statSync(installed).mtimeMs < newest('package-lock.json')) {
  if (
    !run('installing (once, about a minute)', 'npm', [
      'ci',
      '--include=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ])
  )
    fail('npm ci failed: run it by hand to see why.');
}
const built = newest('dist/src/main.js');
if (built < newest('src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json')) {
  if (!run('building the server', 'npm', ['run', '--silent', 'build:server'])) fail('The build failed: run `npm run build` to see why.');
}
if (existsSync(join(root, 'dashboard')) && newest('dist-web/index.html') < newest('dashboard', 'client', 'src/domain')) {
  if (!run('building the pages', 'npm', ['run', '--silent', 'build:web'])) fail('The build failed: run `npm run build` to see why.');
}

const server = spawn(process.execPath, [...SERVER_FLAGS, join(root, 'dist', 'src', 'main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'], // the channel tells the server when this launcher is killed
  // A demo tells its links, not each request.
  env: { LOG_LEVEL: process.argv.includes('--live') ? 'info' : 'warn', ...process.env },
});
// A terminal sends Ctrl-C to the server, too; others (a supervisor) tell only us.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 1));
