import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Ring = readonly (readonly [number, number])[];
interface Feature {
  readonly properties: { readonly iso_a2?: string };
  readonly geometry:
    | { readonly type: 'Polygon'; readonly coordinates: readonly Ring[] }
    | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly Ring[])[] };
}

/** Which country a point lies in, by the outlines of the base map (good to 1–2 km, which is enough for towns); null: none of them. */
export function countryFinder(folder: string): (position: readonly [number, number]) => string | null {
  const read = (file: string): readonly Feature[] =>
    (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { readonly features: readonly Feature[] }).features;
  const countries = [
    ...read('ukraine/country.geojson').map((feature) => ({ ...feature, properties: { iso_a2: 'UA' } })),
    ...read('ukraine/neighbours.geojson'),
  ];
  return (position) => countries.find((country) => contains(country.geometry, position))?.properties.iso_a2 ?? null;
}

function contains(geometry: Feature['geometry'], position: readonly [number, number]): boolean {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.some(
    ([outer, ...holes]) => outer !== undefined && isWithin(outer, position) && !holes.some((hole) => isWithin(hole, position)),
  );
}

/** Counts how often a ray to the east crosses the ring. */
function isWithin(ring: Ring, [lon, lat]: readonly [number, number]): boolean {
  return ring.reduce((inside, [x1, y1], index) => {
    const [x2, y2] = ring[(index + 1) % ring.length] ?? [x1, y1];
    const crosses = y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1;
    return crosses ? !inside : inside;
  }, false);
}
