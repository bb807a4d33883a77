import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/domain/permission.js';
import type { CorridorId, OrganisationId } from '../../src/domain/ids.js';
import { newOrganisation, signedIn, type Account } from './accounts.js';
import type { TestServer } from './server.js';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests read answers as their senders do: without our types.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** Somebody at the other end of the line. */
export interface Caller extends Account {
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  /** Adds a `commandId` unless the body has one. */
  readonly post: (path: string, body?: object, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
}

export function callerOf(server: Pick<TestServer, 'url'>, account: Account): Caller {
  const call = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${server.url}${path}`, init);
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
  };
  return {
    ...account,
    get: (path, headers = {}) => call(path, { headers: { ...account.headers, ...headers } }),
    post: (path, body = {}, headers = {}) =>
      call(path, {
        method: 'POST',
        headers: { ...account.headers, ...headers },
        body: JSON.stringify({ commandId: randomUUID(), ...body }),
      }),
  };
}

/** An organisation with its two coordinators, and everybody else on demand. */
export interface Cell {
  readonly organisationId: OrganisationId;
  readonly first: Caller;
  readonly second: Caller;
  readonly as: (role: Exclude<Role, 'system'>, corridorIds?: readonly CorridorId[]) => Promise<Caller>;
}

export async function newCell(server: TestServer): Promise<Cell> {
  const organisationId = await newOrganisation(server.app);
  const as: Cell['as'] = async (role, corridorIds = []) =>
    callerOf(server, await signedIn(server.app, role, { organisationId, corridorIds }));
  return { organisationId, first: await as('coordinator'), second: await as('coordinator'), as };
}

/** Enerhodar to Zaporizhzhia, drawn as one traced segment unless said otherwise. */
export function corridorBody(changes: object = {}): { readonly commandId: string } & Record<string, unknown> {
  return {
    commandId: randomUUID(),
    name: 'Enerhodar – Zaporizhzhia',
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv',
    country: 'UA',
    origin: { name: 'Enerhodar', position: [34.65, 47.5], precisionKm: 2 },
    destination: { name: 'Zaporizhzhia', position: [35.14, 47.84], precisionKm: 3 },
    declaredBy: ['Ukraine'],
    relevantParties: ['ukraine', 'russia'],
    permittedModes: ['bus', 'car'],
    geometryKind: 'traced',
    segments: [segmentBody()],
    ...changes,
  };
}

export function segmentBody(changes: object = {}): { readonly id: string } & Record<string, unknown> {
  return {
    id: randomUUID(),
    name: 'Vasylivka crossing',
    line: [
      [34.65, 47.5],
      [35.28, 47.44],
      [35.14, 47.84],
    ],
    widthM: 20,
    watch: 'manned_post',
    exposure: 'line',
    control: 'contested',
    checkpoints: 2,
    ...changes,
  };
}

export interface Declared {
  readonly id: CorridorId;
  readonly code: string;
  readonly segmentId: string;
  readonly path: string;
}

export async function declared(by: Caller, changes: object = {}): Promise<Declared> {
  const body = corridorBody(changes);
  const { status, body: answer } = await by.post('/v1/corridors', body);
  if (status !== 201) throw new Error(`not declared: ${JSON.stringify(answer)}`);
  const id = body.commandId as CorridorId;
  const [segment] = body['segments'] as readonly { readonly id: string }[];
  return { id, code: answer.code as string, segmentId: segment?.id ?? '', path: `/v1/corridors/${id}` };
}
