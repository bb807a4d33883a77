import type { BoardAttack } from '../../../src/domain/board.js';
import type { Position } from '../../../src/domain/geometry.js';
import { HOUR_MS, msBetween, type Instant } from '../../../src/domain/instant.js';
import type { Display } from '../../../src/domain/status.js';
import type { View } from '../../../client/follow.js';
import { nameOf } from '../corridor.js';
import { FOLDED, type Row } from '../board/rows.js';

/** What both maps draw. */
export interface MapContent {
  readonly corridors: readonly MapCorridor[];
  readonly attacks: readonly MapAttack[];
}
export interface MapCorridor {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly word: Display;
  readonly lines: readonly (readonly Position[])[];
  /** A line between named places, not the road. */
  readonly isSchematic: boolean;
  /** Where its label stands; null: folded corridors have none. */
  readonly label: Position | null;
}
export interface MapAttack {
  readonly id: string;
  readonly position: Position;
  readonly precisionKm: number;
  readonly strength: Strength;
  /** 0 now, 1 three hours ago. */
  readonly faded: number;
}

export const STRENGTHS = ['strong', 'signed', 'weak'] as const;
/** How much a report weighs, told by its shape: graded A–C or corroborated; from a signed-in sender; neither. */
export type Strength = (typeof STRENGTHS)[number];

const SHOWN_MS = 3 * HOUR_MS;
/** Fading in steps: a map that changed each second would draw all day. */
const FADE_STEPS = 12;

export function mapContent(view: View, rows: readonly Row[], now: Instant): MapContent {
  return {
    corridors: rows.flatMap(({ corridor, word, section }): readonly MapCorridor[] => {
      const lines = (corridor.segments ?? []).flatMap((segment) =>
        segment.line === undefined ? [] : [segment.line as readonly Position[]],
      );
      if (lines.length === 0) return [];
      return [
        {
          id: corridor.id,
          name: nameOf(corridor),
          code: corridor.code ?? '',
          word,
          lines,
          isSchematic: corridor.geometryKind !== 'traced',
          label: FOLDED.has(section) ? null : middleOf(lines.flat()),
        },
      ];
    }),
    attacks: Object.values(view.board.attacks).flatMap((attack) => mapAttack(attack, now)),
  };
}

function mapAttack(attack: BoardAttack, now: Instant): readonly MapAttack[] {
  const ageMs = msBetween(attack.countsFrom ?? attack.recordedAt, now);
  const { place } = attack;
  if (place?.position === undefined || attack.isDiscounted || attack.isRetracted || ageMs < 0 || ageMs >= SHOWN_MS) return [];
  return [
    {
      id: attack.id,
      position: place.position as Position,
      precisionKm: place.precisionKm ?? 0,
      strength: strengthOf(attack),
      faded: Math.round((ageMs / SHOWN_MS) * FADE_STEPS) / FADE_STEPS,
    },
  ];
}

function strengthOf({ grade, verification, isAuthenticated }: BoardAttack): Strength {
  const isGraded = grade?.reliability !== undefined && grade.reliability <= 'C';
  if (isGraded || verification === 'corroborated' || verification === 'confirmed') return 'strong';
  return isAuthenticated === true ? 'signed' : 'weak';
}

function middleOf(positions: readonly Position[]): Position | null {
  const lengths = positions
    .slice(1)
    .map((to, index) => Math.hypot(to[0] - (positions[index]?.[0] ?? to[0]), to[1] - (positions[index]?.[1] ?? to[1])));
  let rest = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [positions[index], positions[index + 1]];
    if (from === undefined || to === undefined) break;
    if (rest <= length && length > 0) return [from[0] + ((to[0] - from[0]) * rest) / length, from[1] + ((to[1] - from[1]) * rest) / length];
    rest -= length;
  }
  return positions[0] ?? null;
}

const KM_PER_DEGREE = 111.32;
const CIRCLE_STEPS = 48;

/** The circle within which a place is known, as a ring. For drawing only. */
export function circleAround([longitude, latitude]: Position, radiusKm: number): readonly Position[] {
  const dLatitude = radiusKm / KM_PER_DEGREE;
  const dLongitude = dLatitude / Math.cos((latitude * Math.PI) / 180);
  return Array.from({ length: CIRCLE_STEPS + 1 }, (_, step) => {
    const angle = (2 * Math.PI * step) / CIRCLE_STEPS;
    return [longitude + dLongitude * Math.cos(angle), latitude + dLatitude * Math.sin(angle)] as const;
  });
}

/** [west, south, east, north] */
export type Bounds = readonly [number, number, number, number];
/** Ukraine with its border crossings. */
const COUNTRY: Bounds = [21.6, 44.1, 40.6, 52.7];
const MARGIN = 0.18;
const SMALLEST_DEGREES = 2;

/** Where the map opens: round the corridors that stand on the board, with their surroundings. */
export function openingBounds({ corridors }: MapContent): Bounds {
  const positions = corridors.filter(({ label }) => label !== null).flatMap(({ lines }) => lines.flat());
  if (positions.length === 0) return COUNTRY;
  const [longitudes, latitudes] = [positions.map(([longitude]) => longitude), positions.map(([, latitude]) => latitude)];
  const [west, east] = widened(Math.min(...longitudes), Math.max(...longitudes));
  const [south, north] = widened(Math.min(...latitudes), Math.max(...latitudes));
  return [west, south, east, north];
}

function widened(from: number, to: number): readonly [number, number] {
  const margin = Math.max(MARGIN * (to - from), (SMALLEST_DEGREES - (to - from)) / 2);
  return [from - margin, to + margin];
}
