import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Actor } from '../domain/permission.js';
import { sessionOf } from './auth.guard.js';
import type { Session } from './session.js';

/** The session that the guard found. Only on handlers with `@Requires`. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => sessionOf(context));

/** Who acts, with the rights of now. Only on handlers with `@Requires`. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => sessionOf(context).actor);
