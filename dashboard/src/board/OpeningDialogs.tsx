import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { SeenStatus } from '../../../src/domain/audience.js';
import type { Instant } from '../../../src/domain/instant.js';
import { saidReasons } from '../words/sentences.js';
import { timeNear } from '../words/times.js';
import { Word } from '../words/Word.js';
import { Consents, Holds, Segments } from './DetailParts.js';
import { Dialog } from './Dialog.js';
import { nameOf, zoneOf } from '../corridor.js';
import { type Row } from './rows.js';
import { whoId, type Viewer } from './viewer.js';

export function RequestDialog({
  name,
  onSend,
  onCancel,
}: {
  readonly name: string;
  readonly onSend: (reason: string) => void;
  readonly onCancel: () => void;
}) {
  const intl = useIntl();
  const [reason, setReason] = useState('');
  return (
    <Dialog title={intl.formatMessage({ id: 'open.requestTitle' }, { corridor: name })} onClose={onCancel}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSend(reason.trim());
        }}
      >
        <label className="field-label">
          <FormattedMessage id="open.reason" />
          <textarea
            rows={3}
            maxLength={2000}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </label>
        <div className="dialog-buttons">
          <button type="button" className="button button-quiet" onClick={onCancel}>
            <FormattedMessage id="action.cancel" />
          </button>
          <button type="submit" className="button button-strong">
            <FormattedMessage id="open.send" />
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface ApproveProps {
  readonly row: Row;
  readonly now: Instant;
  readonly request: NonNullable<SeenStatus['openingRequests']>[number];
  readonly viewer: Viewer;
  readonly onApprove: () => void;
  readonly onReject: () => void;
  readonly onCancel: () => void;
}

/** The second person reads what decides, then decides. */
export function ApproveDialog({ row, now, request, viewer, onApprove, onReject, onCancel }: ApproveProps) {
  const intl = useIntl();
  const { corridor, word } = row;
  const zone = zoneOf(corridor);
  const { status } = corridor;
  return (
    <Dialog title={intl.formatMessage({ id: 'open.approveTitle' }, { corridor: nameOf(corridor) })} onClose={onCancel}>
      <p>
        <FormattedMessage
          id="detail.requestLine"
          values={{
            kind: request.kind,
            at: timeNear(intl, request.requestedAt, now, zone),
            who: intl.formatMessage({ id: whoId(viewer, request.requestedBy) }),
          }}
        />
      </p>
      <p className="beneath">
        <FormattedMessage id="open.approveText" />
      </p>
      <div className="dialog-facts">
        <Word display={word} />
        {status !== null && (
          <>
            <ul className="reasons">
              {saidReasons({ intl, now, zone }, status).map((reason) => (
                <li key={reason.code}>
                  {reason.sentence} <span className="lift">{reason.lift}</span>
                </li>
              ))}
            </ul>
            <Segments status={status} now={now} />
            <Consents status={status} now={now} zone={zone} />
            <Holds status={status} now={now} zone={zone} viewer={viewer} />
          </>
        )}
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button button-quiet" onClick={onCancel}>
          <FormattedMessage id="action.cancel" />
        </button>
        <button type="button" className="button" onClick={onReject}>
          <FormattedMessage id="open.reject" />
        </button>
        <button type="button" className="button button-strong" onClick={onApprove}>
          <FormattedMessage id="open.approve" />
        </button>
      </div>
    </Dialog>
  );
}
