import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import type { Schema } from '../../src/api-docs/json-schema.js';
import { ENTITIES } from '../../src/domain/event.js';
import { PROBLEMS } from '../../src/domain/problem.js';
import { verifyLog } from '../../src/dossiers/verify.js';
import { declared, newCell, type Caller, type Declared } from '../support/api.js';
import { fitting, spoilt, type Known } from '../support/from-schema.js';
import { inTransaction } from '../support/run.js';
import { startServer, type TestServer } from '../support/server.js';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly body: Schema | null;
}
interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly caller: number;
}

const document = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'generated', 'openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Record<string, unknown>>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
/** A stream never ends, and who signs out can't go on. */
const NOT_HERE = new Set(['get /v1/stream', 'delete /v1/sessions/current']);
const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => !NOT_HERE.has(`${method} ${path}`))
    .map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation['parameters'] ?? []) as Operation['parameters'],
      body:
        (operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)?.content['application/json']?.schema ??
        null,
    })),
);

/** Every command is a new one: its id is drawn when it is sent. */
const NEW_ID = '00000000-0000-4000-8000-000000000000';
const CALLERS_OF_EACH_ROLE = 3;
const ROLES = [
  'coordinator',
  'field_lead',
  'verifier',
  'ordnance_assessor',
  'partner',
  'administrator',
  ...Array<'coordinator'>(9).fill('coordinator'),
] as const;
const BATCH = 50;
/** With the messages below more than 5,000 inputs a run. */
const BATCHES = 94;
/** Within what one address may send in a burst. */
const SOCKETS = 20;
const MESSAGES_OF_EACH = 18;

describe('any input at any door', () => {
  let server: TestServer;
  let callers: readonly Caller[];
  let corridors: readonly Declared[];
  let known: Known;

  beforeAll(async () => {
    server = await startServer();
    const cell = await newCell(server);
    corridors = [await declared(cell.first), await declared(cell.first), await declared(cell.second)];
    const ids = corridors.map(({ id }) => id);
    callers = await Promise.all(ROLES.flatMap((role) => Array.from({ length: CALLERS_OF_EACH_ROLE }, () => cell.as(role, ids))));
    const window = await cell.first.post('/v1/windows', {
      kind: 'ceasefire_window',
      corridorIds: ids,
      zone: 'Europe/Kyiv',
      announcedBy: ['Ukraine'],
    });
    const attack = await cell.first.post('/v1/attacks', { types: ['shelling_artillery_mortar'], corridorIds: [ids[0]] });
    for (const { path } of corridors) await cell.first.post(`${path}/attempts`, { windowId: window.body.windowId });
    known = {
      schemas: document.components.schemas,
      byName: {
        corridorId: [...ids, ...corridors.map(({ code }) => code)],
        corridorIds: [ids, [ids[0]]],
        alternativeIds: [[], [ids[1]]],
        segmentId: corridors.map(({ segmentId }) => segmentId),
        segmentIds: [null, [corridors[0]?.segmentId]],
        windowId: [window.body.windowId],
        attackId: [attack.body.attackId],
        commandId: [NEW_ID],
        zone: ['Europe/Kyiv'],
        party: ['ukraine', 'russia'],
        local: ['2022-03-09T09:00', '2022-03-27T03:30'],
        cursor: [null],
        bbox: ['30,45,40,52'],
      },
    };
  });
  afterAll(() => server.end());

  it('is answered, by success or by a problem of the catalogue, and never breaks the server', async () => {
    const requests = fc.constantFrom(...OPERATIONS).chain((operation) => request(operation, known, callers.length));
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: BATCH, maxLength: BATCH }), async (batch) => {
        const answers = await Promise.all(batch.map(async (one) => ({ one, ...(await send(one)) })));
        expect(answers.filter((answer) => !isWellAnswered(answer)).map(inShort)).toEqual([]);
      }),
      { numRuns: BATCHES, endOnFailure: true, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: false },
    );
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    const { first } = await newCell(server);
    const corridor = await declared(first);
    expect((await first.post(`${corridor.path}/suspensions`, { reason: 'other' })).status).toBe(201);
  }, 120_000);

  /** As any client does: told that the database is busy (503, Retry-After), it sends the same again; for ever busy is a fault. */
  it('is answered on a socket as well, which stays open', async () => {
    const sockets = callers
      .slice(0, SOCKETS)
      .map(({ token }) => io(server.url, { transports: ['websocket'], auth: { token }, forceNew: true }));
    // As text: what is nested thousands deep could not be told in the report of a failure.
    const wishes = fc.oneof(fitting(WISH, known), spoilt(fitting(WISH, known))).map((wish) => JSON.stringify(wish));
    await fc.assert(
      fc.asyncProperty(fc.array(wishes, { minLength: SOCKETS, maxLength: SOCKETS }), async (batch) => {
        const replies = await Promise.all(
          batch.map((wish, index) => sockets[index]?.timeout(5_000).emitWithAck('watch', JSON.parse(wish)) as Promise<object>),
        );
        expect(replies.filter((reply) => !isWellReplied(reply))).toEqual([]);
      }),
      { numRuns: MESSAGES_OF_EACH, endOnFailure: true },
    );
    expect(sockets.filter(({ connected }) => !connected)).toEqual([]);
    for (const socket of sockets) socket.disconnect();
  }, 60_000);

  it('leaves a log that proves itself, and rows that are what it folds to', async () => {
    const verification = await inTransaction(server.database.address.app, verifyLog, 'REPEATABLE READ');
    expect(verification.differences).toEqual([]);
    expect(verification.head.seq).toBeGreaterThan(100);
  });

  async function send(one: Request, triesLeft = 10): Promise<{ status: number; type: string; text: string }> {
    const { method, path, headers, body, caller } = one;
    const authorization = callers[caller]?.headers.authorization ?? '';
    const response = await fetch(`${server.url}${path}`, { method, headers: { authorization, ...headers }, body, redirect: 'manual' });
    if (response.status === 503 && response.headers.has('retry-after') && triesLeft > 0) {
      await response.body?.cancel();
      return send(one, triesLeft - 1);
    }
    return { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  }
});

