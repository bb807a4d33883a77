import type { IncomingHttpHeaders } from 'node:http';
import { createParamDecorator, Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import { problem, ProblemError } from '../domain/problem.js';

/** The version that `If-Match` names. Refuses with `if-match-required` when it names none. */
export const ExpectedVersion = createParamDecorator((_: unknown, context: ExecutionContext): number => {
  const { headers } = context.switchToHttp().getRequest<{ headers: IncomingHttpHeaders }>();
  const version = /^"(\d{1,9})"$/.exec(headers['if-match'] ?? '')?.[1];
  if (version === undefined) throw new ProblemError(problem('if-match-required', {}));
  return Number(version);
});

/** Gives the answer its ETag, `"<version>"`. */
@Injectable()
export class VersionTag implements NestInterceptor<{ version: number }> {
  intercept(context: ExecutionContext, next: CallHandler<{ version: number }>): Observable<{ version: number }> {
    const reply = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    return next.handle().pipe(tap(({ version }) => reply.header('etag', `"${String(version)}"`)));
  }
}
