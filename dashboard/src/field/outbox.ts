import { useCallback, useMemo, useState } from 'react';
import type { Instant } from '../../../src/domain/instant.js';
import { ClientProblem, type Decided } from '../../../client/rest.js';

export type Delivery =
  | { readonly is: 'sending' }
  | { readonly is: 'acknowledged'; readonly at: Instant }
  | { readonly is: 'unsent' }
  | { readonly is: 'refused'; readonly title: string; readonly advice: string };

/** One report of this page, with what became of it. */
export interface Sent {
  /** Its commandId: sent again, it is the same report. */
  readonly id: string;
  readonly label: string;
  readonly isStop: boolean;
  readonly delivery: Delivery;
  readonly call: (commandId: string) => Promise<Decided>;
}

export interface Outbox {
  readonly sent: readonly Sent[];
  readonly send: (label: string, call: Sent['call'], isStop?: boolean) => void;
  readonly again: (sent: Sent) => void;
}

const STOP_RETRY_MS = 3_000;

/** Kept in memory only: a phone that is taken away holds no reports. A stop repeats itself until it is acknowledged. */
export function useOutbox(): Outbox {
  const [sent, setSent] = useState<readonly Sent[]>([]);

  const mark = useCallback((id: string, delivery: Delivery) => {
    setSent((known) => known.map((one) => (one.id === id ? { ...one, delivery } : one)));
  }, []);
  const deliver = useCallback(
    (one: Pick<Sent, 'id' | 'call' | 'isStop'>): void => {
      mark(one.id, { is: 'sending' });
      one.call(one.id).then(
        (decided) => {
          mark(one.id, { is: 'acknowledged', at: decided.recordedAt as Instant });
        },
        (error: unknown) => {
          if (error instanceof ClientProblem && error.status < 429) {
            mark(one.id, { is: 'refused', title: error.title, advice: error.advice });
            return;
          }
          mark(one.id, { is: 'unsent' });
          if (one.isStop) setTimeout(deliver, STOP_RETRY_MS, one);
        },
      );
    },
    [mark],
  );
  const send = useCallback(
    (label: string, call: Sent['call'], isStop = false) => {
      const one: Sent = { id: crypto.randomUUID(), label, isStop, delivery: { is: 'sending' }, call };
      setSent((known) => [one, ...known]);
      deliver(one);
    },
    [deliver],
  );
  return useMemo(() => ({ sent, send, again: deliver }), [sent, send, deliver]);
}
