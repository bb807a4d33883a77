import { useState } from 'react';
import { FormattedMessage, useIntl, type IntlShape } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { msBetween } from '../../../src/domain/instant.js';
import { liftSentence, partyName, type Reading } from '../words/sentences.js';
import { age, span } from '../words/times.js';
import { Word } from '../words/Word.js';
import type { DoNow } from './do-now.js';
import { mayBeInside, waitingRequest } from './rows.js';
import { whoIs, type Viewer } from './viewer.js';
import { PeopleAge, PeopleRange } from './People.js';
import { nameOf, zoneOf } from '../corridor.js';
import { StopButton } from './StopButton.js';
import type { StopState } from './actions.js';

interface Props {
  readonly first: DoNow | null;
  readonly now: Instant;
  readonly stops: Readonly<Record<string, StopState>>;
  readonly viewer: Viewer;
  readonly onStop: (corridorId: string, name: string) => void;
  readonly onShow: (corridorId: string) => void;
}

/** The biggest thing on the screen: the worst corridor, what to do, who is inside, whom to call, and its STOP. */
export function DoNowStrip(props: Props) {
  // While a finger is on its way to STOP, the strip keeps its corridor: a press must never land on another one.
  const [held, setHeld] = useState<DoNow | null>(null);
  const shown = held === null ? props.first : held.row.corridor.id === props.first?.row.corridor.id ? props.first : held;
  if (shown === null) {
    return (
      <section className="do-now do-now-calm" aria-labelledby="do-now">
        <h2 id="do-now" className="do-now-title">
          <FormattedMessage id="doNow.calm" />
        </h2>
        <div className="do-now-main">
          <p className="do-now-what">
            <FormattedMessage id="doNow.nothing" />
          </p>
          <p className="do-now-why">
            <FormattedMessage id="doNow.nothingText" />
          </p>
        </div>
      </section>
    );
  }
  return (
    <Strip
      {...props}
      shown={shown}
      onHold={(isHeld) => {
        setHeld(isHeld ? shown : null);
      }}
    />
  );
}

function Strip({
  shown,
  now,
  stops,
  viewer,
  onStop,
  onShow,
  onHold,
}: Props & { readonly shown: DoNow; readonly onHold: (isHeld: boolean) => void }) {
  const intl = useIntl();
  const { corridor, word, onRoad } = shown.row;
  const isCalm = (shown.task === 'running' || shown.task === 'planned') && word !== 'unknown';
  const reading: Reading = { intl, now, zone: zoneOf(corridor) };
  return (
    <section className={`do-now do-now-${isCalm ? 'calm' : shown.task} tone-${word}`} aria-labelledby="do-now">
      <h2 id="do-now" className="do-now-title">
        <FormattedMessage id={isCalm ? 'doNow.calm' : 'doNow.title'} />
        {shown.others > 0 && (
          <span className="do-now-others">
            <FormattedMessage id="doNow.others" values={{ count: shown.others }} />
          </span>
        )}
      </h2>
      <div className="do-now-main">
        <div className="do-now-heading">
          <Word display={word} size="large" />
          <button
            type="button"
            className="do-now-corridor"
            onClick={() => {
              onShow(corridor.id);
            }}
          >
            <bdi>{nameOf(corridor)}</bdi> <span className="code">{corridor.code}</span>
          </button>
        </div>
        <p className="do-now-what">{instruction(shown, reading, viewer)}</p>
        <CallList shown={shown} intl={intl} now={now} />
      </div>
      <dl className="do-now-people">
        <dt>
          <FormattedMessage id="doNow.inside" />
        </dt>
        <dd className="do-now-number">
          <PeopleRange people={onRoad} />
        </dd>
        <dd className="do-now-age">
          <PeopleAge onRoad={onRoad} people={corridor.status?.peopleInside} now={now} />
        </dd>
      </dl>
      {viewer.may('corridor.stop', corridor.organisationId) && (
        <StopButton corridor={corridor} state={stops[corridor.id]} onStop={onStop} onHold={onHold} />
      )}
    </section>
  );
}

/** What to do, in one sentence. */
function instruction({ row, task }: DoNow, reading: Reading, viewer: Viewer): string {
  const { intl, now } = reading;
  const { corridor, word } = row;
  const status = corridor.status;
  const say = (id: string, values: Record<string, string> = {}): string => intl.formatMessage({ id }, values);
  const [reason] = status?.reasons ?? [];
  const lift = reason === undefined ? '' : liftSentence(reading, reason);
  const isSuspended = status?.attempt?.lifecycle === 'suspended';
  const left = (at: Instant | null | undefined): string | null => (at == null ? null : span(intl, msBetween(now, at)));
  if (task === 'approve')
    return say('doNow.approve', { who: whoIs(intl, viewer, waitingRequest(status, viewer.me?.person.id ?? '')?.requestedBy) });
  if (word === 'danger') return say(isSuspended ? 'doNow.dangerStopped' : 'doNow.danger');
  if (word === 'suspended') return say(mayBeInside(row.onRoad) ? 'doNow.suspended' : 'doNow.suspendedEmpty');
  if (word === 'closed') return say('doNow.closedInside');
  if (word === 'not_agreed') return say('doNow.not_agreedInside');
  if (word === 'hold') return reason?.code === 'hold' ? say('doNow.hold') : say('doNow.holdRule', { lift });
  if (word === 'unknown') return say('doNow.unknown', { lift });
  if (word === 'planned') {
    if (mayBeInside(row.onRoad)) return say('doNow.plannedInside');
    const starts = status?.window?.startClaims?.length === 0 ? null : left(status?.window?.startsAt);
    return starts === null ? say('doNow.plannedDay', { lift }) : say('doNow.planned', { left: starts, lift });
  }
  const departure = left(status?.lastDepartureAt);
  return departure === null ? say('doNow.openNoEnd') : say('doNow.open', { left: departure });
}

/** Whom to call: the parties of the corridor, with how long their hotline has been silent. */
function CallList({ shown, intl, now }: { readonly shown: DoNow; readonly intl: IntlShape; readonly now: Instant }) {
  const consents = shown.row.corridor.status?.consents ?? [];
  if (consents.length === 0) return null;
  return (
    <dl className="do-now-call">
      <dt className="label">
        <FormattedMessage id="doNow.call" />
      </dt>
      {consents.map((consent) => (
        <dd key={consent.party} className="call">
          {intl.formatMessage(
            { id: 'doNow.callParty' },
            {
              party: partyName(intl, consent.party),
              answered: consent.hotlineAnsweredAt === null ? 'none' : age(intl, consent.hotlineAnsweredAt, now),
            },
          )}
        </dd>
      ))}
    </dl>
  );
}
