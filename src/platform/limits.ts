import { Injectable, SetMetadata, type CanActivate, type CustomDecorator, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { problem, ProblemError } from '../domain/problem.js';

/**
 * Buckets of a minute, a person (or an address, where nobody is signed in). A stop has a bucket of its own, so that no flood of other
 * requests stands before it, and it holds more than one cell has corridors: somebody may have to stop all of them within a minute. A team
 * that reports in a hurry is never near these.
 */
export const BUCKETS = { stop: 300, write: 600, read: 1200, sign_in: 60 } as const;
type Bucket = keyof typeof BUCKETS;

const BUCKET = 'platform:limit';

/** Which bucket a handler draws from; without it: `write` for what writes, `read` for what reads. */
export function Limit(bucket: Bucket): CustomDecorator {
  return SetMetadata(BUCKET, bucket);
}

/** Counts in this process only: a limit protects the process, and its outage must neither open a gate nor shut the way to stop. */
@Injectable()
export class LimitGuard implements CanActivate {
  private readonly buckets: Readonly<Record<Bucket, RateLimiterMemory>> = {
    stop: bucketOf('stop'),
    write: bucketOf('write'),
    read: bucketOf('read'),
    sign_in: bucketOf('sign_in'),
  };

  constructor(private readonly reflector: Reflector) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true; // sockets count their own messages
    const request = context
      .switchToHttp()
      .getRequest<FastifyRequest & { readonly session?: { readonly actor: { readonly id: string } } | null }>();
    const named = this.reflector.get<Bucket | undefined>(BUCKET, context.getHandler());
    const bucket = named ?? (request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'write');
    try {
      await this.buckets[bucket].consume(request.session?.actor.id ?? request.ip);
      return true;
    } catch (spent) {
      if (!(spent instanceof RateLimiterRes)) return true;
      throw new ProblemError(problem('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil(spent.msBeforeNext / 1000)) }));
    }
  }
}

function bucketOf(bucket: Bucket): RateLimiterMemory {
  return new RateLimiterMemory({ keyPrefix: bucket, points: BUCKETS[bucket], duration: 60 });
}
