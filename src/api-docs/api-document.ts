import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '../domain/problem.js';
import { ANSWER_HEADERS } from '../platform/answer-headers.js';
import type { AnswerShapes, Schema } from './json-schema.js';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of every route. Made from the compiled application (`dist`), since what is asked for and the descriptions come
 * from the compiler's plugin; what is answered comes from the types of the handlers. `npm run docs` writes it to
 * `docs/generated/openapi.json`, and a check fails when it has drifted.
 */
export function apiDocument(app: INestApplication, shapes: AnswerShapes): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Safe Passage')
    .setVersion('1')
    .setDescription(ABOUT)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'For programs: the token of `POST /v1/sessions`.' }, 'bearer')
    .addCookieAuth('session', { type: 'apiKey', in: 'cookie', description: 'For pages: set by `POST /v1/sessions`, HttpOnly.' }, 'cookie')
    .addSecurityRequirements('bearer')
    .addSecurityRequirements('cookie')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return onlyUsedSchemas(withProblems(withAnswers(toVersion31(document) as OpenAPIObject, shapes)));
}

const ABOUT = `A status board for evacuation corridors, ceasefire windows and reported attacks. **Not a guarantee and not a permission.**

Every write carries a \`commandId\` made by the sender: sent again with the same body it gets the same answer, with another body 409. Times
carry their zone. \`If-Match: "<version>"\` names the version that you decided on, as it came in the \`ETag\`: a stale one gets 412 with the
present state. Stops, holds and closures never look at it. Refusals are RFC 9457 problems with a code of the catalogue under \`/problems\`. What you may not see does not exist: 404.

Answers may get new members: ignore those that you don't know. A member that you may not see is absent, which is not \`null\`.`;

/** What the plugin adds to a field whose type is an interface: with a text beside it nothing would fit. */
const OF_NO_TYPE = JSON.stringify([{ $ref: '#/components/schemas/Object' }]);

/** \`nullable\` is a word of 3.0; in 3.1 null is a type. */
function toVersion31(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toVersion31);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...schema } = Object.fromEntries<unknown>(
    Object.entries(value)
      .filter(([key, member]) => !(key === 'allOf' && JSON.stringify(member) === OF_NO_TYPE))
      .map(([key, member]) => [key, toVersion31(member)]),
  );
  if (nullable !== true) return nullable === undefined ? schema : { ...schema, ...(typeof nullable === 'boolean' ? {} : { nullable }) };
  if (typeof schema['type'] === 'string')
    return { ...schema, type: [schema['type'], 'null'], ...('enum' in schema ? { enum: [...(schema['enum'] as unknown[]), null] } : {}) };
  return { anyOf: [schema, { type: 'null' }] };
}

/** Each answer as its handler gives it, in the media type that its route declares. */
function withAnswers(document: OpenAPIObject, { answers, schemas }: AnswerShapes): OpenAPIObject {
  const asked = document.components?.schemas ?? {};
  const isBoth = Object.keys(schemas).filter((name) => name.endsWith('Body') && name in asked);
  if (isBoth.length > 0) throw new Error(`asked with limits that an answer does not have: ${isBoth.join(', ')}`);
  const paths = mapOperations(document, (_path, _method, { [ANSWER_HEADERS]: headers, ...operation }) => {
    const answer = answers[operation['operationId'] as string];
    if (answer === undefined) throw new Error(`no handler answers ${String(operation['operationId'])}`);
    const responses = Object.entries(operation['responses'] as Record<string, Json>).map(([status, response]) => [
      status,
      status.startsWith('2') ? { ...response, ...headersOf(response, headers), ...contentOf(response, answer) } : response,
    ]);
    return { ...operation, ...optionalByDefault(operation), responses: Object.fromEntries(responses) as Json };
  });
  return { ...document, paths, components: { ...document.components, schemas: { ...asked, ...schemas } } } as OpenAPIObject;
}

/** What has a default may be left out; the plugin only sees that the field always has a value. */
function optionalByDefault({ parameters }: Json): Json {
  if (!Array.isArray(parameters)) return {};
  const asked = parameters as readonly { readonly required?: boolean; readonly schema?: Schema }[];
  return { parameters: asked.map((one) => (one.schema?.default === undefined ? one : { ...one, required: false })) };
}

/** Those that every good answer of the operation carries, beside those of this status. */
function headersOf(response: Json, headers: unknown): Json {
  return headers === undefined ? {} : { headers: { ...(response['headers'] as Json | undefined), ...(headers as Json) } };
}

function contentOf(response: Json, answer: Schema | null): Json {
  if (answer === null) return {};
  const [mediaType = 'application/json'] = Object.keys(response['content'] ?? {});
  return { content: { [mediaType]: mediaType === 'text/event-stream' ? eventStream(answer) : { schema: answer } } };
}

