import { useCallback, useMemo, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import type { StopReason } from '../../../src/domain/corridor.js';
import type { Instant } from '../../../src/domain/instant.js';
import { ClientProblem, type Decided, type Rest } from '../../../client/rest.js';
import type { Refusal } from '../words/refusals.js';
import { isolated } from '../words/sentences.js';

/** What a person must be told about something they did. */
export interface Notice {
  readonly id: string;
  readonly tone: 'done' | 'refused' | 'unsent';
  readonly title: string;
  readonly text: string;
  readonly again: (() => void) | null;
}

export type StopState = { readonly is: 'sending' } | { readonly is: 'done'; readonly at: Instant };

export interface Actions {
  readonly notices: readonly Notice[];
  readonly dismiss: (id: string) => void;
  readonly stops: Readonly<Record<string, StopState>>;
  /** One press. Sent again with the same id until the server has it: a repeat does no harm, a lost stop does. */
  readonly stop: (corridorId: string, name: string, reason?: StopReason) => void;
  /** Any other act: told when it is recorded, told with advice when it is refused, offered again when it got no answer. */
  readonly act: (call: () => Promise<unknown>, done: string) => Promise<boolean>;
}

const RETRY_MS = 2_000;
const TOLD_MS = 20_000;

/** A stop that was recorded, and a refusal, in words; each the same function as long as the reader's language is. */
interface Says {
  readonly told: (at: Instant, name: string) => string;
  readonly refused: (problem: ClientProblem) => Refusal;
}

/** What the person does, and what became of it. */
export function useActions(api: Rest, { told, refused }: Says): Actions {
  const intl = useIntl();
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const [stops, setStops] = useState<Readonly<Record<string, StopState>>>({});
  const lastId = useRef(0);

  const dismiss = useCallback((id: string) => {
    setNotices((known) => known.filter((notice) => notice.id !== id));
  }, []);
  const tell = useCallback(
    (notice: Omit<Notice, 'id'>, id = `n${String((lastId.current += 1))}`) => {
      setNotices((known) => [{ ...notice, id }, ...known.filter((one) => one.id !== id)]);
      if (notice.tone === 'done') setTimeout(dismiss, TOLD_MS, id);
    },
    [dismiss],
  );
  const refusal = useCallback(
    (error: unknown, again: () => void): Omit<Notice, 'id'> => {
      if (error instanceof ClientProblem) {
        const { title, advice } = refused(error);
        return { tone: 'refused', title, text: advice, again: error.status >= 429 ? again : null };
      }
      return {
        tone: 'unsent',
        title: intl.formatMessage({ id: 'action.failed' }),
        text: intl.formatMessage({ id: 'action.failedAdvice' }),
        again,
      };
    },
    [intl, refused],
  );

  const stop = useCallback(
    (corridorId: string, name: string, reason: StopReason = 'other') => {
      const commandId = crypto.randomUUID();
      const noticeId = `stop-${commandId}`;
      const send = (): void => {
        api.stop(corridorId, { reason }, commandId).then(
          (decided: Decided) => {
            const at = decided.recordedAt as Instant;
            setStops((known) => ({ ...known, [corridorId]: { is: 'done', at } }));
            tell({ tone: 'done', title: told(at, name), text: '', again: null }, noticeId);
          },
          (error: unknown) => {
            if (error instanceof ClientProblem && error.status < 429) {
              setStops(({ [corridorId]: _gone, ...others }) => others);
              tell(refusal(error, send), noticeId);
              return;
            }
            tell(
              {
                tone: 'unsent',
                title: intl.formatMessage({ id: 'stop.tries' }, { corridor: isolated(intl, name) }),
                text: '',
                again: null,
              },
              noticeId,
            );
            setTimeout(send, RETRY_MS);
          },
        );
      };
      setStops((known) => ({ ...known, [corridorId]: { is: 'sending' } }));
      send();
    },
    [api, intl, refusal, tell, told],
  );

  const act = useCallback(
    async (call: () => Promise<unknown>, done: string): Promise<boolean> => {
      try {
        await call();
        tell({ tone: 'done', title: done, text: '', again: null });
        return true;
      } catch (error) {
        tell(refusal(error, () => void act(call, done)));
        return false;
      }
    },
    [refusal, tell],
  );

  return useMemo(() => ({ notices, dismiss, stops, stop, act }), [notices, dismiss, stops, stop, act]);
}
