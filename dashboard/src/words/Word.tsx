import { FormattedMessage } from 'react-intl';
import type { Display } from '../../../src/domain/status.js';
import { Mark } from './Mark.js';

/** The word, always with its mark: no word is told by its colour alone. */
export function Word({ display, size = 'row' }: { readonly display: Display; readonly size?: 'row' | 'large' | 'small' }) {
  return (
    <span className={`word word-${display} word-${size}`}>
      <Mark display={display} />
      <span className="word-text">
        <FormattedMessage id={`display.${display}`} />
      </span>
    </span>
  );
}
