import type { BoardEvent, SeenStatus } from '../src/domain/audience.js';
import type { LimitKind, Mode, Passability, StopReason, Watch } from '../src/domain/corridor.js';
import type { Condition } from '../src/domain/observation.js';
import type { Permission, Role } from '../src/domain/permission.js';
import type { Status } from '../src/domain/status.js';

/** A refusal, as the server tells it (RFC 9457). */
export class ClientProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    /** What to do now. */
    readonly advice: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(title);
    this.name = 'ClientProblem';
  }
}

/** What every decision answers. */
export interface Decided {
  readonly commandId: string;
  readonly recordedAt: string;
  readonly corridorId?: string;
  readonly version?: number;
  readonly status?: Status;
}

export interface Me {
  readonly id: string;
  readonly person: { readonly id: string; readonly displayName: string; readonly role: Role };
  readonly organisation: { readonly id: string; readonly name: string };
  readonly corridorIds: readonly string[];
  readonly permissions: readonly Permission[];
}

export interface PersonName {
  readonly id: string;
  readonly displayName: string;
}

/** A corridor as it stood when it was read, with the version that a decision on it is bound to. */
export interface ReadCorridor {
  readonly id: string;
  readonly version: number;
  readonly status: SeenStatus | null;
}

export interface RestOptions {
  /** Left out: the page's own server. */
  readonly url?: string;
  readonly token?: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Typed calls of the API. Each write carries a commandId; the same id sent again is the same command, so a caller that got no answer
 * repeats with the id it used (`again`), and nothing happens twice.
 */
export function rest({ url = '', token }: RestOptions = {}) {
  const send = async <Answer>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const request = {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: 'same-origin' as const,
      cache: 'no-store' as const,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
    const response = await fetch(`${url}${path}`, request);
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw toProblem(response.status, answer);
    return answer as Answer;
  };
  const post = <Answer = Decided>(
    path: string,
    body: object,
    again: string = crypto.randomUUID(),
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> => send('POST', `/v1${path}`, { commandId: again, ...body }, headers);

  return {
    send,
    post,
    /** The newest events that the reader may see, oldest first. */
    newestEvents: async (limit: number): Promise<readonly BoardEvent[]> =>
      (await send<{ readonly events: readonly BoardEvent[] }>('GET', `/v1/events?newest=true&limit=${String(limit)}`)).events,
    /** Of the reader's own organisation; for the cell. */
    names: async (): Promise<readonly PersonName[]> =>
      (await send<{ readonly items: readonly PersonName[] }>('GET', '/v1/people/names')).items,
    /** What every page of an exercise must say, also before somebody signs in; null on a live server. */
    notice: async (): Promise<string | null> => (await send<{ readonly notice: string | null }>('GET', '/v1/exercise/clock/notice')).notice,
    me: (): Promise<Me> => send('GET', '/v1/sessions/current'),
    signInWithCode: (code: string): Promise<Me> => send('POST', '/v1/sessions', { code, carrier: 'cookie' }),
    signIn: (signInName: string, password: string): Promise<Me> =>
      send('POST', '/v1/sessions', { signInName, password, carrier: 'cookie' }),
    signOut: (): Promise<void> => send('DELETE', '/v1/sessions/current'),
    /** THE STOP: no version, no second person, no delay. */
    stop: (
      corridor: string,
      stop: { readonly reason: StopReason; readonly modes?: readonly Mode[]; readonly note?: string },
      again?: string,
    ) => post(`/corridors/${corridor}/suspensions`, stop, again),
    hold: (corridor: string, hold: { readonly reason: StopReason; readonly note?: string }, again?: string) =>
      post(`/corridors/${corridor}/holds`, hold, again),
    clearHold: (corridor: string, holdId: string, note?: string) =>
      post(`/corridors/${corridor}/holds/${holdId}/clears`, note === undefined ? {} : { note }),
    liftHold: (corridor: string, holdId: string, reason: string) => post(`/corridors/${corridor}/holds/${holdId}/lifts`, { reason }),
    setLimit: (corridor: string, limit: { readonly kind: LimitKind; readonly modes?: readonly Mode[]; readonly note?: string }) =>
      post(`/corridors/${corridor}/limits`, limit),
    requestOpening: (corridor: string, kind: 'open' | 'reopen', reason?: string) =>
      post(`/corridors/${corridor}/opening-requests`, { kind, ...(reason === undefined ? {} : { reason }) }),
    readCorridor: (corridor: string): Promise<ReadCorridor> => send('GET', `/v1/corridors/${corridor}`),
    /** @param version of the corridor as it was shown: the second person decides on what they saw, or is refused `stale-version` */
    approveOpening: (corridor: string, requestId: string, version: number) =>
      post(`/corridors/${corridor}/opening-requests/${requestId}/approvals`, {}, undefined, { 'if-match': `"${String(version)}"` }),
    rejectOpening: (corridor: string, requestId: string, reason?: string) =>
      post(`/corridors/${corridor}/opening-requests/${requestId}/rejections`, reason === undefined ? {} : { reason }),
    observe: (
      observation: {
        readonly corridorId: string;
        readonly segmentId: string;
        readonly seen: Watch;
        readonly condition: Condition;
        readonly passability?: Readonly<Partial<Record<Mode, Passability>>>;
        readonly roadLookedAt?: boolean;
        readonly observedAt?: string;
        readonly note?: string;
      },
      again?: string,
    ) => post('/observations', observation, again),
    reportPeopleInside: (
      corridor: string,
      people: { readonly min: number; readonly max?: number; readonly unaccounted?: number },
      again?: string,
    ) => post(`/corridors/${corridor}/people-inside`, people, again),
  };
}
export type Rest = ReturnType<typeof rest>;

function toProblem(status: number, answer: unknown): ClientProblem {
  const { code, title, advice, ...details } = (answer ?? {}) as {
    readonly code?: string;
    readonly title?: string;
    readonly advice?: string;
  };
  return new ClientProblem(status, code ?? 'unexpected', title ?? `The server answered ${String(status)}`, advice ?? 'Try again.', details);
}
