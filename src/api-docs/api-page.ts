import type { OpenAPIObject } from '@nestjs/swagger';
import { escapeHtml, htmlPage, toHtml } from './html.js';
import { nameOf, type Schema } from './json-schema.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}
interface Content {
  readonly schema?: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answer>>;
}
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}
/** What the document says once for all routes. */
interface Shared {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly answers: Readonly<Record<string, Answer>>;
}
interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** The whole API as one page that a person can read from top to bottom, or find with the browser's search. */
export function apiPage(document: OpenAPIObject): string {
  const schemas = (document.components?.schemas ?? {}) as Shared['schemas'];
  const shared = { schemas, answers: (document.components?.responses ?? {}) as Shared['answers'] };
  const groups = groupByTag(routesOf(document));
  const contents = groups.map(([tag, routes]) => `<h2>${escapeHtml(tag)}</h2><ul>${routes.map(linkTo).join('')}</ul>`).join('');
  const body = groups
    .map(([tag, routes]) => `<h2>${escapeHtml(tag)}</h2>${routes.map((route) => describe(route, shared)).join('')}`)
    .join('');
  const shapes = Object.entries(schemas)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => `<section id="shape-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${fieldsOf(schema)}</section>`)
    .join('');
  return htmlPage(
    'API',
    `<div class="columns"><nav aria-label="Routes">${contents}<h2><a href="#shapes">Shapes</a></h2></nav>
<main><h1>${escapeHtml(document.info.title)} API</h1>${toHtml(document.info.description ?? '')}${body}<h2 id="shapes">Shapes</h2>${shapes}</main></div>`,
  );
}

function routesOf(document: OpenAPIObject): readonly Route[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation: operation as Operation })),
  );
}

function groupByTag(routes: readonly Route[]): readonly (readonly [string, readonly Route[]])[] {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const tag = route.operation.tags?.[0] ?? 'other';
    groups.set(tag, [...(groups.get(tag) ?? []), route]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function linkTo({ method, path, operation }: Route): string {
  return `<li><a href="#${escapeHtml(operation.operationId)}">${method} ${escapeHtml(path.replace(/^\/v1/, ''))}</a></li>`;
}

function describe({ method, path, operation }: Route, shared: Shared): string {
  const text = [operation.summary, operation.description].filter((part) => part !== undefined && part !== '').join('\n\n');
  const parameters = (operation.parameters ?? []).map(({ name, required, description, schema }) =>
    row(name, required === true, { ...schema, description: description ?? schema?.description ?? '' }),
  );
  const body = operation.requestBody?.content['application/json']?.schema;
  const answers = Object.entries(operation.responses).map(([status, answer]) => {
    const { description, content } = answer.$ref === undefined ? answer : (shared.answers[nameOf(answer.$ref)] ?? answer);
    const shape = Object.values(content ?? {})[0]?.schema;
    return `<tr><td>${escapeHtml(status)}</td><td>${shape === undefined ? '' : typeOf(shape)}</td><td>${toHtml(description ?? '')}</td></tr>`;
  });
  return `<section id="${escapeHtml(operation.operationId)}"><h3><span class="method">${method}</span><code>${escapeHtml(path)}</code></h3>${toHtml(text)}
${parameters.length === 0 ? '' : `<table>${HEAD}<tbody>${parameters.join('')}</tbody></table>`}
${body === undefined ? '' : `<h4>Body</h4>${fieldsOf(resolve(body, shared.schemas))}`}
<details><summary>Answers</summary><table><tbody>${answers.join('')}</tbody></table></details></section>`;
}

const HEAD = '<thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead>';

function resolve(schema: Schema, schemas: Readonly<Record<string, Schema>>): Schema {
  return schema.$ref === undefined ? schema : (schemas[nameOf(schema.$ref)] ?? schema);
}

function fieldsOf(schema: Schema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => row(name, schema.required?.includes(name) ?? false, field));
  return `${toHtml(schema.description ?? '')}${rows.length === 0 ? `<p>${typeOf(schema)}</p>` : `<table>${HEAD}<tbody>${rows.join('')}</tbody></table>`}`;
}

function row(name: string, isRequired: boolean, schema: Schema): string {
  return `<tr><td><code>${escapeHtml(name)}</code>${isRequired ? '' : '?'}</td><td>${typeOf(schema)}</td><td>${toHtml(schema.description ?? '')}</td></tr>`;
}

/** The type in a few words, with its limits and its allowed values. */
function typeOf(schema: Schema): string {
  if (schema.$ref !== undefined) return `<a href="#shape-${escapeHtml(nameOf(schema.$ref))}">${escapeHtml(nameOf(schema.$ref))}</a>`;
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return choices.map(typeOf).join(' or ');
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum !== undefined) return schema.enum.map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(' ');
  if (schema.prefixItems !== undefined) return `list: ${schema.prefixItems.map(typeOf).join(', ')}`;
  if (schema.contentSchema !== undefined) return `text of ${schema.contentMediaType ?? ''}: ${typeOf(schema.contentSchema)}`;
  if (schema.properties === undefined && typeof schema.additionalProperties === 'object')
    return `map${schema.propertyNames === undefined ? '' : ` by ${typeOf(schema.propertyNames)}`} of ${typeOf(schema.additionalProperties)}`;
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}${limits(schema.minItems, schema.maxItems, 'items')}`;
  const type = [schema.type ?? 'any'].flat().join(' or ');
  const format = schema.format === undefined ? '' : ` (${schema.format})`;
  return escapeHtml(
    `${type}${format}${limits(schema.minimum, schema.maximum, '')}${limits(schema.minLength, schema.maxLength, 'characters')}`,
  );
}

function limits(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined && most === undefined) return '';
  return `, ${String(least ?? '')}–${String(most ?? '')} ${unit}`.trimEnd();
}
