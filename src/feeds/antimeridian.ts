import type { Position } from '../domain/geometry.js';

/**
 * The line cut where it crosses the antimeridian, as RFC 7946 (3.1.9) asks: a map would draw it around the whole earth otherwise.
 * A step of more than 180° of longitude is taken to go the other way round.
 */
export function linesWithin180(line: readonly Position[]): readonly (readonly Position[])[] {
  const lines: Position[][] = [];
  let current: Position[] = [];
  for (const position of line) {
    const before = current.at(-1);
    if (before !== undefined && Math.abs(position[0] - before[0]) > 180) {
      const [last, first] = crossing(before, position);
      lines.push([...current, last]);
      current = [first];
    }
    current.push(position);
  }
  return [...lines, current].filter((part) => part.length >= 2);
}

/** Where the leg meets ±180°, on both sides. Straight in degrees, as a map draws it. */
function crossing(from: Position, to: Position): readonly [Position, Position] {
  const edge = from[0] > 0 ? 180 : -180;
  const lonTo = to[0] + (from[0] > 0 ? 360 : -360);
  const share = lonTo === from[0] ? 0 : (edge - from[0]) / (lonTo - from[0]);
  const lat = from[1] + share * (to[1] - from[1]);
  return [
    [edge, lat],
    [-edge, lat],
  ];
}
