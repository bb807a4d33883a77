import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { applyDecorators, UseInterceptors, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { DocumentsTag } from '../platform/answer-headers.js';

interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
}

/** The answer has an ETag made from its bytes, and is 304 to who has those bytes already. */
export function WithBytesTag(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(BytesTag),
    DocumentsTag('Made from the bytes of the answer, for `If-None-Match`.'),
    ApiResponse({ status: 304, description: 'Nothing has changed since the answer whose tag came in `If-None-Match`.' }),
  );
}

/** Encodes the answer itself: the tag is of exactly those bytes. */
class BytesTag implements NestInterceptor<unknown, string> {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string> {
    const http = context.switchToHttp();
    const { headers } = http.getRequest<{ headers: IncomingHttpHeaders }>();
    const reply = http.getResponse<Reply>();
    return next.handle().pipe(
      map((body) => {
        const text = JSON.stringify(body);
        const tag = `"${createHash('sha256').update(text).digest('base64url')}"`;
        // Private: it was redacted for this reader. No-cache: ask again each time, by the tag.
        reply.header('etag', tag).header('cache-control', 'private, no-cache');
        if (!isKnown(headers['if-none-match'], tag)) return text;
        reply.status(304);
        return '';
      }),
    );
  }
}

function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((known) => known.trim() === '*' || known.trim().replace(/^W\//, '') === tag);
}
