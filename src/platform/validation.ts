import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { problem, ProblemError, type FieldError } from '../domain/problem.js';

/** Our deepest body has seven levels; a body of thousands would overflow the stack of what reads it. */
const DEEPEST = 20;

class ShallowValidationPipe extends ValidationPipe {
  /** The rules of our classes never change: they are looked up once, not for every body. */
  private readonly rules = new Map<unknown, never[]>();

  protected override findNestedBinaryValues(object: object): ValidationError[] {
    return super.findNestedBinaryValues(object, this.rules);
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What the framework itself hands in, such as a socket, is custom.
    if (metadata.type !== 'custom' && !isWithin(value, DEEPEST)) {
      const message = `must not be nested more than ${String(DEEPEST)} levels deep`;
      throw new ProblemError(problem('invalid-request', { errors: [{ field: metadata.type, code: 'nesting', message }] }));
    }
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isWithin(member, levels - 1));
}

/** Positive validation of every body, query and path: unknown fields are refused, and every mistake is named with what is allowed. */
export const VALIDATION: ValidationPipe = new ShallowValidationPipe({
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  transform: true,
  stopAtFirstError: false,
  validationError: { target: false, value: false },
  exceptionFactory: (errors) => new ProblemError(problem('invalid-request', { errors: errors.flatMap((error) => fieldErrors(error, '')) })),
});

/** One value read as a body is: for items that are decided one by one. @throws ProblemError `invalid-request` */
export async function validated<Body extends object>(type: new () => Body, value: unknown): Promise<Body> {
  return (await VALIDATION.transform(value, { type: 'body', metatype: type })) as Body;
}

const MOST_ERRORS = 20;

function fieldErrors(error: ValidationError, parent: string): readonly FieldError[] {
  const field = /^\d+$/.test(error.property)
    ? `${parent}[${error.property}]`
    : parent === ''
      ? error.property
      : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({ field, code: toKebab(rule), message }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, field))].slice(0, MOST_ERRORS);
}

function toKebab(rule: string): string {
  return rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');
}
