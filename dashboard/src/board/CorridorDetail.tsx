import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { SeenStatus } from '../../../src/domain/audience.js';
import type { BoardAttack, BoardWindow } from '../../../src/domain/board.js';
import type { Instant } from '../../../src/domain/instant.js';
import { EASE } from '../../../src/domain/status.js';
import { gradeOf } from '../words/events.js';
import { doubtSentence, liftSentence, reasonSentence, reasonsOf, term, type Reading } from '../words/sentences.js';
import { dayName, timeNear } from '../words/times.js';
import type { Actions } from './actions.js';
import { Consents, Holds, Modes, Segments } from './DetailParts.js';
import { zoneOf } from '../corridor.js';
import { type Row } from './rows.js';
import type { Viewer } from './viewer.js';

interface Props {
  readonly row: Row;
  readonly view: View;
  readonly now: Instant;
  readonly viewer: Viewer;
  readonly actions: Actions;
}

/** Everything the word rests on. */
export function CorridorDetail({ row, view, now, viewer, actions }: Props) {
  const intl = useIntl();
  const { corridor, word } = row;
  const { status } = corridor;
  if (status === null) return null;
  const reading: Reading = { intl, now, zone: zoneOf(corridor) };
  const { zone } = reading;
  const recorded = intl.formatMessage({ id: 'action.done' }, { time: timeNear(intl, now, now, zone) });
  const attacks = Object.values(view.board.attacks).filter((attack) =>
    (attack.touches ?? []).some((touch) => touch.corridorId === corridor.id),
  );
  const windowId = status.attempt?.windowId;
  const window = windowId == null ? undefined : view.board.windows[windowId];
  return (
    <div className="detail">
      <section className="facts facts-wide">
        <h3>
          <FormattedMessage id="detail.reasons" />
        </h3>
        <ul className="reasons">
          {word !== status.display ? (
            <li>{doubtSentence(reading, status)}</li>
          ) : (
            reasonsOf(status).map((reason, index) => (
              <li key={index}>
                {reasonSentence(reading, reason)} <span className="lift">{liftSentence(reading, reason)}</span>
              </li>
            ))
          )}
        </ul>
        {status.beside.length > 0 && (
          <>
            <h3>
              <FormattedMessage id="detail.beside" />
            </h3>
            <ul className="reasons">
              {status.beside.map((reason, index) => (
                <li key={index}>{reasonSentence(reading, reason)}</li>
              ))}
            </ul>
          </>
        )}
        <p className="beneath">
          {status.attempt === null ? (
            <FormattedMessage id="detail.noAttempt" />
          ) : (
            <FormattedMessage
              id="detail.attempt"
              values={{ no: status.attempt.no, lifecycle: term(reading, 'lifecycle', status.attempt.lifecycle) }}
            />
          )}
          {' · '}
          <FormattedMessage id="detail.stance" />: {term(reading, 'stance', status.stance)}
          {' · '}
          <FormattedMessage id="detail.decidedAt" values={{ time: timeNear(intl, status.decidedAt, now, zone) }} />{' '}
          {status.validUntil === null ? (
            <FormattedMessage id="detail.validNoEnd" />
          ) : (
            <FormattedMessage
              id={EASE[word] > 0 ? 'detail.validUntil' : 'detail.nextLook'}
              values={{ time: timeNear(intl, status.validUntil, now, zone) }}
            />
          )}
        </p>
      </section>
      <Modes status={status} word={word} now={now} zone={zone} />
      <Segments status={status} now={now} />
      <Consents status={status} now={now} zone={zone} />
      <Holds
        status={status}
        now={now}
        zone={zone}
        viewer={viewer}
        {...(viewer.may('corridor.clear_hold', corridor.organisationId)
          ? {
              onClear: (holdId: string) => void actions.act(() => viewer.api.clearHold(corridor.id, holdId), recorded),
              onLift: (holdId: string, reason: string) =>
                void actions.act(() => viewer.api.liftHold(corridor.id, holdId, reason), recorded),
            }
          : {})}
      />
      <Windows window={window} status={status} reading={reading} />
      <section className="facts">
        <h3>
          <FormattedMessage id="detail.limits" />
        </h3>
        {status.limits.length === 0 && (
          <p className="beneath">
            <FormattedMessage id="detail.noLimits" />
          </p>
        )}
        <ul>
          {status.limits.map((limit) => (
            <li key={limit.id}>
              {term(reading, 'limit', limit.kind)}
              {limit.modes !== null && `: ${limit.modes.map((mode) => term(reading, 'mode', mode)).join(', ')}`}
            </li>
          ))}
        </ul>
      </section>
      <Attacks attacks={attacks} corridorId={corridor.id} reading={reading} />
    </div>
  );
}

