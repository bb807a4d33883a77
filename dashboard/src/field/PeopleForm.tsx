import { useState } from 'react';
import { FormattedMessage } from 'react-intl';

export function PeopleForm({ onCount }: { readonly onCount: (min: number, max: number | null) => void }) {
  const [min, setMin] = useState('');
  const [max, setMax] = useState('');
  return (
    <form
      className="field-card"
      onSubmit={(event) => {
        event.preventDefault();
        onCount(Number(min), max === '' ? null : Number(max));
        setMin('');
        setMax('');
      }}
    >
      <h2>
        <FormattedMessage id="field.people" />
      </h2>
      <div className="pair">
        <label className="field-label">
          <FormattedMessage id="field.atLeast" />
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={1_000_000}
            required
            value={min}
            onChange={(event) => {
              setMin(event.target.value);
            }}
          />
        </label>
        <label className="field-label">
          <FormattedMessage id="field.atMost" />
          <input
            type="number"
            inputMode="numeric"
            min={min === '' ? 0 : Number(min)}
            max={1_000_000}
            value={max}
            onChange={(event) => {
              setMax(event.target.value);
            }}
          />
        </label>
      </div>
      <button type="submit" className="button button-strong">
        <FormattedMessage id="field.sendPeople" />
      </button>
    </form>
  );
}
