import adm1 from '../../../data/basemap/ukraine/adm1.geojson?url';
import country from '../../../data/basemap/ukraine/country.geojson?url';
import lakes from '../../../data/basemap/ukraine/lakes.geojson?url';
import neighbours from '../../../data/basemap/ukraine/neighbours.geojson?url';
import rivers from '../../../data/basemap/ukraine/rivers.geojson?url';

/** The base map: files of our own, in drawing order. */
export const BASE_LAYERS = { neighbours, adm1, lakes, rivers, country } as const;
export type BaseLayer = keyof typeof BASE_LAYERS;