/** Every claimed edge with who claims it; what nobody stated is said to be so. */
function Windows({
  window,
  status,
  reading,
}: {
  readonly window: BoardWindow | undefined;
  readonly status: SeenStatus;
  readonly reading: Reading;
}) {
  const { intl, now, zone } = reading;
  if (window !== undefined && window.claims === undefined) return <WindowDays status={status} reading={reading} />;
  const claims = window?.claims ?? [];
  const edgeOf = (edge: (typeof claims)[number]['edge']): string => {
    if (edge?.kind === 'instant' && edge.at !== undefined) return timeNear(intl, edge.at, now, zone);
    return edge?.kind === 'day' && edge.date !== undefined ? dayOnly(reading, edge.date) : intl.formatMessage({ id: 'detail.notStated' });
  };
  const about = { start: 'detail.claimStart', end: 'detail.claimEnd', announcement: 'detail.claimAnnouncement' } as const;
  const missing = window === undefined ? [] : (['start', 'end'] as const).filter((edge) => !claims.some((claim) => claim.about === edge));
  return (
    <section className="facts">
      <h3>
        <FormattedMessage id="detail.windows" />
      </h3>
      {window === undefined && (
        <p className="beneath">
          <FormattedMessage id="detail.noWindow" />
        </p>
      )}
      <ul>
        {claims.map((claim, index) => (
          <li key={claim.id ?? index}>
            <FormattedMessage id={about[claim.about ?? 'announcement']} />:{' '}
            <FormattedMessage id="detail.claimedBy" values={{ edge: edgeOf(claim.edge), who: <bdi>{claim.claimedBy}</bdi> }} />
          </li>
        ))}
        {missing.map((edge) => (
          <li key={edge}>
            <FormattedMessage id={about[edge]} />: <FormattedMessage id="detail.notStated" />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** For who reads days, not hours. */
function WindowDays({ status: { window }, reading }: { readonly status: SeenStatus; readonly reading: Reading }) {
  const days = [...new Set([window?.startsOn, window?.endsOn].filter((date) => date != null))];
  return (
    <section className="facts">
      <h3>
        <FormattedMessage id="detail.windows" />
      </h3>
      <p>
        <FormattedMessage id="detail.days" values={{ days: days.map((date) => dayName(reading.intl, date)).join(' – ') }} />
      </p>
    </section>
  );
}

function Attacks({
  attacks,
  corridorId,
  reading,
}: {
  readonly attacks: readonly BoardAttack[];
  readonly corridorId: string;
  readonly reading: Reading;
}) {
  const { intl } = reading;
  return (
    <section className="facts">
      <h3>
        <FormattedMessage id="detail.attacks" />
      </h3>
      {attacks.length === 0 && (
        <p className="beneath">
          <FormattedMessage id="detail.noAttacks" />
        </p>
      )}
      <ul>
        {attacks.map((attack) => {
          const distance = attack.touches?.find((touch) => touch.corridorId === corridorId)?.distanceKm;
          return (
            <li key={attack.id} className={attack.isDiscounted || attack.isRetracted ? 'withdrawn' : undefined}>
              <FormattedMessage
                id="detail.attackLine"
                values={{
                  type: term(reading, 'attack', attack.types?.[0]),
                  at: whenOf(attack, reading),
                  grade: gradeOf(attack.grade),
                  verification: term(reading, 'verification', attack.verification),
                  distance: distance == null ? 'none' : intl.formatNumber(distance, { maximumFractionDigits: 1, numberingSystem: 'latn' }),
                }}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** An attack known only by its day is told as that. */
function whenOf({ occurredAt, occurredOn, countsFrom, recordedAt }: BoardAttack, reading: Reading): string {
  if (occurredAt == null && occurredOn != null) return dayOnly(reading, occurredOn);
  return timeNear(reading.intl, countsFrom ?? recordedAt, reading.now, reading.zone);
}

function dayOnly({ intl }: Reading, date: string): string {
  return intl.formatMessage({ id: 'detail.dayOnly' }, { day: dayName(intl, date) });
}
