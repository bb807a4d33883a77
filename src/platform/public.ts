import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const IS_PUBLIC = 'auth:is-public';

/** The handler is for everybody, signed in or not. Every handler says this or what it requires; the start fails otherwise. */
export function Public(): CustomDecorator {
  return SetMetadata(IS_PUBLIC, true);
}
