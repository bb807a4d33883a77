import { applyDecorators, UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import { DocumentsTag } from '../platform/answer-headers.js';

/** The answer has its version as ETag, `"<version>"`. */
export function WithVersion(): MethodDecorator {
  return applyDecorators(UseInterceptors(VersionTag), DocumentsTag('The version, as `If-Match` takes it.'));
}

class VersionTag implements NestInterceptor<{ version: number }> {
  intercept(context: ExecutionContext, next: CallHandler<{ version: number }>): Observable<{ version: number }> {
    const reply = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    return next.handle().pipe(tap(({ version }) => reply.header('etag', `"${String(version)}"`)));
  }
}
