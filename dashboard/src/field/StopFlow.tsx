import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { STOP_REASONS, type StopReason } from '../../../src/domain/corridor.js';
import { Choices } from './Choices.js';

/** The pressed button is gone: the focus goes on to the question. */
function focusOn(element: HTMLElement | null): void {
  element?.focus();
}

/** Three taps: STOP, why, send. */
export function StopFlow({ name, onStop }: { readonly name: string; readonly onStop: (reason: StopReason) => void }) {
  const intl = useIntl();
  const [step, setStep] = useState<'closed' | 'why' | StopReason>('closed');
  if (step === 'closed') {
    return (
      <button
        type="button"
        className="stop-button field-stop"
        aria-label={intl.formatMessage({ id: 'stop.label' }, { corridor: name })}
        onClick={() => {
          setStep('why');
        }}
      >
        <FormattedMessage id="stop.button" />
      </button>
    );
  }
  return (
    <section ref={focusOn} tabIndex={-1} className="field-card stop-flow" aria-label={intl.formatMessage({ id: 'field.stopTitle' })}>
      <h2>
        <FormattedMessage id="field.stopTitle" />
      </h2>
      <Choices list="why" codes={STOP_REASONS} chosen={step === 'why' ? null : step} onChoose={setStep} />
      {step === 'why' ? (
        <p className="beneath">
          <FormattedMessage id="field.stopHint" />
        </p>
      ) : (
        <button
          type="button"
          className="stop-button"
          onClick={() => {
            onStop(step);
            setStep('closed');
          }}
        >
          <FormattedMessage id="field.stopSend" values={{ why: intl.formatMessage({ id: `why.${step}` }) }} />
        </button>
      )}
      <button
        type="button"
        className="button button-quiet"
        onClick={() => {
          setStep('closed');
        }}
      >
        <FormattedMessage id="action.cancel" />
      </button>
    </section>
  );
}
