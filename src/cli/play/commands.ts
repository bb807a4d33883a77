import { v5 } from 'uuid';
import type { History, HistoryCorridor, HistoryIncident, HistoryOutcome, HistoryPlace, HistoryWindow } from './history.js';

/** Who sends it: the reports account, or the first or second coordinator of history; the demo's invented people besides. */
export type Account = 'reports' | 'first' | 'second' | 'team' | 'assessor';

/** One request to /v1. */
export interface Request {
  readonly account: Account;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const NAMESPACE = 'b3f4d7a2-6a51-5c1e-8f57-0c6f0a6d9e11';

/** The id of a record, the same in every replay. */
export function idOf(recordId: string): string {
  return v5(recordId, NAMESPACE);
}

function request(account: Account, path: string, record: string, body: Readonly<Record<string, unknown>>): Request {
  return { account, path, body: { commandId: idOf(record), ...body } };
}

const MODES: Readonly<Record<string, string>> = { private_car: 'car', private_boat: 'boat' };
const PROVENANCE = 'history';

/** How the segments of a corridor are watched; the demo's invented reports say more than history does. */
export interface Watching {
  readonly watch: string;
  readonly exposure: string;
  readonly checkpoints: number;
}
const UNWATCHED: Watching = { watch: 'remote', exposure: 'fire_risk', checkpoints: 0 };

/** `corridor_declared`, at the first mention: declared by the first coordinator, supported by both unless one-sided or abroad. */
export function declare(
  corridor: HistoryCorridor,
  history: History,
  countryOf: (position: readonly [number, number]) => string | null,
  watching: readonly Watching[] = [],
): readonly Request[] {
  const id = idOf(corridor.id);
  const destinationCountry = corridor.destination === null ? null : countryOf(corridor.destination.coordinates);
  const isAbroad = destinationCountry !== null && destinationCountry !== corridor.country;
  const declared = request('first', '/corridors', corridor.id, {
    externalId: corridor.id,
    name: corridor.name,
    direction: corridor.direction,
    purpose: corridor.direction === 'in' ? 'aid_in' : 'evacuation_out',
    zone: corridor.timezone,
    country: corridor.country,
    destinationCountry,
    origin: place(corridor.origin),
    destination: corridor.destination === null ? null : place(corridor.destination),
    via: corridor.via.map(place),
    declaredBy: corridor.declared_by,
    relevantParties: history.map.relevantParties,
    permittedModes: corridor.permitted_modes.map(modeOf),
    geometryKind: 'schematic',
    segments: legs(corridor).map((leg, index) => ({
      id: idOf(`${corridor.id} leg ${String(index + 1)}`),
      ...leg,
      widthM: 50,
      control: 'unknown',
      ...(watching[index] ?? UNWATCHED),
    })),
    provenance: PROVENANCE,
  });
  if (corridor.unilateral_offer_only || isAbroad) return [declared];
  const proposal = idOf(`${corridor.id} support`);
  return [
    declared,
    request('first', `/corridors/${id}/stances`, `${corridor.id} support`, {
      stance: 'supported',
      reason: 'Not one-sided, and inside the country.',
    }),
    request('second', `/corridors/${id}/stances/${proposal}/approvals`, `${corridor.id} support approved`, {}),
  ];
}

/** Straight legs between the named places; a corridor of which only one place is known is that place. */
function legs(corridor: HistoryCorridor): readonly { readonly name: string; readonly line: readonly (readonly [number, number])[] }[] {
  const places = [corridor.origin, ...corridor.via, ...(corridor.destination === null ? [] : [corridor.destination])];
  if (places.length === 1) return [{ name: corridor.origin.name, line: [corridor.origin.coordinates, corridor.origin.coordinates] }];
  return places.slice(1).map((to, index) => {
    const from = places[index] ?? to;
    return { name: `${from.name} – ${to.name}`, line: [from.coordinates, to.coordinates] };
  });
}

function place({ name, coordinates, precision_km: precisionKm }: HistoryPlace): object {
  return { name, position: coordinates, precisionKm };
}

function modeOf(mode: string): string {
  return MODES[mode] ?? mode;
}

/** `window_announced`, by the second coordinator: the window with its claims, and what each relevant party said to it. */
export function announce(window: HistoryWindow, history: History): readonly Request[] {
  const id = idOf(window.id);
  const by = window.announced_by[0] ?? 'not stated';
  const wording = window.stated_as === null ? {} : { wording: window.stated_as };
  const parties = history.map.relevantParties.length > 0 ? history.map.relevantParties : Object.keys(window.agreed_by);
  const consents = parties.flatMap((party) => {
    const said = window.agreed_by[party];
    return said === 'yes' || said === 'no' ? [{ party, consent: said === 'yes' ? 'terms_confirmed' : 'refused' }] : [];
  });
  const contradiction = history.map.contradictions[window.id];
  return [
    request('second', '/windows', window.id, {
      externalId: window.id,
      kind: window.kind,
      corridorIds: window.corridor_ids.map(idOf),
      zone: window.timezone,
      announcedBy: window.announced_by,
      basis: isAgreedByAll(window, history) ? 'all_party' : null,
      claims: [
        { about: 'start', edge: edge(window.start_utc, window.date), claimedBy: by, ...wording },
        { about: 'end', edge: edge(window.end_utc, window.end_date), claimedBy: by, ...wording },
      ],
      provenance: PROVENANCE,
    }),
    ...window.alternatives
      .filter(({ field }) => field === 'start_utc' || field === 'end_utc')
      .map(({ field, value, why }) =>
        request('second', `/windows/${id}/claims`, `${window.id} ${field} ${value}`, {
          claim: {
            about: field === 'start_utc' ? 'start' : 'end',
            edge: { kind: 'instant', at: value },
            claimedBy: 'another report',
            wording: why,
          },
        }),
      ),
    ...consents.map(({ party, consent }) =>
      request('second', `/windows/${id}/consents`, `${window.id} consent ${party}`, { party, consent }),
    ),
    ...(contradiction === undefined
      ? []
      : [
          request('second', `/windows/${id}/claims`, `${window.id} contradiction`, {
            claim: {
              about: 'announcement',
              edge: { kind: 'not_stated' },
              claimedBy: contradiction.by,
              wording: `${contradiction.value}; ${contradiction.against}`,
            },
          }),
        ]),
  ];
}

/** A clock time that is null while the record has a date is an edge known as that day. */
function edge(at: string | null, date: string): object {
  return at === null ? { kind: 'day', date } : { kind: 'instant', at };
}

export function isAgreedByAll(window: HistoryWindow, history: History): boolean {
  const parties = history.map.relevantParties.length > 0 ? history.map.relevantParties : Object.keys(window.agreed_by);
  return parties.length > 0 && parties.every((party) => window.agreed_by[party] === 'yes');
}

/** A new attempt with this window, by the first coordinator; with the yes of every party also its agreement and schedule. */
export function attempt(corridorId: string, window: HistoryWindow, isFirst: boolean, history: History): readonly Request[] {
  const path = `/corridors/${idOf(corridorId)}`;
  const record = `${window.id} ${corridorId}`;
  const started = request('first', `${path}/attempts`, `${record} attempt`, { windowId: idOf(window.id) });
  if (!isAgreedByAll(window, history)) return [started];
  return [
    started,
    ...(isFirst ? [request('first', `${path}/negotiations`, `${record} negotiation`, {})] : []),
    request('first', `${path}/agreements`, `${record} agreement`, {}),
    request('first', `${path}/schedules`, `${record} schedule`, {}),
  ];
}

/** `window_outcome`, by the second coordinator: a fact, or the cancellation; with the passability that the map adds, as a party's word on every leg. */
export function outcome(record: HistoryOutcome, history: History): readonly Request[] {
  const id = idOf(record.window_id);
  const { outcome: word, outcome_detail: detail, violation_kind: violationKind } = record;
  const told = { violationKind, ...(detail === null || detail === '' ? {} : { detail }) };
  const first =
    word === 'cancelled'
      ? request(
          'second',
          `/windows/${id}/cancellations`,
          `${record.window_id} cancellation`,
          detail === null || detail === '' ? {} : { reason: detail },
        )
      : request('second', `/windows/${id}/outcomes`, `${record.window_id} outcome`, { outcome: word, ...told });
  return [first, ...passability(record, history)];
}

function passability(record: HistoryOutcome, history: History): readonly Request[] {
  const mapped = history.map.outcomes[record.window_id];
  if (mapped === undefined) return [];
  const said = Object.fromEntries([
    ...mapped.passable.map((mode) => [mode, 'passable']),
    ...mapped.notPassable.map((mode) => [mode, 'not_passable']),
  ]) as object;
  return (mapped.corridors ?? record.corridor_ids).flatMap((corridorId) => {
    const corridor = history.corridors.get(corridorId);
    return (corridor === undefined ? [] : legs(corridor)).map((_leg, index) =>
      request('reports', '/observations', `${record.window_id} ${corridorId} passability ${String(index + 1)}`, {
        corridorId: idOf(corridorId),
        segmentId: idOf(`${corridorId} leg ${String(index + 1)}`),
        seen: 'party_only',
        condition: 'quiet',
        passability: said,
        provenance: PROVENANCE,
      }),
    );
  });
}

/** `incident_reported`: an attack by the reports account; a clock time only where the record has one. */
export function incident(record: HistoryIncident, history: History): readonly Request[] {
  const mapped = history.map.incidents[record.id];
  // The map's effect says what it mainly is, where the record's type names two things.
  const type = mapped?.effect ?? history.map.eventTypes[record.type] ?? 'unknown';
  const also = (mapped?.also ?? []).filter((code) => code !== 'forced_transfer_indicator');
  const time = mapped?.eventTime === null ? {} : timeOf(record);
  const reported = request('reports', '/attacks', record.id, {
    externalId: record.id,
    types: [...new Set([type, ...also])],
    ...(mapped?.modes === undefined ? {} : { modes: mapped.modes }),
    ...(record.lon === null || record.lat === null
      ? {}
      : { place: { name: record.place, position: [record.lon, record.lat], precisionKm: record.precision_km } }),
    ...time,
    zone: record.timezone,
    corridorIds: record.corridor_ids.map(idOf),
    casualties: casualties(record, mapped?.casualtyStatus ?? 'unknown'),
    provenance: PROVENANCE,
    ...(record.notes === '' ? {} : { note: record.notes }),
  });
  const { stop } = mapped ?? {};
  if (stop === undefined) return [reported];
  return [
    reported,
    ...record.corridor_ids.map((corridorId) =>
      request('first', `/corridors/${idOf(corridorId)}/suspensions`, `${record.id} ${corridorId} stop`, {
        reason: 'checkpoint',
        modes: stop.modes,
      }),
    ),
  ];
}

/** A clock time only where the record has one; entered late, the stream's instant stands for a part of a day. */
function timeOf(record: HistoryIncident): object {
  if (record.datetime.includes('T')) return { occurredAt: { local: record.datetime, zone: record.timezone } };
  return record.partOfDayAt === undefined ? { occurredOn: record.datetime } : { occurredAt: record.partOfDayAt };
}

function casualties(record: HistoryIncident, status: string): object {
  return {
    killed: count(record.killed_min, record.killed_max),
    injured: count(record.injured_min, record.injured_max),
    childrenKilled: count(record.children_killed_min, record.children_killed_max),
    childrenInjured: count(record.children_injured, record.children_injured),
    missing: count(record.missing, record.missing),
    status,
  };
}

/** Not stated is not zero, and no upper figure is not the lower one. */
function count(min: number | null, max: number | null): object | null {
  return min === null && max === null ? null : { min: min ?? 0, max };
}
