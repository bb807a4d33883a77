import { FormattedMessage, useIntl } from 'react-intl';
import { Dialog } from './Dialog.js';
import { KEYS, type Keys } from './keyboard.js';

export function KeysDialog({ keys, onClose }: { readonly keys: Keys; readonly onClose: () => void }) {
  const intl = useIntl();
  return (
    <Dialog title={intl.formatMessage({ id: 'keys.title' })} onClose={onClose}>
      <dl className="keys">
        {Object.entries(KEYS).map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>
              <FormattedMessage id={`keys.${does}`} />
            </dd>
          </div>
        ))}
      </dl>
      <label className="check">
        <input
          type="checkbox"
          checked={keys.hasSingle}
          onChange={(event) => {
            keys.setHasSingle(event.target.checked);
          }}
        />
        <FormattedMessage id="keys.single" />
      </label>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={onClose}>
          <FormattedMessage id="keys.close" />
        </button>
      </div>
    </Dialog>
  );
}
