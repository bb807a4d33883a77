import { FormattedMessage, useIntl } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { refusalWords } from '../words/refusals.js';
import { clockTime } from '../words/times.js';
import type { Outbox, Sent } from './outbox.js';

/** Each report with what became of it. */
export function SentList({ outbox, now, zone }: { readonly outbox: Outbox; readonly now: Instant; readonly zone: string }) {
  if (outbox.sent.length === 0) return null;
  return (
    <section className="field-card" aria-live="polite">
      <h2>
        <FormattedMessage id="field.sent" />
      </h2>
      <ol className="sent">
        {outbox.sent.map((one) => (
          <li key={one.id} className={`sent-${one.delivery.is}`}>
            <span>{one.label}</span>
            <DeliveryState sent={one} now={now} zone={zone} />
            {one.delivery.is === 'unsent' && !one.isStop && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  outbox.again(one);
                }}
              >
                <FormattedMessage id="action.retry" />
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

function DeliveryState({ sent, now, zone }: { readonly sent: Sent; readonly now: Instant; readonly zone: string }) {
  const intl = useIntl();
  const { delivery } = sent;
  switch (delivery.is) {
    case 'sending':
      return (
        <span className="beneath">
          <FormattedMessage id="field.sending" />
        </span>
      );
    case 'acknowledged':
      return (
        <span className="beneath">
          <FormattedMessage id="field.acknowledged" values={{ time: clockTime(intl, delivery.at, zone) }} />
        </span>
      );
    case 'unsent':
      return (
        <span className="unsent">
          <FormattedMessage id="field.failedSend" />
        </span>
      );
    case 'refused':
      return (
        <span className="unsent">
          <FormattedMessage id="field.refused" values={{ ...refusalWords({ intl, now, zone }, delivery.problem) }} />
        </span>
      );
  }
}
