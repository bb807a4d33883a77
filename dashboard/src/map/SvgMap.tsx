import { useEffect, useState } from 'react';
import towns from 'virtual:places';
import type { Position } from '../../../src/domain/geometry.js';
import { AttackShape } from './AttackMark.js';
import { BASE_LAYERS, type BaseLayer } from './base.js';
import { OPENING_BOUNDS, circleAround } from './content.js';
import { CorridorLabel } from './CorridorLabel.js';
import type { MapProps } from './MapPanel.js';

const WIDTH = 1000;
const [WEST, SOUTH, EAST, NORTH] = OPENING_BOUNDS;
const mercator = (latitude: number): number => Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
const SCALE = WIDTH / (((EAST - WEST) * Math.PI) / 180);
const HEIGHT = Math.round((mercator(NORTH) - mercator(SOUTH)) * SCALE);

function project([longitude, latitude]: readonly [number, number]): readonly [number, number] {
  return [(((longitude - WEST) * Math.PI) / 180) * SCALE, (mercator(NORTH) - mercator(latitude)) * SCALE];
}

function pathOf(positions: readonly Position[]): string {
  return positions
    .map(
      (position, index) =>
        `${index === 0 ? 'M' : 'L'}${project(position)
          .map((at) => at.toFixed(1))
          .join(' ')}`,
    )
    .join('');
}

interface Shapes {
  readonly features: readonly { readonly geometry: { readonly type: string; readonly coordinates: unknown } }[];
}

/** Every ring or line of a GeoJSON file as one path. */
function pathOfShapes({ features }: Shapes): string {
  const lines: Position[][] = [];
  const collect = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates) || coordinates.length === 0) return;
    const first = (coordinates as unknown[][])[0]?.[0];
    if (typeof first === 'number') lines.push(coordinates as Position[]);
    else for (const part of coordinates) collect(part);
  };
  for (const feature of features) collect(feature.geometry.coordinates);
  return lines.map(pathOf).join('');
}

/** The map where there is no WebGL: the same content, our own drawing. */
export function SvgMap({ content, selectedId, onSelect }: MapProps) {
  const base = useBase();
  return (
    <svg className="svg-map" viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} role="group" preserveAspectRatio="xMidYMid slice">
      {(Object.keys(BASE_LAYERS) as BaseLayer[]).map((layer) => (
        <path key={layer} className={`base-${layer}`} d={base[layer] ?? ''} />
      ))}
      {towns
        .filter((town) => town.rank < 2)
        .map((town) => {
          const [x, y] = project(town.position);
          return (
            <g key={`${town.name}${String(x)}`} className="town">
              <circle cx={x} cy={y} r="2" />
              <text x={x + 5} y={y + 4}>
                {town.name}
              </text>
            </g>
          );
        })}
      {content.attacks.map((attack) => {
        const [x, y] = project(attack.position);
        return (
          <g key={attack.id} opacity={1 - attack.faded * 0.6}>
            {attack.precisionKm > 0.5 && <path className="precision" d={`${pathOf(circleAround(attack.position, attack.precisionKm))}Z`} />}
            <svg x={x - 8} y={y - 8} width="16" height="16" viewBox="0 0 16 16">
              <AttackShape strength={attack.strength} />
            </svg>
          </g>
        );
      })}
      {content.corridors.map((corridor) => (
        <path
          key={corridor.id}
          className={`line line-${corridor.word}${corridor.isSchematic ? ' line-schematic' : ''}${corridor.id === selectedId ? ' line-selected' : ''}`}
          d={corridor.lines.map(pathOf).join('')}
          onClick={() => {
            onSelect(corridor.id);
          }}
        />
      ))}
      {content.corridors.map((corridor) => {
        if (corridor.label === null) return null;
        const [x, y] = project(corridor.label);
        return (
          <foreignObject key={corridor.id} x={x - 36} y={y - 13} width="72" height="26">
            <CorridorLabel corridor={corridor} isSelected={corridor.id === selectedId} onSelect={onSelect} />
          </foreignObject>
        );
      })}
    </svg>
  );
}

function useBase(): Readonly<Partial<Record<BaseLayer, string>>> {
  const [base, setBase] = useState<Readonly<Partial<Record<BaseLayer, string>>>>({});
  useEffect(() => {
    let isGone = false;
    for (const [layer, url] of Object.entries(BASE_LAYERS)) {
      void fetch(url)
        .then((response) => response.json() as Promise<Shapes>)
        .then((shapes) => {
          if (!isGone) setBase((known) => ({ ...known, [layer]: pathOfShapes(shapes) }));
        })
        .catch(() => undefined); // without it the corridors still stand at their places
    }
    return () => {
      isGone = true;
    };
  }, []);
  return base;
}