function inShort({ one, status, text }: { readonly one: Request; readonly status: number; readonly text: string }): string {
  return `${one.method} ${one.path} ${one.body?.slice(0, 300) ?? ''} → ${String(status)} ${text.slice(0, 200)}`;
}

/** What a client may wish for when it says `watch`. */
const WISH: Schema = {
  type: 'object',
  required: ['cursor'],
  properties: {
    cursor: { type: 'string' },
    filter: {
      type: 'object',
      properties: {
        corridorIds: { type: 'array', items: { type: 'string', format: 'uuid' } },
        kinds: { type: 'array', items: { type: 'string', enum: ENTITIES } },
      },
    },
  },
};

function isWellReplied(reply: object): boolean {
  if ('frame' in reply || 'reset' in reply) return true;
  return 'code' in reply && Object.hasOwn(PROBLEMS, String(reply.code)) && reply.code !== 'unexpected';
}

function isWellAnswered({ status, type, text }: { readonly status: number; readonly type: string; readonly text: string }): boolean {
  if (status < 400) return true;
  if (status >= 500 || !type.startsWith('application/problem+json')) return false;
  const { code, title, type: page, status: told } = JSON.parse(text) as Record<string, unknown>;
  const kind = new Map<unknown, (typeof PROBLEMS)[keyof typeof PROBLEMS]>(Object.entries(PROBLEMS)).get(code);
  if (kind === undefined) return false;
  return kind.title === title && kind.status === status && told === status && page === `/problems/${String(code)}`;
}

/** One request to one operation: a fitting one, one with something wrong in it, or one that is no request of it at all. */
function request({ method, path, parameters, body }: Operation, known: Known, callers: number): fc.Arbitrary<Request> {
  const ofPath = parameters.filter((parameter) => parameter.in === 'path');
  const ofQuery = parameters.filter((parameter) => parameter.in === 'query');
  const pathText = fc
    .tuple(...ofPath.map(({ name }) => fc.oneof({ weight: 12, arbitrary: inPath(name, known) }, strangeInPath)))
    .map((values) => ofPath.reduce((text, { name }, index) => text.replace(`{${name}}`, String(values[index])), path));
  const query = fc
    .tuple(
      ...ofQuery.map(({ schema }) =>
        fc.option(fc.oneof({ weight: 2, arbitrary: fitting(schema ?? {}, known) }, fc.string()), { nil: undefined }),
      ),
    )
    .map((values) =>
      ofQuery
        .flatMap(({ name }, index) => (values[index] === undefined ? [] : [`${name}=${encodeURIComponent(toText(values[index]))}`]))
        .join('&'),
    );
  const headers = fc.record(
    {
      'if-match': fc.constantFrom('"1"', '"2"', '*', 'W/"1"', 'x', '"99999999999999999999"'),
      'if-none-match': fc.constantFrom('*', '"x"', 'W/"y"'),
    },
    { requiredKeys: [] },
  );
  return fc
    .record({ pathText, query, headers, body: bodyText(body, known), caller: fc.nat(callers - 1) })
    .map(({ pathText: to, query: asked, headers: given, body: sent, caller }) => ({
      method,
      path: asked === '' ? to : `${to}?${asked}`,
      headers: sent === null ? given : { 'content-type': sent.type, ...given },
      body: sent?.text ?? null,
      caller,
    }));
}

const strangeInPath = fc.oneof(
  fc.constantFrom('%2F', '%00', '..%2f..', '%E0%A4%A', 'K7', 'zzz999', 'a'.repeat(300), '%F0%9F%95%8A', '__proto__', ' '),
  fc.uuid(),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '_').replace(/^\.+$/, '_'))),
);

function inPath(name: string, known: Known): fc.Arbitrary<unknown> {
  const values = known.byName[name];
  return values === undefined ? fc.uuid() : fc.constantFrom(...values);
}

function toText(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).replace(/\p{Surrogate}/gu, '_');
}

function bodyText(schema: Schema | null, known: Known): fc.Arbitrary<{ readonly type: string; readonly text: string } | null> {
  if (schema === null) return fc.constant(null);
  const good = fitting(schema, known);
  const json = (value: unknown): { type: string; text: string } => ({
    type: 'application/json',
    text: JSON.stringify(value ?? null).replaceAll(NEW_ID, () => randomUUID()),
  });
  return fc.oneof(
    { weight: 5, arbitrary: good.map(json) },
    { weight: 4, arbitrary: spoilt(good).map(json) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { type: 'application/json', text: '{"a":' },
        { type: 'application/json', text: '' },
        { type: 'text/plain', text: 'STOP K7' },
        { type: 'application/json', text: '{"__proto__":{"x":1}}' },
        { type: 'application/json', text: `"${'x'.repeat(110_000)}"` },
      ),
    },
  );
}
