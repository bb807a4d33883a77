import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { Instant } from '../../../src/domain/instant.js';
import { eventSentence } from '../words/events.js';
import { timeNear } from '../words/times.js';

/** What happened, newest first, in plain sentences. */
export function Ticker({ view, now, zone }: { readonly view: View; readonly now: Instant; readonly zone: string }) {
  const intl = useIntl();
  return (
    <section className="panel ticker" aria-labelledby="ticker">
      <h2 id="ticker" className="panel-title">
        <FormattedMessage id="ticker.title" />
      </h2>
      {view.ticker.length === 0 && (
        <p className="beneath">
          <FormattedMessage id="ticker.empty" />
        </p>
      )}
      <ol className="ticker-list" tabIndex={0} aria-labelledby="ticker">
        {view.ticker.map((event) => (
          <li key={`${event.entity}/${event.entityId}/${String(event.version)}`}>
            <time dateTime={event.recordedAt}>{timeNear(intl, event.recordedAt, now, zone)}</time>
            <span className={event.type === 'CorridorStatusChanged' ? `said-${event.body.status.display}` : undefined}>
              {eventSentence(intl, view.board, event)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
