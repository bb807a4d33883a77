import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Permission } from '../domain/permission.js';

export const REQUIRED_PERMISSION = 'auth:required-permission';
export const IS_PUBLIC = 'auth:is-public';

/** The handler is for people whose role may ever do this. Which objects they may do it to is asked in the service (`canSee`, `mayOn`). */
export function Requires(permission: Permission): CustomDecorator {
  return SetMetadata(REQUIRED_PERMISSION, permission);
}

/** The handler is for everybody, signed in or not. */
export function Public(): CustomDecorator {
  return SetMetadata(IS_PUBLIC, true);
}
