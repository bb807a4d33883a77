import { FormattedMessage, useIntl } from 'react-intl';
import type { BoardCorridor } from '../../../src/domain/board.js';
import { clockTime } from '../words/times.js';
import type { StopState } from './actions.js';
import { nameOf, zoneOf } from '../corridor.js';
import { canBeStopped } from './rows.js';

interface Props {
  readonly corridor: BoardCorridor;
  readonly state: StopState | undefined;
  readonly onStop: (corridorId: string, name: string) => void;
  readonly onHold?: (isHeld: boolean) => void;
  readonly isSmall?: boolean;
}

/** One press stops the corridor that it names. No question is asked: a stop is cheap, a late one is not. */
export function StopButton({ corridor, state, onStop, onHold, isSmall = false }: Props) {
  const intl = useIntl();
  const isPossible = canBeStopped(corridor);
  return (
    <div className={isSmall ? 'stop stop-small' : 'stop'}>
      <button
        type="button"
        className="stop-button"
        {...(isSmall ? {} : { id: 'stop', 'aria-keyshortcuts': 'Alt+S' })}
        disabled={!isPossible}
        aria-label={intl.formatMessage({ id: 'stop.label' }, { corridor: nameOf(corridor) })}
        onClick={() => {
          onStop(corridor.id, nameOf(corridor));
        }}
        onKeyDown={(event) => {
          if (event.repeat) event.preventDefault(); // a key held down is one press
        }}
        onPointerEnter={() => onHold?.(true)}
        onPointerLeave={() => onHold?.(false)}
        onFocus={() => onHold?.(true)}
        onBlur={() => onHold?.(false)}
      >
        <FormattedMessage id={!isSmall ? 'stop.button' : state?.is === 'sending' ? 'stop.sending' : 'stop.row'} />
      </button>
      {!isSmall && isPossible && (
        <kbd className="stop-key" aria-hidden="true">
          Alt S
        </kbd>
      )}
      {!isSmall && (!isPossible || state !== undefined) && (
        <p className="stop-state" role="status">
          {!isPossible && <FormattedMessage id="stop.ended" />}
          {state?.is === 'sending' && <FormattedMessage id="stop.sending" />}
          {state?.is === 'done' && <FormattedMessage id="stop.done" values={{ time: clockTime(intl, state.at, zoneOf(corridor)) }} />}
        </p>
      )}
    </div>
  );
}
