// `npm run check`: types, lint, import rules, format, dead code, generated documents. One line each, two at a time.
// `--gently` leaves the processor to everybody else. `--sources` and `--built` are its two halves: what reads the sources alone runs beside
// the build, what reads or writes in dist/ after it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { SERVER_FLAGS } from './server-flags.mjs';

if (process.argv.includes('--gently')) setPriority(constants.priority.PRIORITY_LOW);
const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const folders = ['src', 'migrations', 'client', 'dashboard'].filter((folder) => existsSync(join(root, folder)));

// The slowest first.
const ofTheSources = [
  ['lint', bin('eslint'), ['.', '--max-warnings=0']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['types of the pages', bin('tsc'), ['--noEmit', '-p', 'dashboard/tsconfig.json']],
  ['types of the rules alone', bin('tsc'), ['-p', 'tsconfig.domain.json']],
  ['import rules', bin('depcruise'), [...folders, '--config', '.dependency-cruiser.cjs', '--output-type', 'err']],
  ['dead code', bin('knip'), ['--no-progress', '--no-config-hints']],
].filter(([name]) => name !== 'types of the pages' || folders.includes('dashboard'));
const ofWhatIsBuilt = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['generated documents', process.execPath, [join('scripts', 'docs.mjs'), '--check']],
  ['API document', bin('redocly'), ['lint', 'docs/generated/openapi.json']],
];
const isOfTheSources = !process.argv.includes('--built');
const isOfWhatIsBuilt = !process.argv.includes('--sources');
const programs = [...(isOfTheSources ? ofTheSources : []), ...(isOfWhatIsBuilt ? ofWhatIsBuilt : [])];

/** Resolves with whether it passed; tells how long it took and, when it failed, what it said. */
function runProgram([name, command, args]) {
  return new Promise((settle) => {
    const startedAt = performance.now();
    const said = [];
    const env = { ...process.env, FORCE_COLOR: '0', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('close', (status) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      settle(tell(`${name} (${seconds} s)`, status === 0 ? [] : [Buffer.concat(said).toString().trim()]));
    });
  });
}

function tell(name, mistakes) {
  process.stdout.write(`${mistakes.length === 0 ? '✓' : '✗'} ${name}\n${mistakes.map((mistake) => `${mistake}\n`).join('')}`);
  return mistakes.length === 0;
}

function textFiles() {
  const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((path) => /\.(md|js|cjs|mjs|ts|tsx|json|ya?ml|html|css)$/.test(path) && existsSync(join(root, path)));
}

/** Whoever installs uses their own registry. */
function lockfileNamesNoHost() {
  const hosts = readFileSync(join(root, 'package-lock.json'), 'utf8').match(/"resolved": "https?:[^"]*"/g) ?? [];
  return tell('the lockfile names no host', hosts.slice(0, 3));
}

function imageRunsWithTheSameFlags() {
  const command = /^CMD (.*)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.[1] ?? '[]';
  const flags = JSON.parse(command).slice(1, 1 + SERVER_FLAGS.length);
  return tell('the image runs with the flags of npm start', SERVER_FLAGS.join() === flags.join() ? [] : [`Dockerfile: ${command}`]);
}

function filesNameNoPathOfOneMachine(files) {
  const own = [`${root}/`, '/home/', '/Users/'];
  const guilty = files.filter(
    (path) => path !== 'scripts/check.mjs' && own.some((text) => readFileSync(join(root, path), 'utf8').includes(text)),
  );
  return tell('no file names a path of one machine', guilty);
}

function linksLeadSomewhere(files) {
  const dead = files
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, link]) => link)
        .filter((link) => !existsSync(join(root, dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
  return tell('links of the documents', dead);
}

const results = [];
if (isOfTheSources) {
  const files = textFiles();
  results.push(lockfileNamesNoHost(), imageRunsWithTheSameFlags(), filesNameNoPathOfOneMachine(files), linksLeadSomewhere(files));
}
const worker = async () => {
  for (let next = programs.shift(); next !== undefined; next = programs.shift()) results.push(await runProgram(next));
};
await Promise.all([worker(), worker()]);
process.exit(results.every(Boolean) ? 0 : 1);
