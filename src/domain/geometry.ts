import geodesic from 'geographiclib-geodesic';

/** `[longitude, latitude]`, degrees, WGS84. */
export type Position = readonly [number, number];
/** West, south, east, north in degrees; west > east means that the box crosses the antimeridian. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

const earth = geodesic.Geodesic.WGS84;

export function isPosition(value: unknown): value is Position {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => typeof part === 'number' && Number.isFinite(part)) &&
    Math.abs(value[0] as number) <= 180 &&
    Math.abs(value[1] as number) <= 90
  );
}

/** Geodesic distance on WGS84, km. */
export function distanceKm(a: Position, b: Position): number {
  const { s12 } = earth.Inverse(a[1], a[0], b[1], b[0]);
  return (s12 ?? 0) / 1000;
}

/**
 * Geodesic distance from a point to the nearest point of a line, km.
 *
 * Each leg is the geodesic between its ends. The nearest place on it is found by golden-section search over the leg, where the
 * distance has one minimum for legs shorter than a quarter of the globe; it is measured by the geodesic itself, so that no projection decides.
 *
 * @param withinKm where only near lines matter: a distance up to it is exact, a greater one may be too great
 */
export function distanceToLineKm(point: Position, line: readonly Position[], withinKm = Number.POSITIVE_INFINITY): number {
  const [first] = line;
  if (first === undefined) return Number.POSITIVE_INFINITY;
  let nearest = distanceKm(point, first);
  for (let index = 1; index < line.length; index += 1) {
    const from = line[index - 1];
    const to = line[index];
    if (from !== undefined && to !== undefined) nearest = Math.min(nearest, distanceToLegKm(point, from, to, Math.min(nearest, withinKm)));
  }
  return nearest;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Infinity when no place on the leg is nearer than `nearerThanKm`: most are not, and two distances tell it. */
function distanceToLegKm(point: Position, from: Position, to: Position, nearerThanKm: number): number {
  const leg = earth.InverseLine(from[1], from[0], to[1], to[0]);
  const lengthM = leg.s13;
  const toFromKm = distanceKm(point, from);
  const toToKm = distanceKm(point, to);
  // By the triangle inequality no place on the leg is nearer than this.
  if ((toFromKm + toToKm - lengthM / 1000) / 2 > nearerThanKm) return Number.POSITIVE_INFINITY;
  const at = (m: number): number => {
    const place = leg.Position(m);
    return distanceKm(point, [place.lon2 ?? 0, place.lat2 ?? 0]);
  };
  let low = 0;
  let high = lengthM;
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let atLeft = at(left);
  let atRight = at(right);
  while (high - low > 0.1) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - GOLDEN * (high - low);
      atLeft = at(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + GOLDEN * (high - low);
      atRight = at(right);
    }
  }
  return Math.min(atLeft, atRight, toFromKm, toToKm);
}

/** Length of a line, km. */
export function lengthKm(line: readonly Position[]): number {
  return line.reduce((sum, position, index) => {
    const before = line[index - 1];
    return before === undefined ? sum : sum + distanceKm(before, position);
  }, 0);
}

/** One degree of latitude is nowhere shorter than this, km. */
const SHORTEST_DEGREE_KM = 110.5;

/**
 * Boxes (one, or two at the antimeridian) that contain every point within `marginKm` of the positions. For finding candidates only:
 * generous, never the decision. Near a pole it spans all longitudes.
 */
export function boxesAround(positions: readonly Position[], marginKm: number): readonly Box[] {
  if (positions.length === 0) return [];
  const latMargin = marginKm / SHORTEST_DEGREE_KM;
  const lats = positions.map((position) => position[1]);
  const south = Math.max(-90, Math.min(...lats) - latMargin);
  const north = Math.min(90, Math.max(...lats) + latMargin);
  const widest = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180);
  // A geodesic leg bows out of the box of its ends; within the lengths of a corridor half a degree covers it.
  const lonMargin = widest < 0.01 ? 360 : latMargin / widest + 0.5;
  const lons = unwrapped(positions.map((position) => position[0]));
  const west = Math.min(...lons) - lonMargin;
  const east = Math.max(...lons) + lonMargin;
  if (east - west >= 360) return [{ west: -180, south, east: 180, north }];
  if (west < -180)
    return [
      { west: west + 360, south, east: 180, north },
      { west: -180, south, east, north },
    ];
  if (east > 180)
    return [
      { west, south, east: 180, north },
      { west: -180, south, east: east - 360, north },
    ];
  return [{ west, south, east, north }];
}

/** Longitudes as a line walks them: a step of more than 180° goes the other way round. */
function unwrapped(lons: readonly number[]): readonly number[] {
  let turn = 0;
  return lons.map((lon, index) => {
    const before = lons[index - 1];
    if (before !== undefined && lon - before > 180) turn -= 360;
    if (before !== undefined && lon - before < -180) turn += 360;
    return lon + turn;
  });
}

/**
 * The centre of the cell of a fixed grid that holds the position. Cells are `sizeKm` high and at least as wide; each row of latitude has
 * a whole number of them, so that the grid closes at the antimeridian and at the poles. Deterministic: asked twice, it tells nothing new.
 */
export function gridCell(position: Position, sizeKm: number): Position {
  const rows = Math.floor((180 * SHORTEST_DEGREE_KM) / sizeKm);
  const row = Math.min(rows - 1, Math.floor(((position[1] + 90) / 180) * rows));
  const lat = ((row + 0.5) / rows) * 180 - 90;
  const columns = Math.max(1, Math.floor((360 * SHORTEST_DEGREE_KM * Math.cos((lat * Math.PI) / 180)) / sizeKm));
  const column = Math.floor(((position[0] + 180) / 360) * columns) % columns;
  return [rounded(((column + 0.5) / columns) * 360 - 180), rounded(lat)];
}

/** Five decimals, about a metre. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
