import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { logTime } from '../../../client/board-store.js';
import { shownWord, type View } from '../../../client/follow.js';
import { rest } from '../../../client/rest.js';
import type { BoardCorridor } from '../../../src/domain/board.js';
import type { Instant } from '../../../src/domain/instant.js';
import { nameOf, zoneOf } from '../corridor.js';
import { useView, type Feed } from '../feed.js';
import { reasonSentence, type Reading } from '../words/sentences.js';
import { clockTime, timeNear } from '../words/times.js';
import { Word } from '../words/Word.js';
import { useOutbox, type Outbox } from './outbox.js';
import { PeopleForm } from './PeopleForm.js';
import { ReportForm } from './ReportForm.js';
import { SentList } from './SentList.js';
import { StopFlow } from './StopFlow.js';

const api = rest();

/** A team's page on a phone: its corridor's word, until when, why, what to do; STOP; what it sees. */
export function FieldPage({ feed }: { readonly feed: Feed }) {
  const intl = useIntl();
  const view = useView(feed);
  const outbox = useOutbox();
  const corridors = Object.values(view.board.corridors).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const [chosenId, setChosenId] = useState<string | null>(null);
  const corridor = corridors.find((one) => one.id === chosenId) ?? corridors[0];
  return (
    <main className="field">
      <header className="field-header">
        <h1>
          <FormattedMessage id="app.name" />
        </h1>
        {view.notice !== null && <p className="exercise">{view.notice}</p>}
      </header>
      {view.phase === 'signed_out' && (
        <p className="banner" role="alert">
          <strong>
            <FormattedMessage id="signedOut.title" />
          </strong>{' '}
          <a href="/sign-in">
            <FormattedMessage id="signedOut.link" />
          </a>
        </p>
      )}
      {corridors.length > 1 && (
        <nav className="choices" aria-label={intl.formatMessage({ id: 'field.corridors' })}>
          {corridors.map((one) => (
            <button
              key={one.id}
              type="button"
              className="button choice"
              aria-pressed={one.id === corridor?.id}
              onClick={() => {
                setChosenId(one.id);
              }}
            >
              {one.code}
            </button>
          ))}
        </nav>
      )}
      {corridor === undefined || view.now === null ? (
        view.phase === 'current' && (
          <p className="field-card">
            <strong>
              <FormattedMessage id="field.noCorridor" />
            </strong>{' '}
            <FormattedMessage id="field.noCorridorText" />
          </p>
        )
      ) : (
        <Corridor key={corridor.id} corridor={corridor} view={view} now={view.now} outbox={outbox} />
      )}
    </main>
  );
}

function Corridor({
  corridor,
  view,
  now,
  outbox,
}: {
  readonly corridor: BoardCorridor;
  readonly view: View;
  readonly now: Instant;
  readonly outbox: Outbox;
}) {
  const intl = useIntl();
  const zone = zoneOf(corridor);
  const word = shownWord(view, corridor);
  const reading: Reading = { intl, now, zone };
  const { status } = corridor;
  const until = status?.lastDepartureAt ?? status?.validUntil ?? null;
  const name = nameOf(corridor);
  return (
    <>
      <section className={`field-card field-word tone-${word}`} aria-live="assertive">
        {view.isStale && <NoLink corridor={corridor} view={view} />}
        <p className="field-corridor">
          <bdi>{name}</bdi> <span className="code">{corridor.code}</span>
        </p>
        <Word display={word} size="large" />
        {(word === 'open' || word === 'limited') && (
          <p className="field-until">
            {until === null ? (
              <FormattedMessage id="field.untilUnknown" />
            ) : (
              <FormattedMessage id="field.until" values={{ time: timeNear(intl, until, now, zone) }} />
            )}
          </p>
        )}
        <p className="field-do">
          <FormattedMessage id={`field.do.${word}`} />
        </p>
        <ul className="reasons">
          {(status?.reasons ?? []).slice(0, 3).map((reason, index) => (
            <li key={index}>{reasonSentence(reading, reason)}</li>
          ))}
        </ul>
      </section>
      <StopFlow
        name={name}
        onStop={(reason) => {
          outbox.send(
            intl.formatMessage({ id: 'field.stopSend' }, { why: intl.formatMessage({ id: `why.${reason}` }) }),
            (again) => api.stop(corridor.id, { reason }, again),
            true,
          );
        }}
      />
      <SentList outbox={outbox} zone={zone} />
      <ReportForm
        corridor={corridor}
        onReport={(report, label) => {
          outbox.send(label, (again) => api.observe({ corridorId: corridor.id, ...report }, again));
        }}
      />
      <PeopleForm
        onCount={(min, max) => {
          const label = `${intl.formatMessage({ id: 'field.people' })}: ${String(min)}${max === null ? '+' : `–${String(max)}`}`;
          outbox.send(label, (again) => api.reportPeopleInside(corridor.id, max === null ? { min } : { min, max }, again));
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
