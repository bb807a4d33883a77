import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { Instant } from '../../../src/domain/instant.js';
import { isolated } from '../words/sentences.js';
import type { Actions } from './actions.js';
import { ApproveDialog, RequestDialog } from './OpeningDialogs.js';
import { nameOf } from '../corridor.js';
import { canBeStopped, waitingRequest, type Row } from './rows.js';
import { StopButton } from './StopButton.js';
import type { Viewer } from './viewer.js';

interface Props {
  readonly row: Row;
  readonly now: Instant;
  readonly viewer: Viewer;
  readonly actions: Actions;
}

/** What can be done about this corridor from its row. Stop stands first, always at the same place. */
export function RowActions({ row, viewer, actions, now }: Props) {
  const intl = useIntl();
  const [dialog, setDialog] = useState<'request' | 'approve' | null>(null);
  const { corridor } = row;
  const { status } = corridor;
  const name = isolated(intl, nameOf(corridor));
  const close = (): void => {
    setDialog(null);
  };
  const waiting = viewer.me === null ? null : waitingRequest(status, viewer.me.person.id);
  const ownRequest = (status?.openingRequests ?? []).length > 0 && waiting === null;
  const lifecycle = status?.attempt?.lifecycle;
  const kind = lifecycle === 'suspended' ? 'reopen' : lifecycle === 'scheduled' ? 'open' : null;
  return (
    <div className="actions">
      {viewer.may('corridor.stop', corridor.organisationId) && canBeStopped(corridor) && (
        <StopButton corridor={corridor} state={actions.stops[corridor.id]} onStop={actions.stop} isSmall />
      )}
      {waiting !== null && viewer.may('corridor.approve_opening', corridor.organisationId) && (
        <button
          type="button"
          className="button button-strong"
          onClick={() => {
            setDialog('approve');
          }}
        >
          <FormattedMessage id="open.approve" />
        </button>
      )}
      {ownRequest && (
        <span className="beneath">
          <FormattedMessage id="open.waits" />
        </span>
      )}
      {kind !== null && waiting === null && !ownRequest && viewer.may('corridor.request_opening', corridor.organisationId) && (
        <button
          type="button"
          className="button"
          onClick={() => {
            setDialog('request');
          }}
        >
          <FormattedMessage id={kind === 'reopen' ? 'open.requestReopen' : 'open.request'} />
        </button>
      )}
      {dialog === 'request' && kind !== null && (
        <RequestDialog
          name={name}
          onCancel={close}
          onSend={(reason) => {
            close();
            void actions.act(
              () => viewer.api.requestOpening(corridor.id, kind, reason === '' ? undefined : reason),
              intl.formatMessage({ id: 'open.requested' }),
            );
          }}
        />
      )}
      {dialog === 'approve' && waiting !== null && (
        <ApproveDialog
          row={row}
          now={now}
          request={waiting}
          viewer={viewer}
          onCancel={close}
          onApprove={(version) => {
            close();
            void actions.act(
              () => viewer.api.approveOpening(corridor.id, waiting.id, version),
              intl.formatMessage({ id: 'open.approved' }),
            );
          }}
          onReject={() => {
            close();
            void actions.act(() => viewer.api.rejectOpening(corridor.id, waiting.id), intl.formatMessage({ id: 'open.rejected' }));
          }}
        />
      )}
    </div>
  );
}
