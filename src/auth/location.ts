import { applyDecorators, UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { tap, type Observable } from 'rxjs';

/**
 * The answer to a creation says where what was made can be read (RFC 9110, 10.2.2).
 *
 * @param id the member of the answer that holds its id
 */
export function MadeAt(path: string, id: string): MethodDecorator {
  const Location = { description: 'Where it can be read.', schema: { type: 'string' as const, format: 'uri-reference' } };
  return applyDecorators(UseInterceptors(new LocationHeader(path, id)), ApiCreatedResponse({ headers: { Location } }));
}

class LocationHeader implements NestInterceptor<object> {
  constructor(
    private readonly path: string,
    private readonly id: string,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const reply = context.switchToHttp().getResponse<{ header(name: string, value: string): unknown }>();
    return next
      .handle()
      .pipe(tap((answer) => reply.header('location', `${this.path}/${String((answer as Readonly<Record<string, unknown>>)[this.id])}`)));
  }
}