/** A stream is a text; its messages are described as what that text holds. */
function eventStream(message: Schema): Json {
  return {
    schema: {
      type: 'string',
      description:
        'Server-sent events: blocks of lines `event`, `id` and `data`, each ended by an empty line. The data is JSON on one line.',
      contentMediaType: 'text/event-stream',
      contentSchema: { type: 'array', items: message },
    },
    example: STREAM_EXAMPLE,
  };
}

const STREAM_EXAMPLE = `event: frame
id: FHVoQ2k
data: {"prev":"k2XbY0a","cur":"FHVoQ2k","events":[]}

event: heartbeat
id: FHVoQ2k
data: {"cur":"FHVoQ2k","kind":"live","notice":null,"clock":{"now":"2022-03-09T07:00:00.000Z","rate":1,"isPaused":false,"waitsFor":null},"serverNow":"2022-03-09T07:00:00.000Z","lagMs":3}

event: reset
id:
data: {"code":"CURSOR_TOO_OLD"}

`;

/** What no operation asks or answers any more is left out: the plugin describes answers too, but less exactly. */
function onlyUsedSchemas(document: OpenAPIObject): OpenAPIObject {
  const all = (document.components?.schemas ?? {}) as Readonly<Record<string, unknown>>;
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(all[name] ?? {});
    }
  };
  follow([document.paths, document.components?.responses]);
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas } } as OpenAPIObject;
}

function mapOperations(document: OpenAPIObject, change: (path: string, method: string, operation: Json) => Json): OpenAPIObject['paths'] {
  const changed = Object.entries(document.paths).map(([path, item]) => [
    path,
    Object.fromEntries(Object.entries(item as Json).map(([method, operation]) => [method, change(path, method, operation as Json)])),
  ]);
  return Object.fromEntries(changed) as OpenAPIObject['paths'];
}

/** Which refusals an operation can give, by what it takes. 409 stands for every refusal of a rule; its description names those that matter. */
const REFUSALS: readonly { readonly codes: readonly ProblemCode[]; readonly when: (operation: Operation) => boolean }[] = [
  { codes: ['invalid-request', 'too-many-requests', 'database-unavailable'], when: () => true },
  { codes: ['unauthenticated'], when: ({ isPublic, method }) => !isPublic || method === 'post' },
  { codes: ['forbidden'], when: ({ isPublic, method }) => !isPublic || method === 'post' },
  { codes: ['not-found'], when: ({ path }) => path.includes('{') },
  { codes: ['command-id-reused'], when: ({ hasBody, isPublic }) => hasBody && !isPublic },
  { codes: ['body-too-large', 'unsupported-media-type'], when: ({ hasBody }) => hasBody },
  { codes: ['stale-version', 'if-match-required'], when: ({ parameters }) => parameters.includes('If-Match') },
  { codes: ['cursor-unknown'], when: ({ path }) => path === '/v1/events' },
];

interface Operation {
  readonly method: string;
  readonly path: string;
  /** Names. */
  readonly parameters: readonly string[];
  readonly hasBody: boolean;
  readonly isPublic: boolean;
}

/** Every operation says how it refuses; every refusal has the one shape. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const refusals = REFUSALS.flatMap(({ codes }) => codes).map((code) => [code, refusal(code)]);
  const components = {
    ...document.components,
    responses: Object.fromEntries(refusals) as Json,
  };
  const paths = mapOperations(document, withRefusals);
  return { ...document, components, paths } as OpenAPIObject;
}

function refusal(code: ProblemCode): Json {
  const { status, title } = PROBLEMS[code];
  const description = status === 409 ? 'Refused by a rule: see `code`' : `${title} (\`${code}\`)`;
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemBody' } } } };
}

function withRefusals(path: string, method: string, operation: Json): Json {
  const { parameters, requestBody, security } = operation as {
    readonly parameters?: readonly { readonly name: string }[];
    readonly requestBody?: unknown;
    readonly security?: readonly object[];
  };
  const asked: Operation = {
    method,
    path,
    parameters: parameters?.map(({ name }) => name) ?? [],
    hasBody: requestBody !== undefined,
    isPublic: security?.some((way) => Object.keys(way).length === 0) === true,
  };
  const codes = REFUSALS.flatMap(({ codes: given, when }) => (when(asked) ? given : []));
  const refusals = codes.map((code) => [String(PROBLEMS[code].status), { $ref: `#/components/responses/${code}` }]);
  return { ...operation, ...summarised(operation), responses: { ...(operation['responses'] as Json), ...Object.fromEntries(refusals) } };
}

/** The first sentence is the summary; the rest describes. Operations come with the whole docstring as their summary. */
function summarised({ summary, description }: Json): Json {
  if (typeof summary !== 'string') return {};
  const [, first = summary, rest = ''] = /^(.*?[.:])\s+(.*)$/s.exec(summary) ?? [];
  return {
    summary: first.replaceAll('\n', ' '),
    description: [rest, description].filter((part) => part !== '' && part !== undefined).join('\n\n'),
  };
}
