import { isUnresolved, type Attack } from '../domain/attack.js';
import type { Corridor } from '../domain/corridor.js';
import { boxesAround, type Box } from '../domain/geometry.js';
import type { CorridorEvidence, Observation } from '../domain/observation.js';
import { windowTimes, type CeasefireWindow } from '../domain/window.js';
import type { LoggedStatus } from './working-set.js';

/** The rows of the folded tables, made of states by these functions and nowhere else; `verify-log` compares with them. */
export const COLUMNS = {
  corridors: [
    'id',
    'version',
    'organisation_id',
    'code',
    'external_id',
    'stance',
    'lifecycle',
    'window_id',
    'around',
    'around_too',
    'state',
  ],
  windows: [
    'id',
    'version',
    'organisation_id',
    'external_id',
    'corridor_ids',
    'starts_at',
    'last_end_at',
    'cancelled_at',
    'announced_at',
    'state',
  ],
  attacks: [
    'id',
    'version',
    'organisation_id',
    'external_id',
    'corridor_ids',
    'is_unresolved',
    'received_at',
    'counts_from',
    'around',
    'state',
  ],
  observations: ['id', 'version', 'organisation_id', 'corridor_id', 'segment_id', 'received_at', 'state'],
  corridor_evidence: ['corridor_id', 'state'],
  corridor_statuses: ['id', 'version', 'display', 'valid_until', 'state'],
} as const;
export type FoldedTable = keyof typeof COLUMNS;
export type Row<Table extends FoldedTable> = Readonly<Record<(typeof COLUMNS)[Table][number], unknown>>;

export function corridorRow(corridor: Corridor): Row<'corridors'> {
  const [around, aroundToo] = boxesAround(
    corridor.segments.flatMap((segment) => [...segment.line]),
    1,
  );
  return {
    id: corridor.id,
    version: corridor.version,
    organisation_id: corridor.organisationId,
    code: corridor.code,
    external_id: corridor.externalId,
    stance: corridor.stance,
    lifecycle: corridor.attempt?.lifecycle ?? null,
    window_id: corridor.attempt?.windowId ?? null,
    around: around === undefined ? null : boxText(around),
    around_too: aroundToo === undefined ? null : boxText(aroundToo),
    state: corridor,
  };
}

export function windowRow(window: CeasefireWindow): Row<'windows'> {
  const { startsAt, lastEndAt } = windowTimes(window);
  return {
    id: window.id,
    version: window.version,
    organisation_id: window.organisationId,
    external_id: window.externalId,
    corridor_ids: window.corridorIds,
    starts_at: startsAt,
    last_end_at: lastEndAt,
    cancelled_at: window.cancelledAt,
    announced_at: window.announcedAt,
    state: window,
  };
}

export function attackRow(attack: Attack): Row<'attacks'> {
  const { place } = attack;
  const around = place === null ? undefined : boxesAround([place.position], place.precisionKm)[0];
  return {
    id: attack.id,
    version: attack.version,
    organisation_id: attack.organisationId,
    external_id: attack.externalId,
    corridor_ids: attack.touches.map((touch) => touch.corridorId),
    is_unresolved: isUnresolved(attack),
    received_at: attack.receivedAt,
    counts_from: attack.countsFrom,
    around: around === undefined ? null : boxText(around),
    state: attack,
  };
}

export function observationRow(observation: Observation): Row<'observations'> {
  const { id, organisationId, corridorId, segmentId, receivedAt } = observation;
  return {
    id,
    version: 1,
    organisation_id: organisationId,
    corridor_id: corridorId,
    segment_id: segmentId,
    received_at: receivedAt,
    state: observation,
  };
}

export function evidenceRow(evidence: CorridorEvidence): Row<'corridor_evidence'> {
  return { corridor_id: evidence.corridorId, state: evidence };
}

export function statusRow({ version, status }: LoggedStatus): Row<'corridor_statuses'> {
  return { id: status.corridorId, version, display: status.display, valid_until: status.validUntil, state: status };
}

/** PostgreSQL's `box`: upper right corner first. */
export function boxText(box: Box): string {
  return `(${String(box.east)},${String(box.north)}),(${String(box.west)},${String(box.south)})`;
}
