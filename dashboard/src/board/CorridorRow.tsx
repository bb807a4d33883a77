import { FormattedMessage, useIntl } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { saidReasons, weakestSegment, type Reading } from '../words/sentences.js';
import { age } from '../words/times.js';
import { Word } from '../words/Word.js';
import type { Actions } from './actions.js';
import { Departure } from './Departure.js';
import { PeopleAge, PeopleRange } from './People.js';
import { RowActions } from './RowActions.js';
import { nameOf, zoneOf } from '../corridor.js';
import { mayBeInside, type Row } from './rows.js';
import type { Viewer } from './viewer.js';

const REASONS_IN_A_ROW = 2;

interface Props {
  readonly row: Row;
  readonly now: Instant;
  readonly viewer: Viewer;
  readonly actions: Actions;
  readonly isOpen: boolean;
  readonly onToggle: (corridorId: string) => void;
}

export function CorridorRow({ row, now, viewer, actions, isOpen, onToggle }: Props) {
  const intl = useIntl();
  const { corridor, word } = row;
  const { status } = corridor;
  const name = nameOf(corridor);
  return (
    <tr className={`row row-${word}${isOpen ? ' row-expanded' : ''}`}>
      <td className="column-word">
        <Word display={word} />
        <InsideBeside row={row} />
      </td>
      <th scope="row" className="column-corridor">
        <button
          type="button"
          className="corridor-name"
          data-corridor={corridor.id}
          aria-expanded={isOpen}
          aria-label={intl.formatMessage({ id: isOpen ? 'table.close' : 'table.open' }, { corridor: name })}
          onClick={() => {
            onToggle(corridor.id);
          }}
        >
          <bdi>{name}</bdi>
        </button>
        <span className="code">{corridor.code}</span>
      </th>
      <td className="column-inside" data-label={intl.formatMessage({ id: 'table.inside' })}>
        <span className="figure">
          <PeopleRange people={row.onRoad} />
        </span>
        <span className="beneath">
          <PeopleAge onRoad={row.onRoad} people={status?.peopleInside} now={now} />
        </span>
        {(status?.peopleInside?.unaccounted ?? 0) > 0 && (
          <span className="beneath">
            <FormattedMessage id="people.unaccounted" values={{ count: status?.peopleInside?.unaccounted }} />
          </span>
        )}
      </td>
      <td className="column-departure" data-label={intl.formatMessage({ id: 'table.departure' })}>
        <Departure row={row} now={now} />
      </td>
      <td className="column-weakest" data-label={intl.formatMessage({ id: 'table.weakest' })}>
        <Weakest row={row} now={now} />
      </td>
      <td className="column-reason">
        <Reasons row={row} reading={{ intl, now, zone: zoneOf(corridor) }} />
      </td>
      <td className="column-actions">
        <RowActions row={row} viewer={viewer} actions={actions} now={now} />
      </td>
    </tr>
  );
}

/** Beside a word that is not usable: that people are on the road all the same. */
function InsideBeside({ row }: { readonly row: Row }) {
  const isUsable = row.word === 'open' || row.word === 'limited';
  if (isUsable || !mayBeInside(row.onRoad)) return null;
  return (
    <span className="inside-beside">
      {row.onRoad.is === 'unknown' ? (
        <FormattedMessage id="display.insideUnknown" />
      ) : (
        <FormattedMessage id="display.inside" values={{ count: <PeopleRange people={row.onRoad} /> }} />
      )}
    </span>
  );
}

function Weakest({ row, now }: Pick<Props, 'row' | 'now'>) {
  const intl = useIntl();
  const weakest = row.corridor.status === null ? null : weakestSegment(row.corridor.status);
  if (weakest === null)
    return (
      <span className="beneath">
        <FormattedMessage id={row.corridor.status?.segments === undefined ? 'withheld.shown' : 'segment.none'} />
      </span>
    );
  return (
    <>
      <span className={`figure freshness-${weakest.freshness}`}>
        {weakest.seenAt === null ? (
          <FormattedMessage id="segment.never" />
        ) : (
          <FormattedMessage id="segment.age" values={{ age: age(intl, weakest.seenAt, now) }} />
        )}
      </span>
      <span className="beneath">
        <bdi>{weakest.name}</bdi>
      </span>
    </>
  );
}

/** Why, and what would lift it: the first reasons; the rest stand in the details. */
function Reasons({ row, reading }: { readonly row: Row; readonly reading: Reading }) {
  if (row.corridor.status === null) return null;
  const said = saidReasons(reading, row.corridor.status, row.word);
  const more = said.length - REASONS_IN_A_ROW;
  return (
    <>
      {said.slice(0, REASONS_IN_A_ROW).map((reason, index) => (
        <p key={reason.code} className="reason">
          {reason.alike > 0 ? (
            <FormattedMessage id="table.alike" values={{ sentence: reason.sentence, count: reason.alike }} />
          ) : (
            reason.sentence
          )}{' '}
          {index === 0 && reason.lift !== '' && <span className="lift">{reason.lift}</span>}
        </p>
      ))}
      {more > 0 && (
        <p className="beneath">
          <FormattedMessage id="table.more" values={{ count: more }} />
        </p>
      )}
    </>
  );
}
