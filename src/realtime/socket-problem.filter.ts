import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { log } from '../platform/logging.js';
import { toProblem } from '../platform/problem.filter.js';

/** Every message is answered, also a bad one: `{ ok: false, code, requestId }`. What the client sent is never sent back. */
@Catch()
export class SocketProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const requestId = randomUUID();
    const { code } = toProblem(error);
    if (code === 'unexpected') log.error({ requestId, cause: error }, 'unexpected');
    const answer: unknown = host.getArgs<unknown[]>().findLast((argument) => typeof argument === 'function');
    if (typeof answer === 'function') (answer as (reply: object) => void)({ ok: false, code, requestId });
  }
}
