import { randomUUID } from 'node:crypto';
import { getMetadataStorage } from 'class-validator';

type Shape = abstract new (...args: never[]) => object;
type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** `RouteParamtypes.BODY` of Nest: how it marks the parameter that takes the body. */
const BODY_MARK = /^3:(\d+)$/;

/** The class of the body that a handler takes, or null when it takes none. */
export function bodyOf(controller: Shape, property: string): Shape | null {
  const marks = (Reflect.getMetadata('__routeArguments__', controller, property) ?? {}) as Record<string, unknown>;
  const index = Object.keys(marks).flatMap((mark) => BODY_MARK.exec(mark)?.[1] ?? []);
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, property) ?? []) as Shape[];
  return index[0] === undefined ? null : (types[Number(index[0])] ?? null);
}

/** A body with every required field, made from the validators: good enough to pass most of them, always made from the code. */
export function sampleBody(shape: Shape): Record<string, unknown> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const properties = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const ofProperty = properties.map((property) => [property, rules.filter(({ propertyName }) => propertyName === property)] as const);
  const required = ofProperty.filter(([, own]) => !own.some(({ type }) => type === 'conditionalValidation'));
  return Object.fromEntries(required.map(([property, own]) => [property, sampleValue(own)]));
}

function sampleValue(rules: readonly Rule[]): unknown {
  const isList = rules.some((rule) => rule.each || rule.name === 'isArray' || rule.name === 'arrayMaxSize');
  const value = scalar(rules);
  return isList ? [value] : value;
}

function scalar(rules: readonly Rule[]): unknown {
  const rule = (name: string): Rule | undefined => rules.find((one) => one.name === name);
  const allowed = rule('isIn')?.constraints as [unknown[]] | undefined;
  if (allowed !== undefined) return allowed[0][0];
  if (rule('isUuid') !== undefined) return randomUUID();
  if (rule('isBoolean') !== undefined) return true;
  if (rule('isInt') !== undefined || rule('isNumber') !== undefined)
    return Number((rule('min')?.constraints as [number] | undefined)?.[0] ?? 1);
  const [shortest] = ((rule('isLength') ?? rule('minLength'))?.constraints as [number] | undefined) ?? [1];
  return 'x'.repeat(Math.max(1, shortest));
}
