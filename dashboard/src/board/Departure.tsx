import { FormattedMessage, useIntl } from 'react-intl';
import { msBetween, type Instant } from '../../../src/domain/instant.js';
import { dayName, span, timeNear } from '../words/times.js';
import { zoneOf } from '../corridor.js';
import { type Row } from './rows.js';

/** Time left first, the window's end second. Before the start: how long until then. */
export function Departure({ row, now }: { readonly row: Row; readonly now: Instant }) {
  const intl = useIntl();
  const { status } = row.corridor;
  const window = status?.window ?? null;
  if (status === null || window === null || row.section === 'closed')
    return (
      <span className="beneath">
        <FormattedMessage id="departure.none" />
      </span>
    );
  const at = (instant: Instant): string => timeNear(intl, instant, now, zoneOf(row.corridor));
  const { startsAt, lastEndAt } = window;
  const last = status.lastDepartureAt;
  // An edge known only as a day is told as that: its midnight is nobody's hour.
  const hasStart = window.startClaims === undefined || window.startClaims.length > 0;
  const hasEnd = window.endClaims === undefined || window.endClaims.length > 0;
  const isAhead = startsAt != null && startsAt > now && hasStart;
  // Time to leave is shown only where somebody may leave.
  const mayLeave = row.word === 'open' || row.word === 'limited';
  return (
    <>
      <span className="figure">
        {isAhead ? (
          <FormattedMessage id="departure.in" values={{ left: span(intl, msBetween(now, startsAt)) }} />
        ) : !mayLeave ? (
          <FormattedMessage id="departure.none" />
        ) : last === null ? (
          <FormattedMessage id="people.unknown" />
        ) : last <= now ? (
          <FormattedMessage id="departure.passed" />
        ) : (
          <FormattedMessage id="departure.left" values={{ left: span(intl, msBetween(now, last)) }} />
        )}
      </span>
      {isAhead && (
        <span className="beneath">
          <FormattedMessage id="departure.starts" values={{ time: at(startsAt) }} />
        </span>
      )}
      {!isAhead && !mayLeave && (
        <span className="beneath">
          <FormattedMessage id="departure.nobody" />
        </span>
      )}
      {!isAhead && mayLeave && last !== null && (
        <span className="beneath">
          <FormattedMessage id="departure.at" values={{ time: at(last) }} />
        </span>
      )}
      <span className="beneath">
        {lastEndAt != null && hasEnd ? (
          <FormattedMessage id="departure.windowEnd" values={{ time: at(lastEndAt) }} />
        ) : window.endsOn != null ? (
          <FormattedMessage id="departure.windowEnd" values={{ time: dayName(intl, window.endsOn) }} />
        ) : (
          <FormattedMessage id="departure.endNotStated" />
        )}
      </span>
    </>
  );
}
