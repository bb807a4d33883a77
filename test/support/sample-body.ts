import { randomUUID } from 'node:crypto';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
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
  return Object.fromEntries(required.map(([property, own]) => [property, sampleValue(shape, property, own)]));
}

function sampleValue(shape: Shape, property: string, rules: readonly Rule[]): unknown {
  const isList =
    rules.some(({ each, name }) => each || name === 'isArray' || name === 'arrayMaxSize') &&
    !rules.some(({ name }) => name === 'line-length');
  const nested = rules.some(({ type }) => type === 'nestedValidation') ? typeOf(shape, property) : null;
  const value = nested === null ? scalar(rules) : sampleBody(nested);
  return isList ? [value] : value;
}

/** What `@Type` says of a nested property. */
function typeOf(shape: Shape, property: string): Shape | null {
  return (defaultMetadataStorage.findTypeMetadata(shape, property)?.typeFunction() as Shape | undefined) ?? null;
}

/** A good value for each check of `platform/body-fields.ts`, by its name. */
const SAMPLES: Readonly<Record<string, () => unknown>> = {
  uuid: randomUUID,
  corridor: randomUUID,
  time: () => '2022-03-09T09:00:00Z',
  day: () => '2022-03-09',
  zone: () => 'Europe/Kyiv',
  position: () => [34.65, 47.5],
  'line-length': () => [
    [34.65, 47.5],
    [35.14, 47.84],
  ],
  party: () => 'ukraine',
  country: () => 'UA',
};

function scalar(rules: readonly Rule[]): unknown {
  const rule = (name: string): Rule | undefined => rules.find((one) => one.name === name);
  const allowed = rule('isIn')?.constraints as [unknown[]] | undefined;
  if (allowed !== undefined) return allowed[0][0];
  const own = rules.flatMap(({ name }) => (name === undefined ? [] : (SAMPLES[name] ?? [])));
  if (own[0] !== undefined) return own[0]();
  if (rule('isBoolean') !== undefined) return true;
  if (rule('isInt') !== undefined || rule('isNumber') !== undefined) return (rule('min')?.constraints as [number] | undefined)?.[0] ?? 1;
  const [shortest] = ((rule('isLength') ?? rule('minLength'))?.constraints as [number] | undefined) ?? [1];
  return 'x'.repeat(Math.max(1, shortest));
}
