import type { ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';

interface Props {
  readonly notice: string | null;
  /** What else must be seen also when the page is scrolled. */
  readonly children?: ReactNode;
}

/** On top of every page, also when it is scrolled: that this is an exercise or history, in the reader's language and the server's words. */
export function NoticeBar({ notice, children }: Props) {
  const intl = useIntl();
  return (
    <section className="top" aria-label={intl.formatMessage({ id: 'exercise.label' })}>
      {notice !== null && (
        <p className="notice-bar">
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
        </p>
      )}
      {children}
    </section>
  );
}
