import type { ComponentProps } from 'react';
import { FormattedMessage } from 'react-intl';

interface Props extends Omit<ComponentProps<'input'>, 'onChange'> {
  /** Its message. */
  readonly label: string;
  readonly onChange: (value: string) => void;
}

/** An input below its label. */
export function LabelledInput({ label, onChange, ...input }: Props) {
  return (
    <label className="field-label">
      <FormattedMessage id={label} />
      <input
        {...input}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </label>
  );
}
