import type { FastifyInstance } from 'fastify';
import { problem } from '../domain/problem.js';
import { sendProblem } from './problem.filter.js';

/**
 * A wrong method at a right address is 405 with `Allow`, and OPTIONS is answered; Fastify would say 404 to both. Learns the routes as
 * they are made, so it must be called before them. Routes with a wildcard take whatever address, and so tell nothing.
 */
export function tellAllowedMethods(server: FastifyInstance): void {
  const methodsOf = new Map<string, Set<string>>();
  server.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return;
    const known = methodsOf.get(url) ?? new Set(['OPTIONS']);
    for (const one of [method].flat()) known.add(one);
    methodsOf.set(url, known);
  });
  server.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = request.is404 ? allowedAt(methodsOf, path) : [];
    if (allowed.length === 0) {
      done();
      return;
    }
    void reply.header('Allow', allowed.join(', '));
    if (request.method === 'OPTIONS') void reply.status(204).send();
    else sendProblem(reply, problem('method-not-allowed', { allowed }), request.id);
  });
}

function allowedAt(methodsOf: ReadonlyMap<string, ReadonlySet<string>>, path: string): readonly string[] {
  const parts = path.split('/');
  const isAt = (url: string): boolean => {
    const wanted = url.split('/');
    return wanted.length === parts.length && wanted.every((part, index) => part.startsWith(':') || part === parts[index]);
  };
  return [...new Set([...methodsOf].flatMap(([url, methods]) => (isAt(url) ? [...methods] : [])))].toSorted();
}
