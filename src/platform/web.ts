import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The pages, as `npm run build` leaves them. Hashed files never change; a page is asked for anew each time. */
export const WEB_FOLDER = join(import.meta.dirname, '..', '..', '..', 'dist-web');
const PAGES = { '/': 'index.html', '/sign-in': 'sign-in.html', '/field': 'field.html' } as const;

/** Everything of ours, nothing of anybody else's; nothing inline. MapLibre's worker is a file of our own. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ');
/** An answer of the API is never a page. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

export async function servePages(server: FastifyInstance, folder: string = WEB_FOLDER): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    server.get('/', (_request, reply) => reply.type('text/plain; charset=utf-8').send('The pages are not built: run `npm run build`.\n'));
    return;
  }
  // Loaded only where there are pages: its CommonJS parts can't be loaded inside a test runner's module world.
  const { default: fastifyStatic } = await import('@fastify/static');
  await server.register(fastifyStatic, {
    root: folder,
    serve: true,
    index: false,
    wildcard: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes(`${sep}assets${sep}`);
      void reply.header(
        'Cache-Control',
        path.endsWith('.html') ? 'no-store' : isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600',
      );
      // Scripts as well: a worker obeys the policy that came with its own file.
      void reply.header('Content-Security-Policy', PAGE_POLICY);
    },
  });
  for (const [path, file] of Object.entries(PAGES)) {
    if (existsSync(join(folder, file))) server.get(path, (_request, reply) => reply.sendFile(file));
  }
}
