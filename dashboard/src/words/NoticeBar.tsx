import { useEffect, useState, type ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { rest } from '../../../client/rest.js';

const api = rest();

interface Props {
  /** As the board was told; null: not told, also because nobody is signed in. */
  readonly notice: string | null;
  /** What else must be seen also when the page is scrolled. */
  readonly children?: ReactNode;
}

/** On top of every page, also when it is scrolled: that this is an exercise or history, in the reader's language and the server's words. */
export function NoticeBar({ notice: told, children }: Props) {
  const intl = useIntl();
  const asked = useNotice();
  const notice = told ?? asked;
  return (
    <section className="top" aria-label={intl.formatMessage({ id: 'exercise.label' })}>
      {notice !== null && (
        <p className="notice-bar">
          <ExerciseSays notice={notice} />
        </p>
      )}
      {children}
    </section>
  );
}

/** In the reader's language and in the server's words. */
export function ExerciseSays({ notice }: { readonly notice: string }) {
  return (
    <FormattedMessage
      id="exercise.says"
      values={{
        notice: (
          <bdi key="notice" lang="en">
            {notice}
          </bdi>
        ),
      }}
    />
  );
}

/** What an exercise must say before anybody has signed in. Without an answer the page still works, and says it when it is told. */
function useNotice(): string | null {
  const [notice, setNotice] = useState<string | null>(null);
  useEffect(() => {
    api.notice().then(setNotice, () => undefined);
  }, []);
  return notice;
}
