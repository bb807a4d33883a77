import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';

interface Reply {
  header(name: string, value: string): Reply;
  status(code: number): Reply;
}

/** Encodes the answer, gives it an ETag made from its bytes, and answers 304 to who has those bytes already. */
@Injectable()
export class BytesTag implements NestInterceptor<unknown, string> {
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
