import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { Rest } from '../../../client/rest.js';
import type { Instant } from '../../../src/domain/instant.js';
import { eventSentence } from '../words/events.js';
import { timeNear } from '../words/times.js';
import { keyOf, useNews } from './news.js';

interface Props {
  readonly view: View;
  readonly api: Rest;
  readonly now: Instant;
  readonly zone: string;
}

/** What happened, newest first, in plain sentences. */
export function Ticker({ view, api, now, zone }: Props) {
  const intl = useIntl();
  const news = useNews(view, api);
  return (
    <section className="panel ticker" aria-labelledby="ticker">
      <h2 id="ticker" className="panel-title">
        <FormattedMessage id="ticker.title" />
      </h2>
      {news.length === 0 && (
        <p className="beneath">
          <FormattedMessage id="ticker.empty" />
        </p>
      )}
      <ol className="ticker-list" tabIndex={0} aria-labelledby="ticker">
        {news.map((event) => (
          <li key={keyOf(event)}>
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
