import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Permission } from '../domain/permission.js';

export const REQUIRED_PERMISSION = 'auth:required-permission';
export { IS_PUBLIC, Public } from '../platform/public.js';

/** The handler is for people whose role may ever do this. Which objects they may do it to is asked in the service (`canSee`, `mayOn`). */
export function Requires(permission: Permission): CustomDecorator {
  return SetMetadata(REQUIRED_PERMISSION, permission);
}
