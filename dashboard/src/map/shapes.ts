import type { FeatureCollection } from 'geojson';
import { DISPLAYS } from '../../../src/domain/status.js';
import { circleAround, type MapContent } from './content.js';

type Shapes = FeatureCollection;

export function corridorShapes({ corridors }: MapContent, selectedId: string | null): Shapes {
  return {
    type: 'FeatureCollection',
    features: corridors.map(({ id, word, lines, isSchematic }) => ({
      type: 'Feature',
      // The usable and the dangerous lie above the folded ones.
      properties: { id, word, isSchematic, isSelected: id === selectedId, order: DISPLAYS.length - DISPLAYS.indexOf(word) },
      geometry: { type: 'MultiLineString', coordinates: lines.map((line) => line.map(([longitude, latitude]) => [longitude, latitude])) },
    })),
  };
}

export function attackShapes({ attacks }: MapContent): Shapes {
  return {
    type: 'FeatureCollection',
    features: attacks.map(({ position, strength, faded }) => ({
      type: 'Feature',
      properties: { image: `attack-${strength}`, opacity: 1 - faded * 0.6 },
      geometry: { type: 'Point', coordinates: [position[0], position[1]] },
    })),
  };
}

export function precisionShapes({ attacks }: MapContent): Shapes {
  return {
    type: 'FeatureCollection',
    features: attacks
      .filter(({ precisionKm }) => precisionKm > 0)
      .map(({ position, precisionKm, faded }) => ({
        type: 'Feature',
        properties: { opacity: 1 - faded * 0.6 },
        geometry: {
          type: 'Polygon',
          coordinates: [circleAround(position, precisionKm).map(([longitude, latitude]) => [longitude, latitude])],
        },
      })),
  };
}
