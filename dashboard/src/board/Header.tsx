import { useEffect, useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { logTime, SILENCE_MS } from '../../../client/board-store.js';
import type { View } from '../../../client/follow.js';
import type { Me } from '../../../client/rest.js';
import { SignedOut } from '../signed-out.js';
import { LanguageChoice } from '../words/language.js';
import { calendarDay, clockTime, span } from '../words/times.js';

interface Props {
  readonly view: View;
  readonly zone: string;
  readonly me: Me | null;
  readonly onKeys: () => void;
  readonly onSignOut: () => void;
}

/** Can I trust this screen, what time is it there, and who am I. Never says "live" beside history. */
export function Header({ view, zone, me, onKeys, onSignOut }: Props) {
  const intl = useIntl();
  return (
    <header className="header">
      <div className="header-start">
        <h1 className="brand">
          <FormattedMessage id="app.name" />
        </h1>
        <Health view={view} />
      </div>
      {view.now !== null && <Clock now={view.now} zone={zone} />}
      <div className="header-end">
        <LanguageChoice />
        <button
          type="button"
          className="button button-quiet keys-button"
          onClick={onKeys}
          aria-label={intl.formatMessage({ id: 'header.keys' })}
        >
          <kbd>?</kbd>
        </button>
        {me !== null && (
          <div className="account">
            <p className="account-name">
              <bdi>{me.person.displayName}</bdi>
            </p>
            <p className="account-role">
              <FormattedMessage id={`role.${me.person.role}`} /> · <bdi>{me.organisation.name}</bdi>
            </p>
          </div>
        )}
        {me !== null && (
          <button type="button" className="button button-quiet" onClick={onSignOut}>
            <FormattedMessage id="header.signOut" />
          </button>
        )}
      </div>
    </header>
  );
}

/** Local time of the operation, large; UTC, small. */
function Clock({ now, zone }: { readonly now: Instant; readonly zone: string }) {
  const intl = useIntl();
  return (
    <div className="clock">
      <p className="clock-local">
        <span className="hidden">
          <FormattedMessage id="clock.local" values={{ zone }} />
        </span>
        <time dateTime={now}>{clockTime(intl, now, zone)}</time>
      </p>
      <p className="clock-more">
        <span>
          {calendarDay(intl, now, zone)} · <bdi>{zone.replace('_', ' ')}</bdi>
        </span>
        <span className="clock-utc">
          <FormattedMessage id="clock.utc" values={{ time: clockTime(intl, now, 'UTC') }} />
        </span>
      </p>
    </div>
  );
}

function Health({ view }: { readonly view: View }) {
  const intl = useIntl();
  const { clock } = view;
  const isReplay = view.kind === 'exercise' && clock !== null;
  const word = view.isStale
    ? view.phase === 'connecting'
      ? 'connecting'
      : view.phase === 'resyncing' && (view.silentMs ?? Infinity) < SILENCE_MS
        ? 'resyncing'
        : 'stale'
    : 'ok';
  return (
    <p className={`health health-${word}`}>
      <span className="health-mark" aria-hidden="true" />
      <span>
        <FormattedMessage id={`health.${word}`} />
      </span>
      {isReplay && (
        <span className="health-part">
          {clock.isPaused ? (
            <FormattedMessage id="health.paused" />
          ) : clock.rate === 1 ? (
            <FormattedMessage id="health.exercise" />
          ) : (
            <FormattedMessage id="health.replay" values={{ rate: clock.rate }} />
          )}
        </span>
      )}
      {view.silentMs !== null && (
        <span className="health-part health-age">
          <FormattedMessage id="health.heard" values={{ age: span(intl, view.silentMs) }} />
        </span>
      )}
      {view.lagMs > 1000 && (
        <span className="health-part">
          <FormattedMessage id="health.lag" values={{ ms: view.lagMs }} />
        </span>
      )}
    </p>
  );
}

/** Says since when the picture is old. The picture itself stays below. */
export function StaleBanner({ view, zone }: { readonly view: View; readonly zone: string }) {
  const intl = useIntl();
  const isLate = useLateStart(view);
  if (view.phase === 'signed_out') return <SignedOut />;
  if (!view.isStale || (view.phase === 'resyncing' && (view.silentMs ?? Infinity) < SILENCE_MS)) return null;
  const heardAt = view.heardAtMs === null ? null : logTime(view, view.heardAtMs);
  if (heardAt === null)
    return isLate ? (
      <p className="banner" role="alert">
        <strong>
          <FormattedMessage id="stale.never" />
        </strong>{' '}
        <FormattedMessage id="stale.neverText" />
      </p>
    ) : null;
  return (
    <p className="banner" role="alert">
      <strong>
        <FormattedMessage id="stale.title" values={{ time: clockTime(intl, heardAt, zone) }} />
      </strong>{' '}
      <FormattedMessage id="stale.text" />
    </p>
  );
}

/** Whether a page that has heard nothing yet should have heard something by now. */
function useLateStart({ heardAtMs }: View): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const late = setTimeout(setIsLate, SILENCE_MS, true);
    return () => {
      clearTimeout(late);
    };
  }, []);
  return isLate && heardAtMs === null;
}
