import fc from 'fast-check';
import { nameOf, type Schema } from '../../src/api-docs/json-schema.js';

export interface Known {
  readonly schemas: Readonly<Record<string, Schema>>;
  /** Values that exist, by the name of the field or parameter, so that more than the front door is tried. */
  readonly byName: Readonly<Record<string, readonly unknown[]>>;
}

/** Values that fit the schema: what an honest sender would send. */
export function fitting(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(known.schemas[nameOf(schema.$ref)] ?? {}, known);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fitting(choice, known)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? 'object'].flat();
  return fc.oneof(...types.map((type) => ofType(type, schema, known)));
}

function ofType(type: string, schema: Schema, known: Known): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'number':
    case 'integer':
      return fc.integer({ min: Math.ceil(schema.minimum ?? -80), max: Math.floor(schema.maximum ?? 80) });
    case 'array':
      return fc
        .array(fitting(schema.items ?? { type: 'string' }, known), {
          minLength: schema.minItems ?? 0,
          maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, 4)),
        })
        .map((items) => (schema.uniqueItems === true ? [...new Set(items)] : items));
    case 'string':
      return text(schema);
    default:
      return fields(schema, known);
  }
}

function text(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'date-time')
    return fc.constantFrom('2022-03-09T07:00:00Z', '2022-03-09T09:00:00+02:00', '2099-12-31T23:59:59.999Z');
  if (schema.format === 'date') return fc.constantFrom('2022-03-09', '2022-03-27', '1990-01-01');
  if (schema.pattern?.startsWith('^[a-z]') === true) return fc.constantFrom('ukraine', 'russia', 'contested');
  if (schema.pattern !== undefined) return fc.constantFrom('UA', '"1"');
  return fc.oneof(fc.constantFrom('Enerhodar'), fc.string({ minLength: 1, maxLength: 30 }));
}

function fields({ properties = {}, required = [] }: Schema, known: Known): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, field]) => {
      const values = known.byName[name];
      return [name, values === undefined ? fitting(field, known) : fc.constantFrom(...values)];
    }),
  );
  return fc.record(model, { requiredKeys: required.filter((name) => name in model) });
}

/** Where a field may be left out, and whether the schema lets null stand in its place. */
export interface OptionalPlace {
  readonly path: readonly string[];
  readonly mayBeNull: boolean;
}

/** A body with every field of its schema in it, and the places in it that may be left out. */
export function whole(schema: Schema, known: Known, path: readonly string[] = []): { value: unknown; places: readonly OptionalPlace[] } {
  const read = resolved(schema, known);
  const { properties, items, required = [] } = read;
  if (items !== undefined && properties === undefined) {
    const item = whole(items, known, [...path, '0']);
    return { value: [item.value], places: item.places };
  }
  if (properties === undefined) return { value: fc.sample(fitting(read, known), { numRuns: 1, seed: path.length })[0], places: [] };
  const members = Object.entries(properties).map(([name, field]) => {
    const values = known.byName[name];
    const member = whole(field, known, [...path, name]);
    const optional = required.includes(name) ? [] : [{ path: [...path, name], mayBeNull: mayBeNull(field, known) }];
    return { name, value: values === undefined ? member.value : values[0], places: [...optional, ...member.places] };
  });
  return { value: Object.fromEntries(members.map(({ name, value }) => [name, value])), places: members.flatMap(({ places }) => places) };
}

/** The first of its choices that says more than null. */
function resolved(schema: Schema, known: Known): Schema {
  if (schema.$ref !== undefined) return resolved(known.schemas[nameOf(schema.$ref)] ?? {}, known);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  const told = choices?.find(({ type }) => type !== 'null');
  if (told !== undefined) return resolved(told, known);
  return Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((type) => type !== 'null') } : schema;
}

function mayBeNull(schema: Schema, known: Known): boolean {
  if (schema.$ref !== undefined) return mayBeNull(known.schemas[nameOf(schema.$ref)] ?? {}, known);
  if ([schema.type].flat().includes('null')) return true;
  return (schema.anyOf ?? schema.oneOf ?? []).some((choice) => mayBeNull(choice, known));
}

/** What no honest sender sends. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    ...[
      '',
      ' ',
      '\u0000',
      '\ud800',
      '\u202e',
      'null',
      '__proto__',
      'constructor',
      '2022-03-27T03:30',
      '2022-03-09T24:30:00Z',
      '9999-01-01T00:00:00Z',
    ],
    ...['a'.repeat(5_000), '{{7*7}}', "'; DROP TABLE events; --", '../../etc/passwd', '%00', '🕊️'],
    ...[
      Number.MAX_SAFE_INTEGER + 2,
      -1,
      1e308,
      0.1,
      -0,
      91,
      181,
      null,
      true,
      [],
      {},
      [[]],
      [null],
      { local: '2022-03-27T03:30', zone: 'Europe/Kyiv' },
    ],
  ),
  fc.integer({ min: 2, max: 3_000 }).map(nested),
);

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** A fitting value with one or two things wrong somewhere in it. */
export function spoilt(good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(good, fc.array(fc.tuple(fc.nat(), fc.constantFrom('replace', 'drop', 'add'), strange), { minLength: 1, maxLength: 2 }))
    .map(([value, faults]) => faults.reduce<unknown>((spoiling, [place, how, what]) => spoil(spoiling, place, how, what), value));
}

function spoil(value: unknown, place: number, how: string, what: unknown): unknown {
  if (typeof value !== 'object' || value === null) return what;
  const entries = Object.entries(value);
  if (how === 'add' || entries.length === 0)
    return Array.isArray(value) ? [...(value as unknown[]), what] : { ...value, [`x${String(place % 7)}`]: what };
  const at = place % entries.length;
  const goesDeeper = place > 0 && place % 7 < 4;
  const changed = entries.flatMap(([key, member], index): [string, unknown][] => {
    if (index !== at) return [[key, member]];
    if (how === 'drop') return [];
    return [[key, goesDeeper ? spoil(member, Math.floor(place / 3), how, what) : what]];
  });
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
}
