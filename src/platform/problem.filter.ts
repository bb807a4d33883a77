import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEMS, ProblemError, problem, type Problem, type ProblemCode } from '../domain/problem.js';
import { log } from './logging.js';

/** RFC 9457. `code` is the last part of `type`, which is its page under /problems; further members tell what helps. */
export interface ProblemBody {
  readonly type: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly title: string;
  readonly advice: string;
  readonly requestId?: string;
  readonly [detail: string]: unknown;
}

export function toProblemBody(refusal: Problem, requestId?: string): ProblemBody {
  const { status, title, advice } = PROBLEMS[refusal.code];
  return {
    type: `/problems/${refusal.code}`,
    status,
    code: refusal.code,
    title,
    advice,
    ...refusal.details,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Turns everything that goes wrong behind HTTP into one shape. What we did not expect is logged once, here, and told without its message. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error; // sockets have a filter of their own
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const refusal = toProblem(error);
    if (refusal.code === 'unexpected') log.error({ requestId: request.id, cause: error }, 'unexpected');
    sendProblem(reply, refusal, request.id);
  }
}

export function sendProblem(reply: FastifyReply, refusal: Problem, requestId: string): void {
  if (reply.sent) return;
  const details = refusal.details as { readonly retryAfterSeconds?: number };
  if (details.retryAfterSeconds !== undefined) void reply.header('Retry-After', String(details.retryAfterSeconds));
  const { status } = PROBLEMS[refusal.code];
  if (status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  void reply
    .status(status)
    .header('Cache-Control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblemBody(refusal, requestId)));
}

/** Lock time-outs, cancelled statements, lost or refused connections, full disks: try again; nothing was acknowledged. */
const DATABASE_TROUBLE = new Set([
  '55P03',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '40001',
  '40P01',
  '25P03',
  '53300',
  '53100',
  '53200',
  '58030',
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
]);
const TROUBLE_MESSAGES = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'query runner was already released',
  'Client has encountered a connection error',
  'Cannot use a pool after calling end',
  'timeout expired',
  'is not established',
  'Driver not Connected',
  // PostgreSQL has a code of its own for the first of these only.
  'No space left',
  'File too large',
  'quota exceeded',
];

/** By its shape: an error of Node's own may come from another realm than our `Error`. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string' && DATABASE_TROUBLE.has(code)) return true;
  return typeof message === 'string' && TROUBLE_MESSAGES.some((trouble) => message.includes(trouble));
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isDatabaseTrouble(error)) return problem('database-unavailable', { retryAfterSeconds: 1 });
  if (error instanceof HttpException) return ofStatus(error.getStatus());
  const { statusCode, code } = error as { readonly statusCode?: unknown; readonly code?: unknown };
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return problem('unsupported-media-type', { allowed: ['application/json'] });
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') return problem('malformed-json', {});
  return typeof statusCode === 'number' && statusCode < 500 ? ofStatus(statusCode) : problem('unexpected', {});
}

export const BODY_LIMIT_BYTES = 100 * 1024;

function ofStatus(status: number): Problem {
  switch (status) {
    case 400:
      return problem('malformed-json', {});
    case 401:
      return problem('unauthenticated', {});
    case 404:
    case 414:
      return problem('not-found', {});
    case 405:
      return problem('method-not-allowed', { allowed: [] });
    case 408:
      return problem('request-too-slow', {});
    case 413:
      return problem('body-too-large', { limitBytes: BODY_LIMIT_BYTES });
    case 415:
      return problem('unsupported-media-type', { allowed: ['application/json'] });
    case 429:
      return problem('too-many-requests', { retryAfterSeconds: 1 });
    default:
      return status >= 500 ? problem('unexpected', {}) : problem('malformed-json', {});
  }
}
