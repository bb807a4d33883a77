import { FormattedMessage } from 'react-intl';

interface Props<Code extends string> {
  /** The list whose messages name the codes. */
  readonly list: string;
  readonly codes: readonly Code[];
  readonly chosen: Code | null;
  readonly onChoose: (code: Code) => void;
}

/** One of a list, by one tap on a button that a cold thumb can hit. */
export function Choices<Code extends string>({ list, codes, chosen, onChoose }: Props<Code>) {
  return (
    <div className="choices">
      {codes.map((code) => (
        <button
          key={code}
          type="button"
          className="button choice"
          aria-pressed={chosen === code}
          onClick={() => {
            onChoose(code);
          }}
        >
          <FormattedMessage id={`${list}.${code}`} />
        </button>
      ))}
    </div>
  );
}

/** The choices with the question that they answer. */
export function Question<Code extends string>({ label, ...choices }: Props<Code> & { readonly label: string }) {
  return (
    <fieldset className="choice-group">
      <legend>
        <FormattedMessage id={label} />
      </legend>
      <Choices {...choices} />
    </fieldset>
  );
}
