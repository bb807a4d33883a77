// `npm test`: needs nothing before it. Installs and builds, runs every test and, beside them, the checks, and closes with one line.
// `npm test -- stop` runs the test files whose path contains "stop", without the checks.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const JEST_TIMEOUT_MS = 15 * 60_000;
const CHECK = join('scripts', 'check.mjs');
const root = join(import.meta.dirname, '..');
const patterns = process.argv.slice(2);

/** Resolves with whether it passed; a program whose output is kept tells it once it has ended. */
function run(what, command, args, { isKept = false, ...options } = {}) {
  process.stdout.write(`… ${what}\n`);
  return new Promise((settle) => {
    let said = '';
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', isKept ? 'pipe' : 'inherit', 'inherit'], ...options });
    child.stdout?.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', (error) => (said += `${error.message}\n`));
    child.once('close', (status, signal) => {
      process.stdout.write(said);
      if (status !== 0) process.stdout.write(`✗ ${what} failed${signal ? ` (${signal})` : ''}\n`);
      settle(status === 0);
    });
  });
}

/** The last line of the run, alone, for people and programs. */
function close({ passed, failed, skipped }) {
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  process.exit(failed === 0 ? 0 : 1);
}

function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

// No package needs its install script: the links of the embedded PostgreSQL are made at its start.
const isThere = isInstalled() || (await run('npm ci', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']));
// Beside the build and the tests, which wait for one core or for real time now and then, and with the least right to the processor.
const check = (half) => patterns.length > 0 || run(`checks, ${half}`, process.execPath, [CHECK, '--gently', `--${half}`], { isKept: true });
const sourcesChecked = isThere && check('sources');
const builds = ['build:server', 'build:web'].map((script) => isThere && run(script, 'npm', ['run', '--silent', script]));
if ((await Promise.all(builds)).includes(false)) {
  await sourcesChecked;
  close({ passed: 0, failed: 1, skipped: 0 });
}

const summary = join(root, 'dist', 'jest.json');
rmSync(summary, { force: true });
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join('node_modules', 'jest', 'bin', 'jest.js')];
const builtChecked = check('built');
const hasPassed = await run('tests', process.execPath, [...jest, '--json', `--outputFile=${summary}`, ...patterns], {
  stdio: ['ignore', 'ignore', 'inherit'], // the report goes to stderr; --json repeats the summary on stdout
  timeout: JEST_TIMEOUT_MS,
  killSignal: 'SIGKILL',
  // A zone with summer time, far from UTC and from Kyiv: whoever asks the machine's zone gives a wrong answer.
  env: { LOG_LEVEL: 'silent', TZ: 'Pacific/Auckland', ...process.env },
});
const isChecked = (await sourcesChecked) && (await builtChecked);

const results = existsSync(summary) ? JSON.parse(readFileSync(summary, 'utf8')) : null;
const failedTests = (results?.numFailedTests ?? 0) + (results?.numRuntimeErrorTestSuites ?? 0);
close({
  passed: results?.numPassedTests ?? 0,
  failed: (hasPassed ? failedTests : Math.max(failedTests, 1)) + (isChecked ? 0 : 1),
  skipped: (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0),
});
