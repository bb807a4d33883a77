import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Instant } from '../../../src/domain/instant.js';
import { ClientProblem, type Rest } from '../../../client/rest.js';
import { keep, kept } from './kept.js';

export type Delivery =
  | { readonly is: 'sending' }
  | { readonly is: 'acknowledged'; readonly at: Instant }
  | { readonly is: 'unsent' }
  | { readonly is: 'refused'; readonly problem: ClientProblem };

/** What is sent: the same bytes under the same id at every try, so that a repeat is the same report. */
export interface Report {
  /** The place under `/v1`. */
  readonly path: string;
  readonly body: object;
  readonly label: string;
  /** A stop repeats itself fast. */
  readonly isStop: boolean;
}

/** One report of this page, with what became of it. */
export interface Sent extends Report {
  /** Its commandId. */
  readonly id: string;
  readonly delivery: Delivery;
}

export interface Outbox {
  readonly sent: readonly Sent[];
  readonly send: (report: Report) => void;
  readonly again: (sent: Sent) => void;
}

const STOP_RETRY_MS = 3_000;
const RETRY_MS = 15_000;
const UNSENT = 'unsent';

/** Sends, and goes on trying what got no answer: after a while, when the link is back, and when the page was loaded again. */
export function useOutbox(api: Rest, personId: string): Outbox {
  const [sent, setSent] = useState<readonly Sent[]>(() => kept<readonly Sent[]>(personId, UNSENT) ?? []);
  const latest = useRef(sent);
  const underWay = useRef(new Set<string>());

  const change = useCallback(
    (next: (known: readonly Sent[]) => readonly Sent[]) => {
      latest.current = next(latest.current);
      setSent(latest.current);
      keep(personId, UNSENT, latest.current.filter(isOpen));
    },
    [personId],
  );
  const deliver = useCallback(
    ({ id, path, body, isStop }: Sent): void => {
      if (underWay.current.has(id)) return;
      underWay.current.add(id);
      const mark = (delivery: Delivery): void => {
        underWay.current.delete(id);
        change((known) => known.map((one) => (one.id === id ? { ...one, delivery } : one)));
      };
      change((known) => known.map((one) => (one.id === id ? { ...one, delivery: { is: 'sending' } } : one)));
      api.post(path, body, id).then(
        (decided) => {
          mark({ is: 'acknowledged', at: decided.recordedAt as Instant });
        },
        (error: unknown) => {
          if (isFinal(error)) {
            mark({ is: 'refused', problem: error });
            return;
          }
          mark({ is: 'unsent' });
          setTimeout(retry, isStop ? STOP_RETRY_MS : RETRY_MS, id);
        },
      );
    },
    [api, change],
  );
  /** Unless it went another way meanwhile. */
  const retry = (id: string): void => {
    const one = latest.current.find((known) => known.id === id);
    if (one?.delivery.is === 'unsent') deliver(one);
  };
  useEffect(() => {
    const all = (): void => {
      latest.current.filter(isOpen).forEach(deliver);
    };
    all();
    addEventListener('online', all);
    return () => {
      removeEventListener('online', all);
    };
  }, [deliver]);
  const hasUnsent = sent.some(isOpen);
  useEffect(() => {
    if (!hasUnsent) return undefined;
    const warn = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    return () => {
      removeEventListener('beforeunload', warn);
    };
  }, [hasUnsent]);

  const send = useCallback(
    (report: Report) => {
      const one: Sent = { ...report, id: crypto.randomUUID(), delivery: { is: 'sending' } };
      change((known) => [one, ...known]);
      deliver(one);
    },
    [change, deliver],
  );
  return useMemo(() => ({ sent, send, again: deliver }), [sent, send, deliver]);
}

function isOpen({ delivery }: Sent): boolean {
  return delivery.is === 'sending' || delivery.is === 'unsent';
}

/** A refusal that the same report would get again. Who is signed out signs in and sends it then. */
function isFinal(error: unknown): error is ClientProblem {
  return error instanceof ClientProblem && error.status < 429 && error.status !== 401;
}
