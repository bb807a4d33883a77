import { FormattedMessage, useIntl } from 'react-intl';
import type { BoardCorridor } from '../../../src/domain/board.js';
import type { Watch } from '../../../src/domain/corridor.js';
import { CONDITIONS, type Condition } from '../../../src/domain/observation.js';
import { isolated } from '../words/sentences.js';
import { Question } from './Choices.js';
import { useDraft } from './kept.js';

export interface Report {
  readonly segmentId: string;
  readonly condition: Condition;
  readonly seen: Watch;
  readonly roadLookedAt: boolean;
  readonly note?: string;
}

/** How somebody knows: only who is there refreshes the evidence; a party's word is told as that. */
const SEEN: readonly Watch[] = ['manned_post', 'passage', 'seen_from', 'party_only'];
const LONGEST_NOTE = 2_000;

interface Draft {
  readonly segmentId: string | null;
  readonly condition: Condition | null;
  readonly seen: Watch | null;
  readonly roadLookedAt: boolean;
  readonly note: string;
}
const EMPTY: Draft = { segmentId: null, condition: null, seen: null, roadLookedAt: false, note: '' };

interface Props {
  readonly personId: string;
  readonly corridor: BoardCorridor;
  readonly onReport: (report: Report, label: string) => void;
}

export function ReportForm({ personId, corridor, onReport }: Props) {
  const intl = useIntl();
  const [draft, setDraft] = useDraft(personId, `report.${corridor.id}`, EMPTY);
  const segments = (corridor.segments ?? []).flatMap((segment) =>
    segment.id === undefined ? [] : [{ id: segment.id, name: segment.name ?? '?', no: segment.no ?? 0 }],
  );
  const { condition, seen, roadLookedAt, note } = draft;
  const segment = segments.find(({ id }) => id === draft.segmentId) ?? segments[0];
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
  };
  const isReady = segment !== undefined && condition !== null && seen !== null;
  return (
    <form
      className="field-card"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        const written = note.trim();
        const report = { segmentId: segment.id, condition, seen, roadLookedAt, ...(written === '' ? {} : { note: written }) };
        onReport(report, `${isolated(intl, segment.name)} · ${intl.formatMessage({ id: `condition.${condition}` })}`);
        // Who stands at a place goes on standing there.
        setDraft({ ...EMPTY, segmentId: segment.id, seen });
      }}
    >
      <h2>
        <FormattedMessage id="field.report" />
      </h2>
      <label className="field-label">
        <FormattedMessage id="field.segment" />
        <select
          value={segment?.id}
          onChange={(event) => {
            change({ segmentId: event.target.value });
          }}
        >
          {segments.map(({ id, no, name }) => (
            <option key={id} value={id}>
              {no} · {isolated(intl, name)}
            </option>
          ))}
        </select>
      </label>
      <Question
        label="field.condition"
        list="condition"
        codes={CONDITIONS}
        chosen={condition}
        onChoose={(code) => {
          change({ condition: code });
        }}
      />
      <Question
        label="field.seen"
        list="field.knows"
        codes={SEEN}
        chosen={seen}
        onChoose={(code) => {
          change({ seen: code });
        }}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={roadLookedAt}
          onChange={(event) => {
            change({ roadLookedAt: event.target.checked });
          }}
        />
        <FormattedMessage id="field.looked" />
      </label>
      <label className="field-label">
        <FormattedMessage id="field.note" />
        <textarea
          rows={2}
          maxLength={LONGEST_NOTE}
          value={note}
          onChange={(event) => {
            change({ note: event.target.value });
          }}
        />
      </label>
      {!isReady && (
        <p className="beneath">
          <FormattedMessage id="field.reportHint" />
        </p>
      )}
      <button type="submit" className="button button-strong" disabled={!isReady}>
        <FormattedMessage id="field.sendReport" />
      </button>
    </form>
  );
}
