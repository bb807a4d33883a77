import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Handlers } from '../../src/auth/handlers.js';
import { PROBLEMS } from '../../src/domain/problem.js';
import { startServer, type TestServer } from '../support/server.js';

const root = join(import.meta.dirname, '..', '..');

describe('what programmers read', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.end());

  it('is a document of every route and of nothing else, accepted by a linter that is not ours', async () => {
    const document = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`));
    const routes = server.app
      .get(Handlers)
      .list()
      .filter(({ kind, controller }) => kind === 'route' && controller.name !== 'ApiDocsController')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(documented.sort()).toEqual(routes.sort());
    const linter = join(root, 'node_modules', '.bin', 'redocly');
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
    const { status, stderr } = spawnSync(linter, ['lint', join('docs', 'generated', 'openapi.json')], { cwd: root, encoding: 'utf8', env });
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('is a page with every route and no script', async () => {
    const page = await fetch(`${server.url}/docs`);
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("style-src 'self'");
    expect(html).toContain('/v1/corridors/{corridorId}/suspensions');
    expect(html).not.toMatch(/<script|style=|onclick=/);
    expect((await fetch(`${server.url}/docs/style.css`)).headers.get('content-type')).toContain('text/css');
  });

  it.each(Object.entries(PROBLEMS))('has a page for %s', async (code, { title }) => {
    const page = await fetch(`${server.url}/problems/${code}`);
    const text = (await page.text()).replaceAll('&#39;', "'").replaceAll('&#34;', '"');
    expect([page.status, text.includes(title)]).toEqual([200, true]);
  });

  it('lists all refusals, for people and for programs', async () => {
    expect(await (await fetch(`${server.url}/problems`)).text()).toContain('attempt-ended');
    expect(await (await fetch(`${server.url}/problems.json`)).json()).toEqual(PROBLEMS);
    expect((await fetch(`${server.url}/problems/nothing-of-ours`)).status).toBe(404);
  });
});
