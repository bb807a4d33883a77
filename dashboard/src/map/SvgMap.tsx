import { useEffect, useRef, useState } from 'react';
import towns from 'virtual:places';
import type { Position } from '../../../src/domain/geometry.js';
import { AttackShape } from './AttackMark.js';
import { BASE_LAYERS, type BaseLayer } from './base.js';
import { circleAround, openingBounds, type Bounds, type MapContent } from './content.js';
import { CorridorLabel } from './CorridorLabel.js';
import { placeLabels } from './labels.js';
import type { MapProps } from './MapPanel.js';

type Point = readonly [number, number];
type Size = readonly [number, number];

const DEGREE = Math.PI / 180;
const FIRST_SIZE: Size = [400, 340];
const LABEL: Size = [84, 28];
const TOWNS_SHOWN = 2;

/** Mercator, in radians, downwards: the same shape at every place of the map. */
function flat([longitude, latitude]: readonly [number, number]): Point {
  return [longitude * DEGREE, -Math.log(Math.tan(Math.PI / 4 + (latitude * DEGREE) / 2))];
}

/** How the flat map lies in the frame: `scale` px a radian, moved by `x` and `y` px. */
interface Fit {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

function fitOf([west, south, east, north]: Bounds, [width, height]: Size): Fit {
  const [left, top] = flat([west, north]);
  const [right, bottom] = flat([east, south]);
  const scale = Math.min(width / (right - left), height / (bottom - top));
  return { scale, x: width / 2 - (scale * (left + right)) / 2, y: height / 2 - (scale * (top + bottom)) / 2 };
}

function pathOf(points: readonly Point[], digits: number): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(digits)} ${y.toFixed(digits)}`).join('');
}

interface Shapes {
  readonly features: readonly { readonly geometry: { readonly type: string; readonly coordinates: unknown } }[];
}

/** Every ring or line of a GeoJSON file as one path of the flat map. */
function pathOfShapes({ features }: Shapes): string {
  const lines: Position[][] = [];
  const collect = (coordinates: unknown): void => {
    if (!Array.isArray(coordinates) || coordinates.length === 0) return;
    const first = (coordinates as unknown[][])[0]?.[0];
    if (typeof first === 'number') lines.push(coordinates as Position[]);
    else for (const part of coordinates) collect(part);
  };
  for (const feature of features) collect(feature.geometry.coordinates);
  return lines.map((line) => pathOf(line.map(flat), 5)).join('');
}

/** The map where there is no WebGL: the same content, our own drawing, a pixel a pixel. */
export function SvgMap({ content, selectedId, onSelect }: MapProps) {
  const base = useBase();
  const svg = useRef<SVGSVGElement>(null);
  const fit = fitOf(useOpeningBounds(content), useSize(svg));
  const at = (position: readonly [number, number]): Point => {
    const [x, y] = flat(position);
    return [fit.scale * x + fit.x, fit.scale * y + fit.y];
  };
  const line = (positions: readonly Position[]): string => pathOf(positions.map(at), 1);
  const offsets = placeLabels(content.corridors.flatMap(({ id, label }) => (label === null ? [] : [{ id, at: at(label) }])));
  return (
    <svg ref={svg} className="svg-map" role="group">
      <g transform={`translate(${String(fit.x)} ${String(fit.y)}) scale(${String(fit.scale)})`}>
        {(Object.keys(BASE_LAYERS) as BaseLayer[]).map((layer) => (
          <path key={layer} className={`base-${layer}`} d={base[layer] ?? ''} vectorEffect="non-scaling-stroke" />
        ))}
      </g>
      {towns
        .filter((town) => town.rank < TOWNS_SHOWN)
        .map((town) => {
          const [x, y] = at(town.position);
          return (
            <g key={`${town.name}${town.position.join(' ')}`} className="town">
              <circle cx={x} cy={y} r="2" />
              <text x={x + 5} y={y + 4}>
                {town.name}
              </text>
            </g>
          );
        })}
      {content.attacks.map((attack) => {
        const [x, y] = at(attack.position);
        return (
          <g key={attack.id} opacity={1 - attack.faded * 0.6}>
            {attack.precisionKm > 0.5 && <path className="precision" d={`${line(circleAround(attack.position, attack.precisionKm))}Z`} />}
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
          d={corridor.lines.map(line).join('')}
          onClick={() => {
            onSelect(corridor.id);
          }}
        />
      ))}
      {/* The most urgent last: what is drawn later lies above. */}
      {content.corridors.toReversed().map((corridor) => {
        if (corridor.label === null) return null;
        const [x, y] = at(corridor.label);
        const [dx, dy] = offsets.get(corridor.id) ?? [0, 0];
        return (
          <foreignObject
            key={corridor.id}
            className="map-label-place"
            x={x + dx - LABEL[0] / 2}
            y={y + dy - LABEL[1] / 2}
            width={LABEL[0]}
            height={LABEL[1]}
          >
            <CorridorLabel corridor={corridor} isSelected={corridor.id === selectedId} onSelect={onSelect} />
          </foreignObject>
        );
      })}
    </svg>
  );
}

/** Where the map opened when there was something to look at: it does not move under its reader's eyes. */
function useOpeningBounds(content: MapContent): Bounds {
  const [opened, setOpened] = useState<Bounds | null>(null);
  if (opened === null && content.corridors.length > 0) setOpened(openingBounds(content));
  return opened ?? openingBounds(content);
}

function useSize(element: { readonly current: SVGSVGElement | null }): Size {
  const [size, setSize] = useState(FIRST_SIZE);
  useEffect(() => {
    if (element.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined && entry.contentRect.width > 0) setSize([entry.contentRect.width, entry.contentRect.height]);
    });
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return size;
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
