import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../domain/problem.js';

/** A parameter that a handler does not know is a mistake of the sender, also where the handler takes none at all. */
@Injectable()
export class KnownQueryGuard implements CanActivate {
  /** @throws ProblemError `invalid-request` */
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http' || takesQuery(context)) return true;
    const names = Object.keys(context.switchToHttp().getRequest<FastifyRequest>().query as object);
    if (names.length === 0) return true;
    const errors = names
      .slice(0, 20)
      .map((name) => ({ field: `query.${name}`, code: 'unknown-parameter', message: 'this address takes no parameters' }));
    throw new ProblemError(problem('invalid-request', { errors }));
  }
}

/** Whether the handler has a `@Query()`: its shape is checked where it is read. */
function takesQuery(context: ExecutionContext): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${String(RouteParamtypes.QUERY)}:`));
}
