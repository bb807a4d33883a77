import { useEffect, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import type { Display } from '../../../src/domain/status.js';
import { nameOf } from '../corridor.js';
import { type Row } from './rows.js';

/** Reads out which words changed, for who can't see the board. */
export function WordChanges({ rows }: { readonly rows: readonly Row[] }) {
  const intl = useIntl();
  const before = useRef<ReadonlyMap<string, Display> | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const changed = rows.filter((row) => before.current?.has(row.corridor.id) === true && before.current.get(row.corridor.id) !== row.word);
    before.current = new Map(rows.map((row) => [row.corridor.id, row.word]));
    if (changed.length > 0) {
      setSaid(
        changed
          .map((row) =>
            intl.formatMessage(
              { id: 'display.changed' },
              { corridor: nameOf(row.corridor), word: intl.formatMessage({ id: `display.${row.word}` }) },
            ),
          )
          .join('. '),
      );
    }
  }, [rows, intl]);
  return (
    <p className="hidden" aria-live="assertive">
      {said}
    </p>
  );
}
