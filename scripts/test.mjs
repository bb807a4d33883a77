// `npm test`: everything from nothing. Installs and builds what is missing, runs every test, then the checks, and closes with one line.
// `npm test -- stop` runs the test files whose path contains "stop", without the checks.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const patterns = process.argv.slice(2);
const JEST_TIMEOUT_MS = 40 * 60_000;

function run(what, command, args, options = {}) {
  process.stdout.write(`… ${what}\n`);
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (status === 0) return true;
  process.stdout.write(`✗ ${what} failed${signal ? ` (${signal})` : ''}${error ? `: ${error.message}` : ''}\n`);
  return false;
}

function must(ok) {
  if (!ok) {
    process.stdout.write('\n0 passed, 1 failed, 0 skipped\n');
    process.exit(1);
  }
}

if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) must(run('npm ci', 'npm', ['ci', '--ignore-scripts']));
must(run('build', 'npm', ['run', '--silent', 'build']));
mkdirSync(join(root, '.cache'), { recursive: true });
const summary = join(root, '.cache', 'jest.json');
rmSync(summary, { force: true });
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join('node_modules', 'jest', 'bin', 'jest.js')];
const passed = run('tests', process.execPath, [...jest, '--json', `--outputFile=${summary}`, ...patterns], {
  timeout: JEST_TIMEOUT_MS,
  env: { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent', TZ: process.env.TZ ?? 'Pacific/Auckland' },
});
const checked = patterns.length > 0 || run('checks', process.execPath, [join('scripts', 'check.mjs')]);
const results = existsSync(summary)
  ? JSON.parse(readFileSync(summary, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
const failed =
  results.numFailedTests + (results.numRuntimeErrorTestSuites ?? 0) + (checked ? 0 : 1) + (passed || results.numFailedTests > 0 ? 0 : 1);
process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed, ${results.numPendingTests} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
