import { useState } from 'react';
import type { Row } from './rows.js';

/** While a hand is on the list, it keeps its order and its sections; what is in the rows goes on changing. */
export function useSteadyRows(rows: readonly Row[]): { readonly rows: readonly Row[]; readonly onHand: (isOn: boolean) => void } {
  const [held, setHeld] = useState<readonly Row[] | null>(null);
  const onHand = (isOn: boolean): void => {
    setHeld(isOn ? rows : null);
  };
  if (held === null) return { rows, onHand };
  const byId = new Map(rows.map((row) => [row.corridor.id, row]));
  const known = held.flatMap((old) => {
    const row = byId.get(old.corridor.id);
    byId.delete(old.corridor.id);
    return row === undefined ? [] : [{ ...row, section: old.section }];
  });
  return { rows: [...known, ...byId.values()], onHand };
}
