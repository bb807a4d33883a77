import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { Rest } from '../../../client/rest.js';
import { readLocalTime, type Zone } from '../../../src/domain/zone.js';
import { clockTime } from '../words/times.js';
import type { Actions } from './actions.js';

const RATES = [1, 10, 60, 600] as const;

interface Props {
  readonly view: View;
  readonly api: Rest;
  readonly actions: Actions;
  readonly zone: string;
}

/** The clock of an exercise: pause, speed, and jumps forward. */
export function Player({ view, api, actions, zone }: Props) {
  const intl = useIntl();
  const [day, setDay] = useState('');
  const { clock, now } = view;
  if (clock === null || now === null) return null;
  const recorded = intl.formatMessage({ id: 'action.done' }, { time: clockTime(intl, now, zone) });
  const touch = (what: 'pauses' | 'resumptions' | 'rates' | 'jumps', body: object = {}): void => {
    void actions.act(() => api.post(`/exercise/clock/${what}`, body), recorded);
  };
  return (
    <section className="player" aria-label={intl.formatMessage({ id: 'player.title' })}>
      <button
        type="button"
        className="button player-pause"
        onClick={() => {
          touch(clock.isPaused ? 'resumptions' : 'pauses');
        }}
      >
        <FormattedMessage id={clock.isPaused ? 'player.resume' : 'player.pause'} />
      </button>
      <fieldset className="rates">
        <legend className="hidden">
          <FormattedMessage id="player.rateLabel" />
        </legend>
        {RATES.map((rate) => (
          <button
            key={rate}
            type="button"
            className="button rate"
            aria-pressed={clock.rate === rate}
            onClick={() => {
              touch('rates', { rate });
            }}
          >
            <FormattedMessage id="player.rate" values={{ rate }} />
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        className="button"
        onClick={() => {
          touch('jumps', { to: 'next_event' });
        }}
      >
        <FormattedMessage id="player.next" />
      </button>
      <form
        className="player-go"
        onSubmit={(event) => {
          event.preventDefault();
          const reading = readLocalTime(day, zone as Zone);
          if (reading.kind === 'instant') touch('jumps', { to: reading.at });
        }}
      >
        <label>
          <FormattedMessage id="player.goTo" values={{ zone }} />
          <input
            type="datetime-local"
            required
            value={day}
            onChange={(event) => {
              setDay(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="button">
          <FormattedMessage id="player.jump" />
        </button>
      </form>
      {clock.waitsFor === 'opening_request' && (
        <p className="player-waits" role="status">
          <FormattedMessage id="header.waitsFor" />
        </p>
      )}
    </section>
  );
}
