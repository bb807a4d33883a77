import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { rest, type ClientProblem, type Me } from '../../../client/rest.js';
import { useView, type Feed } from '../feed.js';
import { useMe } from '../me.js';
import { mapContent } from '../map/content.js';
import { MapPanel } from '../map/MapPanel.js';
import { NoticeBar } from '../words/NoticeBar.js';
import { refusalWords } from '../words/refusals.js';
import { isolated, type Reading } from '../words/sentences.js';
import { clockTime } from '../words/times.js';
import { useActions } from './actions.js';
import { CorridorTable } from './CorridorTable.js';
import { DoNowStrip } from './DoNowStrip.js';
import { doNow } from './do-now.js';
import { Header, StaleBanner } from './Header.js';
import { useKeys } from './keyboard.js';
import { KeysDialog } from './KeysDialog.js';
import { Lane } from './Lane.js';
import { Notices } from './Notices.js';
import { Player } from './Player.js';
import { PrintedHead } from './PrintedHead.js';
import { zoneOf } from '../corridor.js';
import { rowsOf } from './rows.js';
import { useSteadyRows } from './steady.js';
import { Ticker } from './Ticker.js';
import { viewerOf, type Names } from './viewer.js';
import { WordChanges } from './WordChanges.js';

const api = rest();
const EPOCH = '1970-01-01T00:00:00.000Z' as Instant;

/** The coordinators' board. */
export function BoardPage({ feed }: { readonly feed: Feed }) {
  const intl = useIntl();
  const view = useView(feed);
  const me = useMe(api);
  const [openId, setOpenId] = useState<string | null>(null);
  const [hasKeys, setHasKeys] = useState(false);
  const now = view.now ?? EPOCH;
  const sorted = useMemo(() => rowsOf(view), [view]);
  const { rows, onHand } = useSteadyRows(sorted);
  const zone = useMemo(() => commonZone(rows.map((row) => zoneOf(row.corridor))), [rows]);
  const told = useCallback(
    (at: Instant, name: string) =>
      intl.formatMessage({ id: 'stop.doneText' }, { time: clockTime(intl, at, zone), corridor: isolated(intl, name) }),
    [intl, zone],
  );
  const reading = useRef<Reading>({ intl, now, zone });
  useEffect(() => {
    reading.current = { intl, now, zone };
  });
  const refused = useCallback((problem: ClientProblem) => refusalWords(reading.current, problem), []);
  const actions = useActions(api, { told, refused });
  const names = useNames(me);
  const viewer = useMemo(() => viewerOf(me, names, api), [me, names]);
  const showKeys = useCallback(() => {
    setHasKeys(true);
  }, []);
  const keys = useKeys(showKeys);
  const toggle = (corridorId: string): void => {
    setOpenId((open) => (open === corridorId ? null : corridorId));
  };
  const show = (corridorId: string): void => {
    setOpenId(corridorId);
    document.querySelector<HTMLElement>(`button[data-corridor="${corridorId}"]`)?.focus();
  };
  const first = doNow(sorted, me?.person.id ?? '', now);
  const isKnown = view.now !== null;

  return (
    <>
      <a className="skip" href="#corridors">
        <FormattedMessage id="app.skip" />
      </a>
      <NoticeBar notice={view.notice}>
        <StaleBanner view={view} zone={zone} />
      </NoticeBar>
      <PrintedHead view={view} rows={sorted} zone={zone} />
      <Header
        view={view}
        zone={zone}
        me={me}
        onKeys={showKeys}
        onSignOut={() => {
          void api.signOut().finally(() => {
            location.assign('/sign-in');
          });
        }}
      />
      <main className="board">
        {isKnown && <DoNowStrip first={first} now={now} stops={actions.stops} viewer={viewer} onStop={actions.stop} onShow={show} />}
        <div className="columns">
          <section
            className="board-list"
            id="corridors"
            aria-label={intl.formatMessage({ id: 'table.caption' })}
            onPointerEnter={() => {
              onHand(true);
            }}
            onPointerLeave={() => {
              onHand(false);
            }}
          >
            <CorridorTable
              rows={rows}
              view={view}
              now={now}
              zone={zone}
              viewer={viewer}
              actions={actions}
              openId={openId}
              onToggle={toggle}
            />
          </section>
          {view.phase !== 'signed_out' && (
            <div className="side">
              <MapPanel content={mapContent(view, rows, now)} selectedId={openId} onSelect={show} />
              {isKnown && <Lane rows={rows} now={now} zone={zone} />}
              {isKnown && <Ticker view={view} api={api} now={now} zone={zone} />}
            </div>
          )}
        </div>
      </main>
      {view.kind === 'exercise' && viewer.may('exercise.control', undefined) && (
        <Player view={view} api={api} actions={actions} zone={zone} />
      )}
      <Notices notices={actions.notices} dismiss={actions.dismiss} />
      <WordChanges rows={sorted} />
      {hasKeys && (
        <KeysDialog
          keys={keys}
          onClose={() => {
            setHasKeys(false);
          }}
        />
      )}
    </>
  );
}

const NOBODY: Names = new Map();

/** The names of colleagues, for who may know them: ids are all that the board holds. */
function useNames(me: Me | null): Names {
  const [names, setNames] = useState<Names>(NOBODY);
  const mayKnow = me?.permissions.includes('person.read_name') === true;
  useEffect(() => {
    if (!mayKnow) return;
    api.names().then(
      (people) => {
        setNames(new Map(people.map(({ id, displayName }) => [id, displayName])));
      },
      () => undefined, // "another person" says enough
    );
  }, [mayKnow]);
  return names;
}

/** The zone of most corridors: the operation's. */
function commonZone(zones: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'UTC';
}
