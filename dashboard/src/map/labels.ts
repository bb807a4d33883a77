/** Where a label stands, from the place that it names, px. */
export type Offset = readonly [number, number];
export interface LabelPlace {
  readonly id: string;
  /** On the screen, px. */
  readonly at: readonly [number, number];
}

const WIDTH = 82;
const HEIGHT = 24;
/** Tried in this order: above, below, beside, then further off. */
const OFFSETS: readonly Offset[] = [
  [0, -22],
  [0, 22],
  [52, 0],
  [-52, 0],
  [48, -30],
  [-48, -30],
  [48, 30],
  [-48, 30],
  [0, -50],
  [0, 50],
  [96, 0],
  [-96, 0],
  [90, -46],
  [-90, -46],
  [90, 46],
  [-90, 46],
];

/** No label covers another as long as there is room; the first ones, the most urgent, stand nearest to their place. */
export function placeLabels(places: readonly LabelPlace[]): ReadonlyMap<string, Offset> {
  const taken: (readonly [number, number])[] = [];
  return new Map(
    places.map(({ id, at: [x, y] }) => {
      const isFree = ([dx, dy]: Offset): boolean =>
        taken.every(([otherX, otherY]) => Math.abs(x + dx - otherX) >= WIDTH || Math.abs(y + dy - otherY) >= HEIGHT);
      const offset = OFFSETS.find(isFree) ?? ([0, -22] as const);
      taken.push([x + offset[0], y + offset[1]]);
      return [id, offset] as const;
    }),
  );
}
