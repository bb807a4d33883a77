import { useEffect, useRef, useState } from 'react';
import { useIntl } from 'react-intl';
import { EASE, type Display } from '../../../src/domain/status.js';
import { nameOf } from '../corridor.js';
import { type Row } from './rows.js';

/** Reads out which words changed, for who can't see the board: at once what became worse, in its turn what became better. */
export function WordChanges({ rows }: { readonly rows: readonly Row[] }) {
  const intl = useIntl();
  const before = useRef<ReadonlyMap<string, Display> | null>(null);
  const [said, setSaid] = useState({ worse: '', better: '' });
  useEffect(() => {
    const known = before.current;
    before.current = new Map(rows.map((row) => [row.corridor.id, row.word]));
    const changed = rows.flatMap(({ corridor, word }) => {
      const old = known?.get(corridor.id);
      if (old === undefined || old === word) return [];
      const text = intl.formatMessage(
        { id: 'display.changed' },
        { corridor: nameOf(corridor), word: intl.formatMessage({ id: `display.${word}` }) },
      );
      return [{ text, isWorse: word === 'danger' || EASE[word] < EASE[old] }];
    });
    if (changed.length === 0) return;
    const sentences = (isWorse: boolean): string =>
      changed
        .filter((change) => change.isWorse === isWorse)
        .map(({ text }) => text)
        .join('. ');
    setSaid({ worse: sentences(true), better: sentences(false) });
  }, [rows, intl]);
  return (
    <>
      <p className="hidden" aria-live="assertive">
        {said.worse}
      </p>
      <p className="hidden" aria-live="polite">
        {said.better}
      </p>
    </>
  );
}
