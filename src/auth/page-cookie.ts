import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { problem, ProblemError } from '../domain/problem.js';
import { isOurOrigin, isSecureOrigin } from './origin.js';
import { ABSOLUTE_LIFETIME_MS } from './session.js';
import { noSessionCookie, sessionCookie } from './session-token.js';

/** The cookie of the page that asks: the only thing of the reply that sign-in touches. */
export interface PageCookie {
  /** @throws ProblemError `origin-not-allowed`: only a page of ours is given a cookie */
  refuseForeignPage(): void;
  keep(token: string): void;
  forget(): void;
}

export const PageCookie = createParamDecorator((_: unknown, context: ExecutionContext): PageCookie => {
  const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
  const reply = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
  const isSecure = isSecureOrigin(headers);
  return {
    refuseForeignPage() {
      if (!isOurOrigin(headers)) throw new ProblemError(problem('origin-not-allowed', {}));
    },
    keep(token) {
      reply.header('set-cookie', sessionCookie(token, { isSecure, maxAgeSeconds: ABSOLUTE_LIFETIME_MS / 1000 }));
    },
    forget() {
      reply.header('set-cookie', noSessionCookie({ isSecure }));
    },
  };
});
