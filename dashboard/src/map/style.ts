import cyrillic from '@fontsource-variable/noto-sans/files/noto-sans-cyrillic-wght-normal.woff2?url';
import latinExtended from '@fontsource-variable/noto-sans/files/noto-sans-latin-ext-wght-normal.woff2?url';
import latin from '@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2?url';
import type { FeatureCollection } from 'geojson';
import type { StyleSpecification } from 'maplibre-gl';
import towns from 'virtual:places';
import { DISPLAYS } from '../../../src/domain/status.js';
import { BASE_LAYERS } from './base.js';
import type { Strength } from './content.js';

const absolute = (path: string): string => new URL(path, location.href).href;
const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** The map's style in the colours of the page's theme. Fonts, shapes and symbols are files of our own. */
export function mapStyle(theme: CSSStyleDeclaration): StyleSpecification {
  const color = (name: string): string => theme.getPropertyValue(`--${name}`).trim();
  const base = (name: keyof typeof BASE_LAYERS): { type: 'geojson'; data: string } => ({
    type: 'geojson',
    data: absolute(BASE_LAYERS[name]),
  });
  const word = ['match', ['get', 'word'], ...DISPLAYS.flatMap((display) => [display, color(`line-${display}`)]), color('line-unknown')];
  return {
    version: 8,
    'font-faces': {
      ui: [
        { url: absolute(latin), 'unicode-range': ['U+0000-00FF', 'U+2000-206F'] },
        { url: absolute(latinExtended), 'unicode-range': ['U+0100-02BA'] },
        { url: absolute(cyrillic), 'unicode-range': ['U+0400-045F', 'U+0490-0491'] },
      ],
    },
    sources: {
      neighbours: base('neighbours'),
      adm1: base('adm1'),
      lakes: base('lakes'),
      rivers: base('rivers'),
      country: base('country'),
      towns: {
        type: 'geojson',
        data: {
          type: 'FeatureCollection',
          features: towns.map(({ name, position, rank, population }) => ({
            type: 'Feature',
            properties: { name, rank, population },
            geometry: { type: 'Point', coordinates: [...position] },
          })),
        },
      },
      corridors: { type: 'geojson', data: EMPTY },
      precision: { type: 'geojson', data: EMPTY },
      attacks: { type: 'geojson', data: EMPTY },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': color('map-sea') } },
      {
        id: 'neighbours',
        type: 'fill',
        source: 'neighbours',
        paint: { 'fill-color': color('map-abroad'), 'fill-outline-color': color('map-border') },
      },
      { id: 'land', type: 'fill', source: 'country', paint: { 'fill-color': color('map-land') } },
      { id: 'regions', type: 'line', source: 'adm1', paint: { 'line-color': color('map-region'), 'line-width': 0.7 } },
      { id: 'lakes', type: 'fill', source: 'lakes', paint: { 'fill-color': color('map-sea') } },
      { id: 'rivers', type: 'line', source: 'rivers', paint: { 'line-color': color('map-water'), 'line-width': 1 } },
      { id: 'border', type: 'line', source: 'country', paint: { 'line-color': color('map-border'), 'line-width': 1.4 } },
      {
        id: 'precision',
        type: 'fill',
        source: 'precision',
        paint: { 'fill-color': color('attack'), 'fill-opacity': ['*', 0.12, ['get', 'opacity']] },
      },
      {
        id: 'precision-edge',
        type: 'line',
        source: 'precision',
        paint: { 'line-color': color('attack'), 'line-opacity': ['*', 0.5, ['get', 'opacity']], 'line-width': 1 },
      },
      {
        id: 'corridors-casing',
        type: 'line',
        source: 'corridors',
        layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': ['get', 'order'] },
        paint: {
          'line-color': color('map-casing'),
          'line-width': ['case', ['get', 'isSelected'], 9, 5],
          'line-opacity': ['case', ['get', 'isSelected'], 0.9, 0.55],
        },
      },
      {
        id: 'corridors',
        type: 'line',
        source: 'corridors',
        filter: ['!', ['get', 'isSchematic']],
        layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': ['get', 'order'] },
        paint: { 'line-color': word as never, 'line-width': ['case', ['get', 'isSelected'], 5, 3.4] },
      },
      {
        id: 'corridors-schematic',
        type: 'line',
        source: 'corridors',
        filter: ['get', 'isSchematic'],
        layout: { 'line-join': 'round', 'line-sort-key': ['get', 'order'] },
        paint: { 'line-color': word as never, 'line-width': ['case', ['get', 'isSelected'], 4.4, 2.8], 'line-dasharray': [2.4, 1.2] },
      },
      {
        id: 'towns',
        type: 'symbol',
        source: 'towns',
        layout: {
          'text-field': ['get', 'name'],
          'text-font': ['ui'],
          'text-size': ['match', ['get', 'rank'], 0, 13, 1, 12, 11],
          'text-anchor': 'top',
          'text-offset': [0, 0.3],
          'symbol-sort-key': ['-', ['*', ['get', 'rank'], 10_000_000], ['get', 'population']],
        },
        paint: { 'text-color': color('map-text'), 'text-halo-color': color('map-halo'), 'text-halo-width': 1.4 },
      },
      {
        id: 'attacks',
        type: 'symbol',
        source: 'attacks',
        layout: { 'icon-image': ['get', 'image'], 'icon-allow-overlap': true },
        paint: { 'icon-opacity': ['get', 'opacity'] },
      },
    ],
  };
}

type Draw = (pen: CanvasRenderingContext2D) => void;
const SIZE = 36;

function diamond(pen: CanvasRenderingContext2D): void {
  pen.beginPath();
  pen.moveTo(18, 3);
  pen.lineTo(33, 18);
  pen.lineTo(18, 33);
  pen.lineTo(3, 18);
  pen.closePath();
}

const DRAW: Readonly<Record<Strength, Draw>> = {
  strong: (pen) => {
    diamond(pen);
    pen.fill();
  },
  signed: (pen) => {
    diamond(pen);
    pen.stroke();
    pen.beginPath();
    pen.arc(18, 18, 5, 0, 2 * Math.PI);
    pen.fill();
  },
  weak: (pen) => {
    pen.setLineDash([6, 4]);
    pen.beginPath();
    pen.arc(18, 18, 12, 0, 2 * Math.PI);
    pen.stroke();
  },
};

function imageOf(strength: Strength): (theme: CSSStyleDeclaration) => ImageData {
  return (theme) => {
    const canvas = document.createElement('canvas');
    canvas.width = SIZE;
    canvas.height = SIZE;
    const pen = canvas.getContext('2d');
    if (pen === null) return new ImageData(SIZE, SIZE);
    pen.strokeStyle = pen.fillStyle = theme.getPropertyValue('--attack').trim();
    pen.lineWidth = 3;
    DRAW[strength](pen);
    return pen.getImageData(0, 0, SIZE, SIZE);
  };
}

/** The same shapes as in the legend, as images of the map. */
export const ATTACK_IMAGES = {
  'attack-strong': imageOf('strong'),
  'attack-signed': imageOf('signed'),
  'attack-weak': imageOf('weak'),
} as const;
