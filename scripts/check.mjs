// `npm run check`: types, lint, import rules, format, dead code, generated documents. One line each; two at a time.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const checks = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['types of the rules alone', bin('tsc'), ['-p', 'tsconfig.domain.json']],
  ...(existsSync(join(root, 'dashboard', 'tsconfig.json'))
    ? [['types of the pages', bin('tsc'), ['--noEmit', '-p', 'dashboard/tsconfig.json']]]
    : []),
  ['lint', bin('eslint'), ['.', '--max-warnings=0']],
  [
    'import rules',
    bin('depcruise'),
    [
      'src',
      'client',
      ...(existsSync(join(root, 'dashboard')) ? ['dashboard'] : []),
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ],
  ],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['dead code', bin('knip'), ['--no-progress']],
  ...(existsSync(join(root, 'scripts', 'docs.mjs'))
    ? [['generated documents', process.execPath, [join('scripts', 'docs.mjs'), '--check']]]
    : []),
];

function check([name, command, args]) {
  return new Promise((settle) => {
    const startedAt = performance.now();
    const said = [];
    const child = spawn(command, args, { cwd: root, env: { ...process.env, FORCE_COLOR: '0' } });
    child.stdout.on('data', (chunk) => said.push(chunk));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.on('close', (status) => {
      process.stdout.write(`${status === 0 ? '✓' : '✗'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
      if (status !== 0) process.stdout.write(`${Buffer.concat(said).toString().trim()}\n`);
      settle(status === 0);
    });
  });
}

/** The lockfile names no host: whoever installs uses their own registry. */
function lockfileNamesNoHost() {
  const isClean = !/"resolved": "https?:/.test(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  process.stdout.write(`${isClean ? '✓' : '✗'} the lockfile names no host\n`);
  return isClean;
}

const results = [lockfileNamesNoHost()];
const waiting = [...checks];
await Promise.all(
  [0, 1].map(async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await check(next));
  }),
);
process.exit(results.every(Boolean) ? 0 : 1);
