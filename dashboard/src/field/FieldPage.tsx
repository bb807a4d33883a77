import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { logTime } from '../../../client/board-store.js';
import { shownWord, type View } from '../../../client/follow.js';
import { rest, type Me } from '../../../client/rest.js';
import type { BoardCorridor } from '../../../src/domain/board.js';
import { earliestOf, msBetween, type Instant } from '../../../src/domain/instant.js';
import { nameOf, zoneOf } from '../corridor.js';
import { useView, type Feed } from '../feed.js';
import { useMe } from '../me.js';
import { SignedOut } from '../signed-out.js';
import { LanguageChoice } from '../words/language.js';
import { NoticeBar } from '../words/NoticeBar.js';
import { peopleRange } from '../words/events.js';
import { doubtSentence, reasonSentence, reasonsOf, type Reading } from '../words/sentences.js';
import { clockTime, span, timeNear } from '../words/times.js';
import { Word } from '../words/Word.js';
import { forgetAll, keep, kept } from './kept.js';
import { useOutbox, type Outbox } from './outbox.js';
import { PeopleForm } from './PeopleForm.js';
import { ReportForm } from './ReportForm.js';
import { SentList } from './SentList.js';
import { StopFlow } from './StopFlow.js';

const api = rest();
const REASONS_TOLD = 3;

/** A team's page on a phone: its corridor's word, until when, why, what to do; STOP; what it sees. */
export function FieldPage({ feed }: { readonly feed: Feed }) {
  const view = useView(feed);
  const me = useMe(api);
  return (
    <>
      <NoticeBar notice={view.notice}>{view.phase === 'signed_out' && <SignedOut />}</NoticeBar>
      <main className="field">
        <FieldHeader view={view} me={me} />
        <Inside view={view} me={me} />
      </main>
    </>
  );
}

function Inside({ view, me }: { readonly view: View; readonly me: Me | null }) {
  if (me !== null && view.now !== null) return <Corridors view={view} now={view.now} personId={me.person.id} />;
  if (view.phase === 'signed_out') {
    return (
      <p className="field-card">
        <strong>
          <FormattedMessage id="field.signIn" />
        </strong>{' '}
        <FormattedMessage id="field.signInText" />
      </p>
    );
  }
  return (
    <p className="field-card" role="status">
      <FormattedMessage id="field.loading" />
    </p>
  );
}

function FieldHeader({ view, me }: { readonly view: View; readonly me: Me | null }) {
  const intl = useIntl();
  return (
    <header className="field-header">
      <h1>
        <FormattedMessage id="app.name" />
      </h1>
      <LanguageChoice />
      {me !== null && (
        <p className="field-who">
          <bdi>{me.person.displayName}</bdi> · <FormattedMessage id={`role.${me.person.role}`} />
          {view.now !== null && (
            <>
              {' · '}
              <FormattedMessage id="clock.utc" values={{ time: clockTime(intl, view.now, 'UTC') }} />
            </>
          )}
        </p>
      )}
      {me !== null && (
        <button
          type="button"
          className="button button-quiet"
          onClick={() => {
            forgetAll();
            void api.signOut().finally(() => {
              location.assign('/sign-in');
            });
          }}
        >
          <FormattedMessage id="header.signOut" />
        </button>
      )}
    </header>
  );
}

function Corridors({ view, now, personId }: { readonly view: View; readonly now: Instant; readonly personId: string }) {
  const intl = useIntl();
  const outbox = useOutbox(api, personId);
  const [chosenId, setChosenId] = useState(() => kept<string>(personId, 'corridor'));
  const corridors = Object.values(view.board.corridors).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  // Of several, none is taken for granted: a report or a stop would go to the wrong one.
  const corridor = corridors.find((one) => one.id === chosenId) ?? (corridors.length === 1 ? corridors[0] : undefined);
  const zone = corridor === undefined ? 'UTC' : zoneOf(corridor);
  return (
    <>
      {corridors.length > 1 && (
        <nav className={corridor === undefined ? 'field-card' : 'choices'} aria-label={intl.formatMessage({ id: 'field.corridors' })}>
          {corridor === undefined && (
            <p>
              <strong>
                <FormattedMessage id="field.choose" />
              </strong>{' '}
              <FormattedMessage id="field.chooseText" />
            </p>
          )}
          {corridors.map((one) => (
            <button
              key={one.id}
              type="button"
              className="button choice"
              aria-pressed={one.id === corridor?.id}
              onClick={() => {
                setChosenId(one.id);
                keep(personId, 'corridor', one.id);
              }}
            >
              {one.code}
              {corridor === undefined && (
                <>
                  {' · '}
                  <bdi>{nameOf(one)}</bdi>
                </>
              )}
            </button>
          ))}
        </nav>
      )}
      {corridor !== undefined && <CorridorWord corridor={corridor} view={view} now={now} />}
      {corridor !== undefined && <Stop key={`stop ${corridor.id}`} corridor={corridor} outbox={outbox} />}
      {corridors.length === 0 && view.phase === 'current' && (
        <p className="field-card">
          <strong>
            <FormattedMessage id="field.noCorridor" />
          </strong>{' '}
          <FormattedMessage id="field.noCorridorText" />
        </p>
      )}
      <SentList outbox={outbox} now={now} zone={zone} />
      {corridor !== undefined && <Reports key={corridor.id} corridor={corridor} now={now} personId={personId} outbox={outbox} />}
    </>
  );
}

