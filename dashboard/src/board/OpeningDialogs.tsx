import { useEffect, useRef, useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { SeenStatus } from '../../../src/domain/audience.js';
import type { Instant } from '../../../src/domain/instant.js';
import type { ReadCorridor, Rest } from '../../../client/rest.js';
import { isolated, saidReasons } from '../words/sentences.js';
import { timeNear } from '../words/times.js';
import { Word } from '../words/Word.js';
import { Consents, Holds, Segments } from './DetailParts.js';
import { Dialog } from './Dialog.js';
import { nameOf, zoneOf } from '../corridor.js';
import { type Row } from './rows.js';
import { whoIs, type Viewer } from './viewer.js';

const READ_AGAIN_MS = 2_000;

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
  /** @param version of the corridor as it stood in the dialog */
  readonly onApprove: (version: number) => void;
  readonly onReject: () => void;
  readonly onCancel: () => void;
}

/** The second person reads what decides, then decides: on the corridor as it was read, in this version and no other. */
export function ApproveDialog({ row, now, request, viewer, onApprove, onReject, onCancel }: ApproveProps) {
  const intl = useIntl();
  const { corridor } = row;
  const { reading, again } = useReading(viewer.api, corridor.id, now);
  const zone = zoneOf(corridor);
  const hasChanged = reading !== null && gistOf(reading.corridor.status) !== gistOf(corridor.status);
  return (
    <Dialog title={intl.formatMessage({ id: 'open.approveTitle' }, { corridor: isolated(intl, nameOf(corridor)) })} onClose={onCancel}>
      <p>
        <FormattedMessage
          id="detail.requestLine"
          values={{
            kind: request.kind,
            at: timeNear(intl, request.requestedAt, now, zone),
            who: whoIs(intl, viewer, request.requestedBy),
          }}
        />
      </p>
      <p className="beneath">
        <FormattedMessage id="open.approveText" />
      </p>
      {reading === null ? (
        <p className="empty" role="status">
          <FormattedMessage id="open.reading" />
        </p>
      ) : (
        <>
          <p className={hasChanged ? 'changed' : 'beneath'} role="status">
            <FormattedMessage id={hasChanged ? 'open.changed' : 'open.readAt'} values={{ time: timeNear(intl, reading.at, now, zone) }} />{' '}
            {hasChanged && (
              <button type="button" className="button" onClick={again}>
                <FormattedMessage id="open.readAgain" />
              </button>
            )}
          </p>
          {reading.corridor.status !== null && <WhatDecides status={reading.corridor.status} now={now} zone={zone} viewer={viewer} />}
        </>
      )}
      <div className="dialog-buttons">
        <button type="button" className="button button-quiet" onClick={onCancel}>
          <FormattedMessage id="action.cancel" />
        </button>
        <button type="button" className="button" onClick={onReject}>
          <FormattedMessage id="open.reject" />
        </button>
        <button
          type="button"
          className="button button-strong"
          disabled={reading === null}
          onClick={() => {
            if (reading !== null) onApprove(reading.corridor.version);
          }}
        >
          <FormattedMessage id="open.approve" />
        </button>
      </div>
    </Dialog>
  );
}

function WhatDecides({
  status,
  now,
  zone,
  viewer,
}: {
  readonly status: SeenStatus;
  readonly now: Instant;
  readonly zone: string;
  readonly viewer: Viewer;
}) {
  const intl = useIntl();
  return (
    <div className="dialog-facts">
      <Word display={status.display} />
      <ul className="reasons">
        {saidReasons({ intl, now, zone }, status, status.display).map((reason) => (
          <li key={reason.code}>
            {reason.sentence} <span className="lift">{reason.lift}</span>
          </li>
        ))}
      </ul>
      <Segments status={status} now={now} />
      <Consents status={status} now={now} zone={zone} />
      <Holds status={status} now={now} zone={zone} viewer={viewer} />
    </div>
  );
}

/** What would make somebody decide otherwise; ages alone don't. */
function gistOf(status: SeenStatus | null): string {
  return JSON.stringify([
    status?.attempt?.lifecycle,
    status?.reasons.map(({ code }) => code),
    status?.holds?.map(({ id }) => id),
    status?.consents?.map(({ consent }) => consent),
  ]);
}

interface Reading {
  readonly corridor: ReadCorridor;
  readonly at: Instant;
}

/** The corridor as it stood when it was read, kept still under the reader's eyes; `again` reads it afresh. Null: not read yet. */
function useReading(api: Rest, corridorId: string, now: Instant): { readonly reading: Reading | null; readonly again: () => void } {
  const [reading, setReading] = useState<Reading | null>(null);
  const [turn, setTurn] = useState(0);
  const at = useRef(now);
  useEffect(() => {
    at.current = now;
  }, [now]);
  useEffect(() => {
    let isGone = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    const read = (): void => {
      api.readCorridor(corridorId).then(
        (corridor) => {
          if (!isGone) setReading({ corridor, at: at.current });
        },
        () => {
          if (!isGone) retry = setTimeout(read, READ_AGAIN_MS);
        },
      );
    };
    read();
    return () => {
      isGone = true;
      clearTimeout(retry);
    };
  }, [api, corridorId, turn]);
  const again = (): void => {
    setReading(null);
    setTurn((before) => before + 1);
  };
  return { reading, again };
}
