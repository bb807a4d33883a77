import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import type { Schema } from '../../src/api-docs/json-schema.js';
import { declared, newCell, type Caller, type Declared } from '../support/api.js';
import { whole, type Known } from '../support/from-schema.js';
import { startServer, type TestServer } from '../support/server.js';

const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'generated', 'openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
/** Its items are read one by one as the body of `POST /v1/observations`, and answered one by one. */
const IN_ITEMS = '/v1/observations/batches';
const OPERATIONS = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, operation]) => {
    const content = (operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)?.content;
    const schema = content?.['application/json']?.schema;
    return schema === undefined || path === IN_ITEMS ? [] : [{ method: method.toUpperCase(), path, schema }];
  }),
);

/**
 * Null in the place of what may be left out: many senders write what they don't know so. Where the document knows no null it is refused
 * by the name of its field; it is never read as a word (`foot: null` would take back "not passable"), and it never breaks the server.
 */
describe('null in the place of a field that may be left out', () => {
  let server: TestServer;
  let corridor: Declared;
  let callers: readonly Caller[];
  let known: Known;

  beforeAll(async () => {
    server = await startServer();
    const cell = await newCell(server);
    corridor = await declared(cell.first);
    callers = [cell.first, await cell.as('administrator'), await cell.as('field_lead', [corridor.id]), await cell.as('verifier')];
    known = {
      schemas: document.components.schemas,
      byName: { carrier: ['bearer'], corridorId: [corridor.id], segmentId: [corridor.segmentId] },
    };
  });
  afterAll(() => server.end());

  it.each(OPERATIONS)('$method $path', async ({ method, path, schema }) => {
    const { value, places } = whole(schema, known);
    const answers = await Promise.all(
      places.map(async (place) => ({ ...place, answer: await firstPermitted(method, path, withNull(value, place.path)) })),
    );
    const wrong = answers.filter(({ path: [...steps], mayBeNull, answer }) => {
      const field = steps.reduce((name, step) => (/^\d+$/.test(step) ? `${name}[${step}]` : name === '' ? step : `${name}.${step}`), '');
      const isRefused = (answer.errors ?? []).some((error) => error.field === field);
      return answer.status >= 500 || answer.status === 403 || isRefused === mayBeNull;
    });
    expect(wrong).toEqual([]);
  });

  it.each([null, { corridorIds: null }, { kinds: null }, { corridorIds: null, kinds: null }])(
    'on a socket: the filter %j narrows nothing',
    async (filter) => {
      const { token = '' } = callers[0] ?? {};
      const { cursor } = (await callers[0]?.get('/v1/board'))?.body as { readonly cursor: string };
      const socket = io(server.url, { transports: ['websocket'], auth: { token }, forceNew: true });
      const reply = (await socket.timeout(5_000).emitWithAck('watch', { cursor, filter })) as object;
      socket.disconnect();
      expect(reply).toHaveProperty('frame.cur', cursor);
    },
  );

  /** By the first role that may do it at all. */
  async function firstPermitted(method: string, path: string, body: unknown): Promise<Refusal> {
    let answer: Refusal = { status: 403 };
    for (const { headers } of callers) {
      if (answer.status !== 403) break;
      const response = await fetch(`${server.url}${path.replace('{corridorId}', corridor.id).replaceAll(/\{\w+\}/g, () => randomUUID())}`, {
        method,
        headers: { ...headers, 'if-match': '"1"' },
        body: JSON.stringify(body),
      });
      answer = { status: response.status, ...((await response.json()) as object) };
    }
    return answer;
  }
});

interface Refusal {
  readonly status: number;
  readonly errors?: readonly { readonly field: string }[];
}

function withNull(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return null;
  if (Array.isArray(value)) return (value as unknown[]).map((item, index) => (String(index) === step ? withNull(item, rest) : item));
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [step]: withNull(fields[step], rest) };
}