function CorridorWord({ corridor, view, now }: { readonly corridor: BoardCorridor; readonly view: View; readonly now: Instant }) {
  const intl = useIntl();
  const zone = zoneOf(corridor);
  const word = shownWord(view, corridor);
  const reading: Reading = { intl, now, zone };
  const { status } = corridor;
  const until = earliestOf([status?.lastDepartureAt, status?.validUntil].filter((at) => at != null));
  const reasons = status === null ? [] : word === status.display ? reasonsOf(status).slice(0, REASONS_TOLD) : null;
  return (
    <section className={`field-card field-word tone-${word}`}>
      {view.isStale && <NoLink corridor={corridor} view={view} />}
      <p className="field-corridor">
        <bdi>{nameOf(corridor)}</bdi> <span className="code">{corridor.code}</span>
      </p>
      <p className="field-clock">
        <FormattedMessage id="field.clock" values={{ time: clockTime(intl, now, zone), zone: <bdi>{zone.replace('_', ' ')}</bdi> }} />
      </p>
      <div aria-live="assertive">
        <Word display={word} size="large" />
      </div>
      {(word === 'open' || word === 'limited') && (
        <p className="field-until">
          {until === null ? (
            <FormattedMessage id="field.untilUnknown" />
          ) : (
            <FormattedMessage
              id="field.until"
              values={{ time: timeNear(intl, until, now, zone), left: span(intl, msBetween(now, until)) }}
            />
          )}
        </p>
      )}
      {(word === 'open' || word === 'limited') && status?.lastDepartureAt != null && (
        <p>
          <FormattedMessage id="field.lastDeparture" values={{ time: timeNear(intl, status.lastDepartureAt, now, zone) }} />
        </p>
      )}
      <p className="field-do" aria-live="assertive">
        <FormattedMessage id={`field.do.${word}`} />
      </p>
      <ul className="reasons">
        {reasons?.map((reason, index) => (
          <li key={index}>{reasonSentence(reading, reason)}</li>
        ))}
        {reasons === null && status !== null && <li>{doubtSentence(reading, status)}</li>}
      </ul>
    </section>
  );
}

function Stop({ corridor, outbox }: { readonly corridor: BoardCorridor; readonly outbox: Outbox }) {
  const intl = useIntl();
  return (
    <StopFlow
      name={nameOf(corridor)}
      onStop={(reason) => {
        const label = `${corridor.code ?? ''} ${intl.formatMessage({ id: 'field.stopSend' }, { why: intl.formatMessage({ id: `why.${reason}` }) })}`;
        outbox.send({ path: `/corridors/${corridor.id}/suspensions`, body: { reason }, label, isStop: true });
      }}
    />
  );
}

/** Each report says when it was seen: one that is sent an hour later must not count as fresh. */
function Reports({
  corridor,
  now,
  personId,
  outbox,
}: {
  readonly corridor: BoardCorridor;
  readonly now: Instant;
  readonly personId: string;
  readonly outbox: Outbox;
}) {
  const intl = useIntl();
  return (
    <>
      <ReportForm
        personId={personId}
        corridor={corridor}
        onReport={(report, label) => {
          outbox.send({ path: '/observations', body: { corridorId: corridor.id, observedAt: now, ...report }, label, isStop: false });
        }}
      />
      <PeopleForm
        personId={personId}
        corridorId={corridor.id}
        onCount={(min, max) => {
          const label = `${intl.formatMessage({ id: 'field.people' })}: ${peopleRange(intl, min, max)}`;
          const body = max === null ? { min } : { min, max };
          outbox.send({ path: `/corridors/${corridor.id}/people-inside`, body, label, isStop: false });
        }}
      />
    </>
  );
}

/** Without a link nothing is green: since when, the last word, and what to do. */
function NoLink({ corridor, view }: { readonly corridor: BoardCorridor; readonly view: View }) {
  const intl = useIntl();
  const heardAt = view.heardAtMs === null ? null : logTime(view, view.heardAtMs);
  const last = intl.formatMessage({ id: `display.${corridor.status?.display ?? 'unknown'}` });
  return (
    <p className="no-link" role="alert">
      <strong>
        <FormattedMessage id="field.noLink" values={{ time: heardAt === null ? '?' : clockTime(intl, heardAt, zoneOf(corridor)) }} />
      </strong>{' '}
      <FormattedMessage id="field.noLinkText" values={{ word: last }} />
    </p>
  );
}
