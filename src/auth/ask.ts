import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { sessionOf } from './auth.guard.js';

/** Who asks for what, on which version: everything a write needs besides its body. */
export interface Ask {
  readonly actor: Actor;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** `If-Match` as it came; read only by the commands that look at it, so that a stop is never refused for it. */
  readonly ifMatch: string | null;
}

/** For the API document, on handlers that must be told the version. */
export const IF_MATCH = {
  name: 'If-Match',
  required: true,
  description: 'The version that you decided on, as it came in the `ETag`.',
  schema: { type: 'string', pattern: '^"[0-9]+"$' },
};

/** The same, on handlers that look at the version when it is told: so that of two who replace the same list, the second learns of the first. */
export const OPTIONAL_IF_MATCH = { ...IF_MATCH, required: false };

interface AskedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** The ask of this request. Only on handlers with `@Requires`. */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): Ask => {
  const { method, url, headers } = context.switchToHttp().getRequest<AskedRequest>();
  return { actor: sessionOf(context).actor, method, path: url.split('?', 1)[0] ?? url, ifMatch: headers['if-match'] ?? null };
});

/** What makes a repeat the same command: method, path, and the validated body, whatever the order of its members. */
export function digestOf({ method, path }: Ask, body: object): string {
  return createHash('sha256').update(canonicalJson({ method, path, body })).digest('hex');
}

/**
 * The version that the sender decided on, from `If-Match: "12"`; null when not said, or `*`.
 * Refuses anything else as `invalid-request`: a mistaken version must not count as none.
 */
export function readIfMatch(ifMatch: string | null): number | null {
  if (ifMatch === null || ifMatch.trim() === '*') return null;
  const match = /^"(\d{1,15})"$/.exec(ifMatch.trim());
  if (match === null) {
    throw new ProblemError(
      problem('invalid-request', {
        errors: [{ field: 'headers.if-match', code: 'etag', message: 'If-Match must be one ETag as it was read, such as "12"' }],
      }),
    );
  }
  return Number(match[1]);
}
