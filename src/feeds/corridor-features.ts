import { corridorAsSeen } from '../domain/as-seen.js';
import { statusAsSeen, type Audience, type SeenStatus } from '../domain/audience.js';
import type { Corridor, Direction, GeometryKind, Mode, Provenance, Purpose } from '../domain/corridor.js';
import type { Position } from '../domain/geometry.js';
import type { CorridorCode } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { ModeStatus, Reason, Status } from '../domain/status.js';
import { linesWithin180 } from './antimeridian.js';

export type Geometry =
  | { readonly type: 'MultiPoint'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] }
  | null;

export interface CorridorFeature {
  readonly type: 'Feature';
  readonly id: string;
  readonly geometry: Geometry;
  readonly properties: {
    readonly not_for_navigation: true;
    readonly notice: string | null;
    readonly code: CorridorCode;
    readonly name: string;
    readonly direction: Direction;
    readonly purpose: Purpose;
    readonly permittedModes: readonly Mode[];
    readonly geometryKind: GeometryKind;
    readonly isRoad: boolean;
    readonly provenance: Provenance;
  } & ShownWord;
}

/** What the board says of it: a feature alone must say it, too. */
interface ShownWord extends Pick<SeenStatus, 'display' | 'validUntil' | 'stance' | 'limits' | 'lastDepartureAt'> {
  /** Null: nothing was decided yet. */
  readonly decidedAt: Instant | null;
  readonly reasons: readonly Pick<Reason, 'code' | 'liftedBy' | 'modes' | 'inputs'>[];
  readonly modes: readonly Pick<ModeStatus, 'mode' | 'display' | 'passability' | 'lastDepartureAt'>[];
}

/**
 * One corridor as a GeoJSON feature for its reader; null when they may not see it.
 *
 * Lines are exact or absent: only a traced route leaves as lines, and only to those who may see its segments. Everything else is the
 * named places that the reader may see, as points. A feature alone, torn out of its collection, still says what it is not.
 *
 * @param shown the status as it may be shown now
 */
export function corridorFeature(
  corridor: Corridor,
  shown: Status | null,
  audience: Audience,
  notice: string | null,
): CorridorFeature | null {
  const seen = corridorAsSeen(corridor, audience);
  const status = shown === null ? null : statusAsSeen(shown, audience, corridor);
  if (seen === null) return null;
  return {
    type: 'Feature',
    id: `urn:uuid:${corridor.id}`,
    geometry: geometryOf(corridor, seen),
    properties: {
      not_for_navigation: true,
      notice,
      code: corridor.code,
      name: corridor.name,
      direction: corridor.direction,
      purpose: corridor.purpose,
      permittedModes: corridor.permittedModes,
      geometryKind: corridor.geometryKind,
      isRoad: corridor.geometryKind === 'traced',
      provenance: corridor.provenance,
      ...(status === null ? NEVER_DECIDED : wordOf(status)),
    },
  };
}

const NEVER_DECIDED: ShownWord = {
  display: 'unknown',
  decidedAt: null,
  validUntil: null,
  stance: 'observed',
  reasons: [],
  modes: [],
  limits: [],
  lastDepartureAt: null,
};

function wordOf(status: SeenStatus): ShownWord {
  return {
    display: status.display,
    decidedAt: status.decidedAt,
    validUntil: status.validUntil,
    stance: status.stance,
    reasons: [...status.reasons, ...status.beside].map(({ code, liftedBy, modes, inputs }) => ({ code, liftedBy, modes, inputs })),
    modes: status.modes.map(({ mode, display, passability, lastDepartureAt }) => ({ mode, display, passability, lastDepartureAt })),
    limits: status.limits,
    lastDepartureAt: status.lastDepartureAt,
  };
}

type Seen = NonNullable<ReturnType<typeof corridorAsSeen>>;

function geometryOf(corridor: Corridor, seen: Seen): Geometry {
  if (corridor.geometryKind === 'traced' && seen.segments !== undefined) {
    return { type: 'MultiLineString', coordinates: corridor.segments.flatMap((segment) => linesWithin180(segment.line)) };
  }
  const places = [seen.origin, ...(seen.via ?? []), seen.destination];
  const coordinates = places.flatMap((place) => (place?.position === undefined ? [] : [place.position as Position]));
  return coordinates.length === 0 ? null : { type: 'MultiPoint', coordinates };
}
