import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PROBLEMS, type ProblemCode } from '../domain/problem.js';

type Json = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document of every route. Made from the compiled application (`dist`), since the shapes and descriptions come from the
 * compiler's plugin; `npm run docs` writes it to `docs/generated/openapi.json`, and a check fails when it has drifted.
 */
export function apiDocument(app: INestApplication): OpenAPIObject {
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
  return withProblems(toVersion31(document) as OpenAPIObject);
}

const ABOUT = `A status board for evacuation corridors, ceasefire windows and reported attacks. **Not a guarantee and not a permission.**

Every write carries a \`commandId\` made by the sender: sent again with the same body it gets the same answer, with another body 409. Times
carry their zone. \`If-Match: "<version>"\` names the version that you decided on, as it came in the \`ETag\`: a stale one gets 412 with the
present state. Stops, holds and closures never look at it. Refusals are RFC 9457 problems with a code of the catalogue under \`/problems\`. What you may not see does not exist: 404.`;

/** \`nullable\` is a word of 3.0; in 3.1 null is a type. */
function toVersion31(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toVersion31);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...schema } = Object.fromEntries<unknown>(Object.entries(value).map(([key, member]) => [key, toVersion31(member)]));
  if (nullable !== true) return nullable === undefined ? schema : { ...schema, ...(typeof nullable === 'boolean' ? {} : { nullable }) };
  if (typeof schema['type'] === 'string')
    return { ...schema, type: [schema['type'], 'null'], ...('enum' in schema ? { enum: [...(schema['enum'] as unknown[]), null] } : {}) };
  return { anyOf: [schema, { type: 'null' }] };
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
    schemas: { ...document.components?.schemas, Problem: problemSchema(Object.keys(PROBLEMS)) },
    responses: Object.fromEntries(refusals) as Json,
  };
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item as Json).map(([method, operation]) => [method, withRefusals(path, method, operation as Json)]),
      ),
    ]),
  );
  return { ...document, components, paths } as OpenAPIObject;
}

function refusal(code: ProblemCode): Json {
  const { status, title } = PROBLEMS[code];
  const description = status === 409 ? 'Refused by a rule: see `code`' : `${title} (\`${code}\`)`;
  return { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } };
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

function problemSchema(codes: readonly string[]): Json {
  return {
    type: 'object',
    description: 'RFC 9457. `code` is the last part of `type`; further members tell what helps.',
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { type: 'string', examples: ['/problems/attempt-ended'] },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string', enum: codes },
      detail: { type: 'string' },
      instance: { type: 'string' },
    },
    additionalProperties: true,
  };
}
