import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mayEver, type Permission } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { refuseForeignWrite } from './origin.js';
import { IS_PUBLIC, REQUIRED_PERMISSION } from './requires.js';
import { sessionTokenFrom } from './session-token.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.service.js';

/** What the guard needs of a request, whichever HTTP adapter made it. */
interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  session?: Session | null;
}

/** What the handshake left on a socket (`io.use`). */
interface GuardedSocket {
  readonly data: { session?: Session };
}

/**
 * Authentication, then permission, on every handler of REST and sockets: 401, then 403, before any pipe looks at the body.
 * A guard and not a middleware, so that no other spelling of a path goes around it.
 *
 * Further factors (TOTP, passkeys), field devices and API keys enter here, as other ways to a `Session`.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: Sessions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const request = context.getType() === 'http' ? context.switchToHttp().getRequest<GuardedRequest>() : null;
    const carried = request && sessionTokenFrom(request.headers);
    if (request !== null)
      refuseForeignWrite({ method: request.method, headers: request.headers, hasCookie: carried?.carrier === 'cookie' });
    if (this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, targets) === true) return true;

    const permission = this.reflector.getAllAndOverride<Permission | undefined>(REQUIRED_PERMISSION, targets);
    if (permission === undefined) return false; // cannot happen after the check at start; closed if it does
    if (request !== null && carried !== null) request.session = await this.sessions.authenticate(carried);
    const session = findSession(context);
    if (session === null) throw new ProblemError(problem('unauthenticated', {}));
    if (!mayEver(session.actor, permission)) throw new ProblemError(problem('forbidden', { permission }));
    return true;
  }
}

/** The session that the guard found for this handler. */
export function sessionOf(context: ExecutionContext): Session {
  const session = findSession(context);
  if (session === null) throw new ProblemError(problem('unauthenticated', {}));
  return session;
}

function findSession(context: ExecutionContext): Session | null {
  if (context.getType() === 'http') return context.switchToHttp().getRequest<GuardedRequest>().session ?? null;
  return context.switchToWs().getClient<GuardedSocket>().data.session ?? null;
}
