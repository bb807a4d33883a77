import { FormattedMessage } from 'react-intl';
import { LabelledInput } from '../LabelledInput.js';
import { useDraft } from './kept.js';

interface Props {
  readonly personId: string;
  readonly corridorId: string;
  readonly onCount: (min: number, max: number | null) => void;
}

const EMPTY = { min: '', max: '' };
const COUNT = { type: 'number', inputMode: 'numeric', max: 1_000_000 } as const;

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
        <LabelledInput
          label="field.atLeast"
          {...COUNT}
          min={0}
          required
          value={min}
          onChange={(value) => {
            setDraft({ ...draft, min: value });
          }}
        />
        <LabelledInput
          label="field.atMost"
          {...COUNT}
          min={min === '' ? 0 : Number(min)}
          value={max}
          onChange={(value) => {
            setDraft({ ...draft, max: value });
          }}
        />
      </div>
      <button type="submit" className="button button-strong">
        <FormattedMessage id="field.sendPeople" />
      </button>
    </form>
  );
}
