import { useState, type ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { SeenStatus } from '../../../src/domain/audience.js';
import type { Instant } from '../../../src/domain/instant.js';
import { EASE, type Display } from '../../../src/domain/status.js';
import { partyName, term } from '../words/sentences.js';
import { age, timeNear } from '../words/times.js';
import { Word } from '../words/Word.js';
import { whoIs, type Viewer } from './viewer.js';

interface Part {
  readonly status: SeenStatus;
  readonly now: Instant;
}

/** A captioned table of facts; caption and heads are messages of `detail`. */
function FactsTable({
  caption,
  columns,
  children,
}: {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly children: ReactNode;
}) {
  return (
    <table className="facts">
      <caption>
        <FormattedMessage id={`detail.${caption}`} />
      </caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              <FormattedMessage id={`detail.${column}`} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** @param word the corridor's, as it is drawn for this reader: in doubt about it is in doubt about each mode */
export function Modes({ status, word, now, zone }: Part & { readonly word: Display; readonly zone: string }) {
  const intl = useIntl();
  const isInDoubt = word !== status.display;
  return (
    <FactsTable caption="modes" columns={['mode', 'word', 'lastDeparture', 'passability']}>
      {status.modes.map((mode) => (
        <tr key={mode.mode}>
          <th scope="row">{term({ intl }, 'mode', mode.mode)}</th>
          <td>
            <Word display={isInDoubt && EASE[mode.display] > 0 ? 'unknown' : mode.display} size="small" />
          </td>
          <td>
            {mode.lastDepartureAt === null ? <FormattedMessage id="value.unknown" /> : timeNear(intl, mode.lastDepartureAt, now, zone)}
          </td>
          <td>{term({ intl }, 'passability', mode.passability)}</td>
        </tr>
      ))}
    </FactsTable>
  );
}

export function Segments({ status, now }: Part) {
  const intl = useIntl();
  if (status.segments === undefined) return null; // not for this reader
  return (
    <FactsTable caption="segments" columns={['segment', 'watch', 'seen', 'ordnance']}>
      {status.segments.map((segment) => (
        <tr key={segment.segmentId} className={segment.isInDanger ? 'in-danger' : undefined}>
          <th scope="row">
            {segment.no} · <bdi>{segment.name}</bdi>
          </th>
          <td>{term({ intl }, 'watch', segment.watch)}</td>
          <td className={`freshness-${segment.freshness}`}>
            {segment.seenAt === null ? (
              <FormattedMessage id="segment.never" />
            ) : (
              <FormattedMessage id="segment.age" values={{ age: age(intl, segment.seenAt, now) }} />
            )}
            <span className="beneath"> {term({ intl }, 'freshness', segment.freshness)}</span>
          </td>
          <td>{term({ intl }, 'ordnance', segment.ordnance)}</td>
        </tr>
      ))}
    </FactsTable>
  );
}

export function Consents({ status, now, zone }: Part & { readonly zone: string }) {
  const intl = useIntl();
  if (status.consents === undefined) return null;
  return (
    <FactsTable caption="consents" columns={['party', 'consent', 'since', 'hotline']}>
      {status.consents.map((consent) => (
        <tr key={consent.party}>
          <th scope="row">{partyName(intl, consent.party)}</th>
          <td>{term({ intl }, 'consent', consent.consent)}</td>
          <td>{consent.since === null ? '–' : timeNear(intl, consent.since, now, zone)}</td>
          <td>
            {consent.hotlineAnsweredAt === null ? (
              <FormattedMessage id="detail.hotlineNever" />
            ) : (
              <FormattedMessage id="segment.age" values={{ age: age(intl, consent.hotlineAnsweredAt, now) }} />
            )}
          </td>
        </tr>
      ))}
    </FactsTable>
  );
}

type SeenHold = NonNullable<SeenStatus['holds']>[number];
interface HoldsProps extends Part {
  readonly zone: string;
  readonly viewer: Viewer;
  readonly onClear?: (holdId: string) => void;
  readonly onLift?: (holdId: string, reason: string) => void;
}

export function Holds({ status, now, zone, viewer, onClear, onLift }: HoldsProps) {
  const intl = useIntl();
  const { holds } = status;
  if (holds === undefined) return null; // whether one stands is told by the reasons
  const who = (id: string | null): string => whoIs(intl, viewer, id);
  return (
    <section className="facts">
      <h3>
        <FormattedMessage id="detail.holds" />
      </h3>
      {holds.length === 0 && (
        <p className="beneath">
          <FormattedMessage id="detail.noHolds" />
        </p>
      )}
      <ul>
        {holds.map((hold) => (
          <li key={hold.id} className="hold">
            <p>
              <FormattedMessage
                id="detail.holdLine"
                values={{
                  why: term({ intl }, 'why', hold.reason),
                  isStop: String(hold.isStop),
                  setAt: timeNear(intl, hold.setAt, now, zone),
                  who: who(hold.setBy),
                }}
              />
            </p>
            {hold.clearedAt !== null && (
              <p className="beneath">
                <FormattedMessage
                  id="detail.cleared"
                  values={{ at: timeNear(intl, hold.clearedAt, now, zone), who: who(hold.clearedBy) }}
                />
              </p>
            )}
            <HoldButtons hold={hold} viewer={viewer} onClear={onClear} onLift={onLift} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One person clears, another lifts with a reason. */
function HoldButtons({
  hold,
  viewer,
  onClear,
  onLift,
}: { readonly hold: SeenHold } & Pick<HoldsProps, 'viewer'> & {
    readonly onClear: HoldsProps['onClear'];
    readonly onLift: HoldsProps['onLift'];
  }) {
  const intl = useIntl();
  const [reason, setReason] = useState('');
  if (onClear === undefined || onLift === undefined || viewer.me === null) return null;
  if (hold.clearedBy === null) {
    return (
      <button
        type="button"
        className="button"
        onClick={() => {
          onClear(hold.id);
        }}
      >
        <FormattedMessage id="detail.clear" />
      </button>
    );
  }
  if (hold.clearedBy === viewer.me.person.id)
    return (
      <p className="beneath">
        <FormattedMessage id="detail.needsClear" />
      </p>
    );
  return (
    <form
      className="lift-form"
      onSubmit={(event) => {
        event.preventDefault();
        onLift(hold.id, reason.trim());
      }}
    >
      <input
        required
        maxLength={2000}
        value={reason}
        aria-label={intl.formatMessage({ id: 'detail.liftReason' })}
        placeholder={intl.formatMessage({ id: 'detail.liftReason' })}
        onChange={(event) => {
          setReason(event.target.value);
        }}
      />
      <button type="submit" className="button">
        <FormattedMessage id="detail.lift" />
      </button>
    </form>
  );
}
