import { FormattedMessage, useIntl } from 'react-intl';
import type { Actions } from './actions.js';

/** What became of the person's acts: refusals with advice, silence with "send again". */
export function Notices({ notices, dismiss }: Pick<Actions, 'notices' | 'dismiss'>) {
  const intl = useIntl();
  return (
    <section className="notices" aria-label={intl.formatMessage({ id: 'notices.label' })} aria-live="assertive">
      {notices.map((notice) => (
        <div key={notice.id} className={`notice notice-${notice.tone}`}>
          <p className="notice-title">{notice.title}</p>
          {notice.text !== '' && <p className="notice-text">{notice.text}</p>}
          <div className="notice-buttons">
            {notice.again !== null && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  dismiss(notice.id);
                  notice.again?.();
                }}
              >
                <FormattedMessage id="action.retry" />
              </button>
            )}
            <button
              type="button"
              className="button button-quiet"
              onClick={() => {
                dismiss(notice.id);
              }}
            >
              <FormattedMessage id="action.dismiss" />
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}
