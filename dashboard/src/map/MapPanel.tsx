import { Component, Suspense, lazy, useMemo, useState, type ReactNode } from 'react';
import { FormattedMessage, useIntl } from 'react-intl';
import { Mark } from '../words/Mark.js';
import type { MapContent } from './content.js';
import { AttackMark } from './AttackMark.js';
import { STRENGTHS } from './content.js';
import { SvgMap } from './SvgMap.js';

/** The big map comes after the board stands, in a file of its own. */
const DetailedMap = lazy(async () => ({ default: (await import('./DetailedMap.js')).DetailedMap }));

export interface MapProps {
  readonly content: MapContent;
  readonly selectedId: string | null;
  readonly onSelect: (corridorId: string) => void;
}

const ATTRIBUTION_LINKS = {
  geonames: (
    <a href="https://www.geonames.org/" rel="noreferrer">
      GeoNames
    </a>
  ),
  licence: (
    <a href="https://creativecommons.org/licenses/by/4.0/" rel="noreferrer">
      CC BY 4.0
    </a>
  ),
};
const GRADES = { strong: 'map.gradeStrong', signed: 'map.gradeAuthenticated', weak: 'map.gradeWeak' } as const;

export function MapPanel(given: MapProps) {
  const props = { ...given, content: useUnchanged(given.content) };
  const intl = useIntl();
  const [hasWebGl] = useState(canDrawWebGl);
  const selected = props.content.corridors.find((corridor) => corridor.id === props.selectedId);
  const simple = <SvgMap {...props} />;
  return (
    <section className="panel map-panel" id="map" tabIndex={-1} aria-label={intl.formatMessage({ id: 'map.label' })}>
      <div className="map-frame">
        {hasWebGl ? (
          <MapBoundary fallback={simple}>
            <Suspense
              fallback={
                <p className="map-loading">
                  <FormattedMessage id="map.loading" />
                </p>
              }
            >
              <DetailedMap {...props} />
            </Suspense>
          </MapBoundary>
        ) : (
          simple
        )}
        {selected !== undefined && (
          <p className="map-selected">
            <Mark display={selected.word} />
            <span>
              <FormattedMessage
                id="map.selected"
                values={{ corridor: <bdi>{selected.name}</bdi>, word: intl.formatMessage({ id: `display.${selected.word}` }) }}
              />
            </span>
            {selected.isSchematic && (
              <strong>
                <FormattedMessage id="map.notTheRoad" />
              </strong>
            )}
          </p>
        )}
      </div>
      <ul className="legend">
        {STRENGTHS.map((strength) => (
          <li key={strength}>
            <AttackMark strength={strength} /> <FormattedMessage id={GRADES[strength]} />
          </li>
        ))}
        <li>
          <span className="legend-circle" aria-hidden="true" /> <FormattedMessage id="map.precision" />
        </li>
        <li>
          <span className="legend-dash" aria-hidden="true" /> <FormattedMessage id="map.dashed" />
        </li>
      </ul>
      <p className="attribution">
        <FormattedMessage id="map.attribution" values={ATTRIBUTION_LINKS} />
      </p>
    </section>
  );
}

/** The same value as long as it says the same: the view is new each second, the map is not. */
function useUnchanged(content: MapContent): MapContent {
  const text = JSON.stringify(content);
  return useMemo(() => JSON.parse(text) as MapContent, [text]);
}

function canDrawWebGl(): boolean {
  try {
    return document.createElement('canvas').getContext('webgl2') !== null;
  } catch {
    return false;
  }
}

/** A map that fails must never take the board with it. */
class MapBoundary extends Component<{ readonly fallback: ReactNode; readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <>
        <p className="hidden" role="status">
          <FormattedMessage id="map.failed" />
        </p>
        {this.props.fallback}
      </>
    );
  }
}
