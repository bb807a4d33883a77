import type { IncomingHttpHeaders } from 'node:http';
import { problem, ProblemError } from '../domain/problem.js';

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a page of ours sent this: the origin that the browser names is the host that it asked. A foreign page can set neither.
 * A proxy in front must pass the `Host` header on.
 */
export function isOurOrigin(headers: IncomingHttpHeaders): boolean {
  if (headers.origin === undefined || !URL.canParse(headers.origin)) return false;
  const origin = new URL(headers.origin);
  return origin.host === headers.host && (origin.protocol === 'https:' || isLoopback(headers));
}

/** The page came over TLS; then the cookie gets its `__Host-` name. Ask only when `isOurOrigin`. */
export function isSecureOrigin(headers: IncomingHttpHeaders): boolean {
  return headers.origin?.startsWith('https://') === true;
}

/** On the loopback address plain http is as private as TLS, and browsers refuse Secure cookies there. */
export function isLoopback(headers: IncomingHttpHeaders): boolean {
  return LOOPBACK.test(headers.host ?? '');
}

/**
 * No page but ours writes. A program sends no `Origin`, so it passes; a request with our cookie must name our origin and bring JSON,
 * which a foreign form can't.
 *
 * @throws ProblemError `origin-not-allowed`, `unsupported-media-type`
 */
export function refuseForeignWrite({
  method,
  headers,
  hasCookie,
}: {
  method: string;
  headers: IncomingHttpHeaders;
  hasCookie: boolean;
}): void {
  if (READING.has(method)) return;
  if ((hasCookie || headers.origin !== undefined) && !isOurOrigin(headers)) throw new ProblemError(problem('origin-not-allowed', {}));
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  if (hasCookie && hasBody && headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    throw new ProblemError(problem('unsupported-media-type', { allowed: ['application/json'] }));
  }
}
