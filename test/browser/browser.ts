import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { People } from '../../src/auth/people.service.js';
import type { PersonId } from '../../src/domain/ids.js';
import { startServer, type TestServer } from '../support/server.js';

const ROOT = join(import.meta.dirname, '..', '..');
const START_MS = 30_000;
const CODE_MS = 600_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launchBrowser(options: { readonly hasWebGl?: boolean } = {}): Promise<Browser> {
  const answer = execFileSync(process.execPath, [join(import.meta.dirname, 'executable.mjs')], { encoding: 'utf8' });
  const { executablePath, libraryPath } = JSON.parse(answer) as { readonly executablePath: string; readonly libraryPath: string };
  const graphics =
    options.hasWebGl === false
      ? ['--disable-gpu', '--disable-webgl', '--disable-webgl2', '--disable-3d-apis']
      : ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', ...graphics],
    env: { ...process.env, ...(libraryPath === '' ? {} : { LD_LIBRARY_PATH: libraryPath }) },
  });
}

/** The server that serves the pages: the built one, a process of its own beside the test's, on the same database. */
export interface PageServer extends TestServer {
  readonly pagesUrl: string;
  /** As if the machine lost its power. */
  readonly kill: () => Promise<void>;
  /** The process stands still; its connections stay. */
  readonly freeze: () => void;
  readonly thaw: () => void;
}

export async function startPages(): Promise<PageServer> {
  const server = await startServer();
  const { address } = server.database;
  const child = spawn(process.execPath, ['--enable-source-maps', join(ROOT, 'dist', 'src', 'main.js'), '--no-demo'], {
    env: { ...process.env, DATABASE_URL: urlOf(address.app), DATABASE_OWNER_URL: urlOf(address.owner), PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pagesUrl = await addressFrom(child);
  const kill = (): Promise<void> =>
    new Promise((gone) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        gone();
        return;
      }
      child.once('exit', () => {
        gone();
      });
      child.kill('SIGKILL');
    });
  return {
    ...server,
    pagesUrl,
    kill,
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    end: async () => {
      await kill();
      await server.end();
    },
  };
}

function urlOf({ user, password, host, port, database }: ClientConfig): string {
  const who = typeof password === 'string' ? `${user ?? ''}:${encodeURIComponent(password)}` : (user ?? '');
  // The host may be the folder of a Unix socket.
  return `postgresql://${who}@localhost:${String(port)}/${database ?? ''}?host=${encodeURIComponent(host ?? '')}`;
}

function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    const giveUp = setTimeout(() => {
      failed(new Error(`the server did not start: ${said}`));
    }, START_MS);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /Safe Passage: (http:\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(giveUp);
      found(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => {
      clearTimeout(giveUp);
      failed(new Error(`the server ended: ${said}`));
    });
  });
}

/** What a page must never do, counted. */
export interface Watched {
  readonly page: Page;
  readonly foreignRequests: string[];
  readonly policyViolations: string[];
  readonly errors: string[];
}

/** A screen of somebody who signed in by their link. */
export async function signedInPage(
  browser: Browser,
  server: PageServer,
  personId: PersonId,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  const watched: Watched = { page, foreignRequests: [], policyViolations: [], errors: [] };
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== server.pagesUrl)
      watched.foreignRequests.push(request.url());
  });
  page.on('console', (message) => {
    if (/Content Security Policy|Trusted ?Type/i.test(message.text())) watched.policyViolations.push(message.text());
  });
  page.on('pageerror', (error) => {
    watched.errors.push(error.message);
  });
  const code = await server.app.get(People).issueSignInCode(personId, { validMs: CODE_MS });
  await page.goto(`${server.pagesUrl}/sign-in#code=${code}`);
  await page.getByRole('button', { name: 'Sign in with this link' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  return watched;
}

/** Rules of accessibility that the page breaks, with the first element of each. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ''} ${nodes[0]?.failureSummary.slice(0, 200) ?? ''}`,
    );
  });
}
