import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { View } from '../../../client/follow.js';
import type { Rest } from '../../../client/rest.js';
import { clockTime, timeNear } from '../words/times.js';
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
  const set = (change: { readonly rate?: number; readonly isPaused?: boolean }): void => void actions.act(() => api.post('/exercise/clock', change), recorded);
  const jump = (to: object): void => void actions.act(() => api.post('/exercise/jumps', to), recorded);
  return (
    <section className="player" aria-label={intl.formatMessage({ id: 'player.title' })}>
      <button type="button" className="button player-pause" onClick={() => { set({ isPaused: !clock.isPaused }); }}>
        <FormattedMessage id={clock.isPaused ? 'player.resume' : 'player.pause'} />
      </button>
      <fieldset className="rates">
        <legend className="hidden"><FormattedMessage id="player.rateLabel" /></legend>
        {RATES.map((rate) => (
          <button key={rate} type="button" className="button rate" aria-pressed={clock.rate === rate} onClick={() => { set({ rate }); }}>
            <FormattedMessage id="player.rate" values={{ rate }} />
          </button>
        ))}
      </fieldset>
      <button type="button" className="button" onClick={() => { jump({ to: 'next' }); }}>
        <FormattedMessage id="player.next" />
      </button>
      <form
        className="player-go"
        onSubmit={(event) => {
          event.preventDefault();
          jump({ to: { local: day, zone } });
        }}
      >
        <label>
          <FormattedMessage id="player.goTo" />
          <input type="datetime-local" required value={day} onChange={(event) => { setDay(event.target.value); }} />
        </label>
        <button type="submit" className="button"><FormattedMessage id="player.jump" /></button>
      </form>
      <p className="beneath">{clock.waitsFor === null ? timeNear(intl, now, now, zone) : <FormattedMessage id="header.waitsFor" />}</p>
    </section>
  );
}
