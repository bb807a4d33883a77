import { FormattedMessage, useIntl } from 'react-intl';
import { Dialog } from './Dialog.js';

export const KEYS = { s: 'stop', j: 'next', k: 'previous', Enter: 'details', m: 'map', '?': 'help', Escape: 'close' } as const;

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog title={intl.formatMessage({ id: 'keys.title' })} onClose={onClose}>
      <dl className="keys">
        {Object.entries(KEYS).map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key === 'Escape' ? 'Esc' : key}</kbd>
            </dt>
            <dd>
              <FormattedMessage id={`keys.${does}`} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          <FormattedMessage id="keys.close" />
        </button>
      </div>
    </Dialog>
  );
}
