import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Account, Request } from './commands.js';

/** The clock of the exercise, as far as a player asks. */
export interface PlayedClock {
  readonly now: string;
  readonly rate: number;
  readonly isPaused: boolean;
  readonly waitsFor: string | null;
  readonly jumpTo: string | null;
}

export class RefusedRequest extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly request: Request,
    answer: string,
  ) {
    super(`${request.path}: ${String(status)} ${answer}`);
    this.name = 'RefusedRequest';
  }
}

const TRIES = 20;

/** /v1 over HTTP: waits where it is told to (429), repeats with the same commandId where the answer got lost (503, a cut). */
export class Api {
  constructor(
    private readonly url: string,
    private readonly tokens: Readonly<Partial<Record<Account, string>>>,
    /** Aborted: whatever is under way rejects at once, and nothing more is sent. */
    readonly signal: AbortSignal,
  ) {}

  async send(request: Request): Promise<void> {
    const { status, text } = await this.call(request.account, 'POST', `/v1${request.path}`, request.body, await this.decidedOn(request));
    if (status >= 400) throw new RefusedRequest(status, (JSON.parse(text) as { readonly code: string }).code, request, text);
  }

  async read<Answer>(path: string): Promise<Answer | null> {
    const { status, text } = await this.call('first', 'GET', path);
    if (status === 404) return null;
    if (status >= 400) throw new Error(`${path}: ${String(status)} ${text}`);
    return JSON.parse(text) as Answer;
  }

  /** An approval says which version it decides on. */
  private async decidedOn({ path }: Request): Promise<Readonly<Record<string, string>>> {
    const corridor = /^\/corridors\/([^/]+)\/opening-requests\/[^/]+\/approvals$/.exec(path)?.[1];
    if (corridor === undefined) return {};
    const known = await this.read<{ readonly version: number }>(`/v1/corridors/${corridor}`);
    return known === null ? {} : { 'if-match': `"${String(known.version)}"` };
  }

  /** The people under whose accounts it plays. */
  async people(): Promise<readonly string[]> {
    const ids: string[] = [];
    for (const account of Object.keys(this.tokens) as Account[]) {
      const { status, text } = await this.call(account, 'GET', '/v1/sessions/current');
      if (status === 200) ids.push((JSON.parse(text) as { readonly person: { readonly id: string } }).person.id);
    }
    return ids;
  }

  async clock(touch?: string, body: Readonly<Record<string, unknown>> = {}): Promise<PlayedClock> {
    const method = touch === undefined ? 'GET' : touch === 'next-event' ? 'PUT' : 'POST';
    const path = `/v1/exercise/clock${touch === undefined ? '' : `/${touch}`}`;
    // Both coordinators move it: a whole history at full speed is more than the limit allows one person.
    const account = touch === 'next-event' ? 'first' : 'second';
    const { status, text } = await this.call(account, method, path, touch === undefined ? undefined : { commandId: randomUUID(), ...body });
    if (status >= 400) throw new Error(`${path}: ${String(status)} ${text}`);
    return JSON.parse(text) as PlayedClock;
  }

  private async call(
    account: Account,
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const token = this.tokens[account];
    if (token === undefined) throw new Error(`nobody plays ${account}`);
    for (let tries = 1; ; tries += 1) {
      try {
        const response = await fetch(`${this.url}${path}`, {
          method,
          signal: this.signal,
          headers: { ...headers, authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const isPassing = response.status === 429 || response.status === 503;
        if (!isPassing || tries === TRIES) return { status: response.status, text: await response.text() };
        await response.body?.cancel();
        await pause(Number(response.headers.get('retry-after') ?? 1) * 1000, undefined, { signal: this.signal });
      } catch (cut) {
        if (tries === TRIES || this.signal.aborted) throw cut;
        await pause(500, undefined, { signal: this.signal });
      }
    }
  }
}
