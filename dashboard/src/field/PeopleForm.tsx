import { FormattedMessage } from 'react-intl';
import { useDraft } from './kept.js';

interface Props {
  readonly personId: string;
  readonly corridorId: string;
  readonly onCount: (min: number, max: number | null) => void;
}

const EMPTY = { min: '', max: '' };

export function PeopleForm({ personId, corridorId, onCount }: Props) {
  const [draft, setDraft] = useDraft(personId, `people.${corridorId}`, EMPTY);
  const { min, max } = draft;
  return (
    <form
      className="field-card"
      onSubmit={(event) => {
        event.preventDefault();
        onCount(Number(min), max === '' ? null : Number(max));
        setDraft(EMPTY);
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
              setDraft({ ...draft, min: event.target.value });
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
              setDraft({ ...draft, max: event.target.value });
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
