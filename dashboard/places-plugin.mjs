import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const GAZETTEER = join(import.meta.dirname, '..', 'data', 'basemap', 'ukraine', 'cities.json');
const VIRTUAL = 'virtual:places';
const LARGE_TOWN = 90_000;
const LARGE_NEIGHBOUR = 250_000;

/** The few towns that orient a reader, cut from the gazetteer when the pages are built: `virtual:places`, an array of `Town`. */
export function places() {
  return {
    name: 'places',
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      this.addWatchFile(GAZETTEER);
      const { places: all } = JSON.parse(readFileSync(GAZETTEER, 'utf8'));
      const towns = all
        .filter(({ cc, kind, pop }) =>
          cc === 'UA' ? kind === 'PPLC' || kind === 'PPLA' || pop >= LARGE_TOWN : kind === 'PPLC' || pop >= LARGE_NEIGHBOUR,
        )
        .map(({ name, lon, lat, kind, pop, cc }) => ({
          name,
          position: [lon, lat],
          rank: cc !== 'UA' ? 3 : kind === 'PPLC' ? 0 : kind === 'PPLA' ? 1 : 2,
          population: pop,
        }));
      return `export default ${JSON.stringify(towns)};`;
    },
  };
}
