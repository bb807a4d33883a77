import { Map as MapLibre, Marker, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useIntl } from 'react-intl';
import { CorridorLabel } from './CorridorLabel.js';
import type { MapContent, MapCorridor } from './content.js';
import { openingBounds } from './content.js';
import { placeLabels, type Offset } from './labels.js';
import type { MapProps } from './MapPanel.js';
import { attackShapes, corridorShapes, precisionShapes } from './shapes.js';
import { ATTACK_IMAGES, mapStyle } from './style.js';
import { allowOurScripts } from './trusted-types.js';

allowOurScripts();
setWorkerUrl(workerUrl);

/** The map on WebGL. Everything it loads is ours; its controls and attribution are drawn by the page. */
export function DetailedMap({ content, selectedId, onSelect }: MapProps) {
  const intl = useIntl();
  const frame = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<MapLibre | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const choose = useRef(onSelect);
  useEffect(() => {
    choose.current = onSelect;
  });

  useEffect(() => {
    if (frame.current === null) return undefined;
    const made = makeMap(frame.current, setFailure);
    made.on('load', () => {
      setMap(made);
    });
    made.on('click', 'corridors', ({ features }) => {
      const id: unknown = features?.[0]?.properties['id'];
      if (typeof id === 'string') choose.current(id);
    });
    return () => {
      setMap(null);
      made.remove();
    };
  }, []);

  useEffect(() => {
    if (map !== null) fill(map, content, selectedId);
  }, [map, content, selectedId]);
  useEffect(() => {
    map?.getCanvas().setAttribute('aria-label', intl.formatMessage({ id: 'map.canvas' }));
  }, [map, intl]);

  // Once, when there is something to look at: after that the map stays where its reader put it.
  const hasCorridors = content.corridors.length > 0;
  const latest = useRef(content);
  useEffect(() => {
    latest.current = content;
  });
  useEffect(() => {
    if (map !== null && hasCorridors) showAll(map, latest.current);
  }, [map, hasCorridors]);
  const offsets = useOffsets(map, content);

  if (failure !== null) throw failure; // to the boundary, which draws the simple map
  return (
    <>
      <div ref={frame} className="detailed-map" />
      {map !== null && (
        <div className="map-zoom">
          <button
            type="button"
            className="button"
            aria-label={intl.formatMessage({ id: 'map.zoomIn' })}
            onClick={() => {
              map.zoomIn();
            }}
          >
            +
          </button>
          <button
            type="button"
            className="button"
            aria-label={intl.formatMessage({ id: 'map.zoomOut' })}
            onClick={() => {
              map.zoomOut();
            }}
          >
            −
          </button>
          <button
            type="button"
            className="button"
            aria-label={intl.formatMessage({ id: 'map.reset' })}
            onClick={() => {
              showAll(map, content);
            }}
          >
            <span aria-hidden="true">⤢</span>
          </button>
        </div>
      )}
      {map !== null &&
        content.corridors.map((corridor) =>
          corridor.label === null ? null : (
            <Label
              key={corridor.id}
              map={map}
              corridor={corridor}
              offset={offsets.get(corridor.id) ?? ABOVE}
              isSelected={corridor.id === selectedId}
              onSelect={onSelect}
            />
          ),
        )}
    </>
  );
}

function makeMap(container: HTMLElement, onFailure: (error: Error) => void): MapLibre {
  const [west, south, east, north] = openingBounds({ corridors: [], attacks: [] });
  const map = new MapLibre({
    container,
    style: mapStyle(getComputedStyle(document.documentElement)),
    bounds: [west, south, east, north],
    maxZoom: 12,
    dragRotate: false,
    pitchWithRotate: false,
    attributionControl: false, // the page shows the wording that the sources ask for, always in full
    cooperativeGestures: false,
    fadeDuration: 0,
  });
  map.keyboard.disableRotation();
  map.touchZoomRotate.disableRotation();
  map.scrollZoom.disable(); // the page scrolls; double click and pinch zoom
  map.on('webglcontextlost', () => {
    onFailure(new Error('the WebGL context is lost'));
  });
  map.on('style.load', () => {
    const theme = getComputedStyle(document.documentElement);
    for (const [name, draw] of Object.entries(ATTACK_IMAGES)) map.addImage(name, draw(theme), { pixelRatio: 2 });
  });
  return map;
}

/** A label may stand beside its line, px. */
const ROOM_FOR_LABELS = { left: 24, right: 24, top: 0, bottom: 0 };

function showAll(map: MapLibre, content: MapContent): void {
  const [west, south, east, north] = openingBounds(content);
  map.fitBounds([west, south, east, north], { animate: false, padding: ROOM_FOR_LABELS });
}

const ABOVE: Offset = [0, -22];
const NONE: ReadonlyMap<string, Offset> = new Map();

/** Where the labels stand at this zoom, found anew when the map has moved. */
function useOffsets(map: MapLibre | null, { corridors }: MapContent): ReadonlyMap<string, Offset> {
  const [offsets, setOffsets] = useState(NONE);
  useEffect(() => {
    if (map === null) return undefined;
    const place = (): void => {
      const places = corridors.flatMap(({ id, label }) => {
        if (label === null) return [];
        const { x, y } = map.project([label[0], label[1]]);
        return [{ id, at: [x, y] as const }];
      });
      setOffsets(placeLabels(places));
    };
    place();
    map.on('moveend', place);
    return () => {
      map.off('moveend', place);
    };
  }, [map, corridors]);
  return offsets;
}

function fill(map: MapLibre, content: MapContent, selectedId: string | null): void {
  void map.getSource<GeoJSONSource>('corridors')?.setData(corridorShapes(content, selectedId));
  void map.getSource<GeoJSONSource>('precision')?.setData(precisionShapes(content));
  void map.getSource<GeoJSONSource>('attacks')?.setData(attackShapes(content));
}

interface LabelProps {
  readonly map: MapLibre;
  readonly corridor: MapCorridor;
  readonly offset: Offset;
  readonly isSelected: boolean;
  readonly onSelect: (corridorId: string) => void;
}

/** A label of the page at a place of the map. */
function Label({ map, corridor, offset, isSelected, onSelect }: LabelProps) {
  const [element] = useState(() => document.createElement('div'));
  const marker = useRef<Marker | null>(null);
  const [longitude, latitude] = corridor.label ?? [0, 0];
  useEffect(() => {
    const made = new Marker({ element }).setLngLat([longitude, latitude]).addTo(map);
    marker.current = made;
    return () => {
      made.remove();
    };
  }, [map, element, longitude, latitude]);
  const [dx, dy] = offset;
  useEffect(() => {
    marker.current?.setOffset([dx, dy]);
  }, [dx, dy, map, element, longitude, latitude]);
  return createPortal(<CorridorLabel corridor={corridor} isSelected={isSelected} onSelect={onSelect} />, element);
}
