import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** A folder in the format `corridor-history/1` (data/ukraine-2022/README.md), as far as the player reads it. */
export interface HistoryPlace {
  readonly name: string;
  readonly coordinates: readonly [number, number];
  readonly precision_km: number;
}

export interface HistoryCorridor {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly direction: 'out' | 'in';
  readonly origin: HistoryPlace;
  readonly via: readonly HistoryPlace[];
  readonly destination: HistoryPlace | null;
  readonly declared_by: readonly string[];
  readonly unilateral_offer_only: boolean;
  readonly permitted_modes: readonly string[];
  readonly timezone: string;
}

export interface HistoryWindow {
  readonly id: string;
  readonly corridor_ids: readonly string[];
  readonly kind: string;
  readonly date: string;
  readonly end_date: string;
  readonly start_utc: string | null;
  readonly end_utc: string | null;
  readonly timezone: string;
  readonly stated_as: string | null;
  readonly announced_by: readonly string[];
  readonly agreed_by: Readonly<Record<string, 'yes' | 'no' | 'unknown'>>;
  readonly alternatives: readonly { readonly field: string; readonly value: string; readonly why: string }[];
  readonly notes: string;
}

export interface HistoryOutcome {
  readonly window_id: string;
  readonly corridor_ids: readonly string[];
  readonly outcome: string;
  readonly outcome_detail: string | null;
  readonly violation_kind: string | null;
}

export interface HistoryIncident {
  readonly id: string;
  readonly datetime: string;
  readonly timezone: string;
  readonly place: string;
  readonly lon: number | null;
  readonly lat: number | null;
  readonly precision_km: number;
  readonly type: string;
  readonly corridor_ids: readonly string[];
  readonly killed_min: number | null;
  readonly killed_max: number | null;
  readonly injured_min: number | null;
  readonly injured_max: number | null;
  readonly children_killed_min: number | null;
  readonly children_killed_max: number | null;
  readonly children_injured: number | null;
  readonly missing: number | null;
  readonly notes: string;
  /** The stream's instant of a part of a day (`early morning`), kept for a late entry. */
  readonly partOfDayAt?: string;
}

export type HistoryRecord =
  | { readonly type: 'corridor_declared'; readonly at: string; readonly payload: HistoryCorridor }
  | { readonly type: 'window_announced'; readonly at: string; readonly payload: HistoryWindow }
  | {
      readonly type: 'window_start_scheduled';
      readonly at: string;
      readonly payload: { readonly window_id: string; readonly corridor_ids: readonly string[] };
    }
  | { readonly type: 'window_outcome'; readonly at: string; readonly payload: HistoryOutcome }
  | { readonly type: 'incident_reported'; readonly at: string; readonly at_precision?: string; readonly payload: HistoryIncident }
  | { readonly type: 'window_end_scheduled' | 'movement_reported' | 'corridor_last_seen'; readonly at: string; readonly payload: unknown };

/** What the records alone don't say (`player-map.json`); without it the relevant parties are the keys of `agreed_by`. */
export interface PlayerMap {
  readonly relevantParties: readonly string[];
  readonly eventTypes: Readonly<Record<string, string>>;
  readonly incidents: Readonly<
    Record<
      string,
      {
        readonly effect?: string;
        readonly modes?: readonly string[];
        readonly also?: readonly string[];
        readonly stop?: { readonly modes: readonly string[] };
        readonly casualtyStatus?: string;
        readonly enterAt?: string;
        readonly eventTime?: null;
      }
    >
  >;
  readonly outcomes: Readonly<
    Record<
      string,
      { readonly corridors?: readonly string[]; readonly passable: readonly string[]; readonly notPassable: readonly string[] }
    >
  >;
  readonly contradictions: Readonly<Record<string, { readonly value: string; readonly by: string; readonly against: string }>>;
}

export interface History {
  readonly corridors: ReadonlyMap<string, HistoryCorridor>;
  /** By time, then in the order of the file; late entries stand at the time of their entry. */
  readonly records: readonly HistoryRecord[];
  readonly map: PlayerMap;
}

const NO_MAP: PlayerMap = { relevantParties: [], eventTypes: {}, incidents: {}, outcomes: {}, contradictions: {} };

export function readHistory(folder: string): History {
  const { corridors } = JSON.parse(readFileSync(join(folder, 'corridors.json'), 'utf8')) as {
    readonly corridors: readonly HistoryCorridor[];
  };
  const mapFile = join(folder, 'player-map.json');
  const map = existsSync(mapFile) ? { ...NO_MAP, ...(JSON.parse(readFileSync(mapFile, 'utf8')) as Partial<PlayerMap>) } : NO_MAP;
  const records = readFileSync(join(folder, 'timeline.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => enteredLate(JSON.parse(line) as HistoryRecord, map))
    .map((record, order) => ({ record, order }))
    .sort((a, b) => Date.parse(a.record.at) - Date.parse(b.record.at) || a.order - b.order)
    .map(({ record }) => record);
  return { corridors: new Map(corridors.map((corridor) => [corridor.id, corridor])), records, map };
}

/** Found or confirmed late: the report is entered then, with the time of its event. */
function enteredLate(record: HistoryRecord, map: PlayerMap): HistoryRecord {
  if (record.type !== 'incident_reported') return record;
  const enterAt = map.incidents[record.payload.id]?.enterAt;
  if (enterAt === undefined) return record;
  const isPartOfDay = record.at_precision?.endsWith('morning') === true;
  return { ...record, at: enterAt, payload: isPartOfDay ? { ...record.payload, partOfDayAt: record.at } : record.payload };
}

/** The other kinds become nothing: a window knows its own start, the rules see to its end, and numbers of people moved are not kept. */
export function becomesSomething({ type }: HistoryRecord): boolean {
  return type === 'corridor_declared' || type === 'window_announced' || type === 'window_outcome' || type === 'incident_reported';
}
