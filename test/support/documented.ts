import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import type { Schema } from '../../src/api-docs/json-schema.js';

interface Answer {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}
export interface DocumentedOperation {
  /** `get /v1/corridors/{corridorId}`. */
  readonly name: string;
  readonly matches: (method: string, path: string) => boolean;
  readonly answers: Readonly<Record<string, Answer>>;
}
interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Answer>> }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses: Readonly<Record<string, Answer>> };
}

const document = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'generated', 'openapi.json'), 'utf8'),
) as ApiDocument;

export const OPERATIONS: readonly DocumentedOperation[] = Object.entries(document.paths).flatMap(([path, item]) => {
  const shape = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  return Object.entries(item).map(([method, { responses }]) => ({
    name: `${method} ${path}`,
    matches: (asked: string, at: string) => asked.toLowerCase() === method && shape.test(at),
    answers: responses,
  }));
});

/** The operation that serves the request; a name is nearer than a parameter (`/sessions/current`). */
export function operationOf(method: string, path: string): DocumentedOperation | null {
  const [nearest] = OPERATIONS.filter((operation) => operation.matches(method, path)).sort(
    (a, b) => a.name.split('{').length - b.name.split('{').length,
  );
  return nearest ?? null;
}

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, validateSchema: true });
formats.default.default(ajv);
ajv.addVocabulary(['example']);
ajv.addSchema(exactly({ $id: 'api', $defs: document.components.schemas }) as object);
const validators = new Map<Schema, ValidateFunction>();

/** How an answer differs from what the document says; null: in nothing. */
export function misfit(
  operation: DocumentedOperation,
  { status, mediaType, body }: { readonly status: number; readonly mediaType: string | null; readonly body: unknown },
): string | null {
  const answer = operation.answers[String(status)];
  if (answer === undefined) return `${operation.name}: nothing is documented for ${String(status)}`;
  const { content } = answer.$ref === undefined ? answer : (document.components.responses[answer.$ref.split('/').at(-1) ?? ''] ?? answer);
  if (content === undefined || mediaType === null) return content === undefined && mediaType === null ? null : `${operation.name}: a body?`;
  const documented = content[mediaType];
  if (documented === undefined) return `${operation.name}: ${mediaType} is not documented for ${String(status)}`;
  return validity(documented.schema, body, operation.name);
}

/** Against a schema of the document; null: it fits. */
export function validity(schema: Schema, value: unknown, name: string): string | null {
  const validate = validators.get(schema) ?? ajv.compile(exactly(schema) as object);
  validators.set(schema, validate);
  if (validate(value)) return null;
  // Of a union every member complains; the deepest complaint is about the one that was meant.
  const [fault] = (validate.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
  const around = (fault?.instancePath ?? '').split('/').slice(1, 4);
  return `${name}: ${ajv.errorsText(validate.errors).slice(0, 300)} in ${JSON.stringify(valueAt(value, around))}`;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : at), value);
}

export function schemaNamed(name: string): Schema {
  const schema = document.components.schemas[name];
  if (schema === undefined) throw new Error(`no schema is named ${name}`);
  return schema;
}

/** Readers must bear new members; here one that is not documented is a fault. */
function exactly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exactly);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' ? String(member).replace('#/components/schemas/', 'api#/$defs/') : exactly(member),
    ]),
  );
  const isClosed = copy['type'] !== undefined && copy['properties'] !== undefined && !('additionalProperties' in copy);
  return isClosed ? { ...copy, additionalProperties: false } : copy;
}
