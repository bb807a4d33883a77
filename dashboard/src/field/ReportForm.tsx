import { useState } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import type { BoardCorridor } from '../../../src/domain/board.js';
import type { Watch } from '../../../src/domain/corridor.js';
import { CONDITIONS, type Condition } from '../../../src/domain/observation.js';

export interface Report {
  readonly segmentId: string;
  readonly condition: Condition;
  readonly seen: Watch;
  readonly roadLookedAt: boolean;
}

/** How somebody knows: only who is there refreshes the evidence; a party's word is told as that. */
const SEEN: readonly Watch[] = ['manned_post', 'passage', 'seen_from', 'party_only'];

interface Props {
  readonly corridor: BoardCorridor;
  readonly onReport: (report: Report, label: string) => void;
}

export function ReportForm({ corridor, onReport }: Props) {
  const intl = useIntl();
  const segments = (corridor.segments ?? []).flatMap((segment) =>
    segment.id === undefined ? [] : [{ id: segment.id, name: segment.name ?? '?', no: segment.no ?? 0 }],
  );
  const [segmentId, setSegmentId] = useState<string>(segments[0]?.id ?? '');
  const [condition, setCondition] = useState<Condition | null>(null);
  const [seen, setSeen] = useState<Watch | null>(null);
  const [roadLookedAt, setRoadLookedAt] = useState(false);
  const name = segments.find((segment) => segment.id === segmentId)?.name ?? '';
  return (
    <form
      className="field-card"
      onSubmit={(event) => {
        event.preventDefault();
        if (condition === null || seen === null) return;
        onReport({ segmentId, condition, seen, roadLookedAt }, `${name} · ${intl.formatMessage({ id: `condition.${condition}` })}`);
        setCondition(null);
        setRoadLookedAt(false);
      }}
    >
      <h2>
        <FormattedMessage id="field.report" />
      </h2>
      <label className="field-label">
        <FormattedMessage id="field.segment" />
        <select
          value={segmentId}
          onChange={(event) => {
            setSegmentId(event.target.value);
          }}
        >
          {segments.map((segment) => (
            <option key={segment.id} value={segment.id}>
              {segment.no} · {segment.name}
            </option>
          ))}
        </select>
      </label>
      <Choice label="field.condition" list="condition" codes={CONDITIONS} chosen={condition} onChoose={setCondition} />
      <Choice label="field.seen" list="watch" codes={SEEN} chosen={seen} onChoose={setSeen} />
      <label className="check">
        <input
          type="checkbox"
          checked={roadLookedAt}
          onChange={(event) => {
            setRoadLookedAt(event.target.checked);
          }}
        />
        <FormattedMessage id="field.looked" />
      </label>
      <button type="submit" className="button button-strong" disabled={condition === null || seen === null || segmentId === ''}>
        <FormattedMessage id="field.sendReport" />
      </button>
    </form>
  );
}

interface ChoiceProps<Code extends string> {
  readonly label: string;
  readonly list: string;
  readonly codes: readonly Code[];
  readonly chosen: Code | null;
  readonly onChoose: (code: Code) => void;
}

function Choice<Code extends string>({ label, list, codes, chosen, onChoose }: ChoiceProps<Code>) {
  return (
    <fieldset className="choice-group">
      <legend>
        <FormattedMessage id={label} />
      </legend>
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
    </fieldset>
  );
}
