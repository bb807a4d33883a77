import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import { earliestOf, type Instant } from '../../../src/domain/instant.js';
import { EASE } from '../../../src/domain/status.js';
import { ExerciseSays } from '../words/NoticeBar.js';
import { calendarDay, clockTime, timeNear } from '../words/times.js';
import type { Row } from './rows.js';

interface Props {
  readonly view: View;
  readonly rows: readonly Row[];
  readonly zone: string;
}

/** What stands on top of a printed board: the time, how long its words hold, and what it is not. Paper doesn't fall back to Unknown by itself. */
export function PrintedHead({ view: { now, notice }, rows, zone }: Props) {
  const intl = useIntl();
  if (now === null) return null;
  const until = goodUntil(rows);
  return (
    <section className="printed-head">
      <h1>
        <FormattedMessage
          id="print.title"
          values={{ day: calendarDay(intl, now, zone), time: clockTime(intl, now, zone), zone, utc: clockTime(intl, now, 'UTC') }}
        />
      </h1>
      {notice !== null && (
        <p className="printed-notice">
          <ExerciseSays notice={notice} />
        </p>
      )}
      <p>
        {until === null ? (
          <FormattedMessage id="print.nothingUsable" />
        ) : (
          <FormattedMessage id="print.until" values={{ time: timeNear(intl, until, now, zone) }} />
        )}{' '}
        <FormattedMessage id="app.tagline" />
      </p>
    </section>
  );
}

/** The head again, in a line, for a table's head: it stands on each page that the table goes on to. */
export function PrintedAgain({ view: { now, notice }, rows, zone }: Props) {
  const intl = useIntl();
  if (now === null) return null;
  const until = goodUntil(rows);
  return (
    <>
      {notice !== null && <ExerciseSays notice={notice} />}{' '}
      <FormattedMessage
        id="print.again"
        values={{
          day: calendarDay(intl, now, zone),
          time: clockTime(intl, now, zone),
          zone,
          until: until === null ? 'none' : timeNear(intl, until, now, zone),
        }}
      />
    </>
  );
}

/** When the first usable word stops being true by time alone. Null: nothing is usable. */
function goodUntil(rows: readonly Row[]): Instant | null {
  return earliestOf(rows.flatMap(({ word, corridor }) => (EASE[word] > 0 ? (corridor.status?.validUntil ?? []) : [])));
}
