import { createHash } from 'node:crypto';
import type { Entity, DomainEvent, LoggedEvent } from '../domain/event.js';
import type { CommandId, CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';

/** A row of `events` as it is read, renamed once. */
export interface EventRow {
  readonly seq: number;
  readonly recordedAt: Instant;
  readonly entity: Entity;
  readonly entityId: string;
  readonly version: number;
  readonly organisationId: OrganisationId;
  readonly corridorIds: readonly CorridorId[];
  readonly actorId: PersonId | null;
  readonly commandId: CommandId | null;
  readonly body: string;
}

export const EVENT_COLUMNS = `seq, recorded_at AS "recordedAt", entity, entity_id AS "entityId", version, organisation_id AS "organisationId",
       corridor_ids AS "corridorIds", actor_id AS "actorId", command_id AS "commandId", body`;

export function toLoggedEvent(row: EventRow): LoggedEvent {
  return {
    seq: row.seq,
    recordedAt: row.recordedAt,
    entity: row.entity,
    entityId: row.entityId,
    version: row.version,
    organisationId: row.organisationId,
    corridorIds: row.corridorIds,
    actorId: row.actorId,
    commandId: row.commandId,
    body: JSON.parse(row.body) as DomainEvent,
  };
}

/** A fact on its way into the log: everything that is hashed, its body as the canonical text. */
export interface DraftRow extends EventRow {
  readonly type: string;
}

/** With its hash, by which it is chained to the one before. */
export interface ChainedRow extends DraftRow {
  readonly hash: Buffer;
}

const SEPARATOR = '\u001f';
export const FIRST_HASH = Buffer.alloc(32);

/** SHA-256 of the previous hash and every column; `event_hash` in the migration computes the same. */
export function hashOf(previous: Buffer, row: DraftRow): Buffer {
  const columns = [
    row.seq,
    row.recordedAt,
    row.type,
    row.entity,
    row.entityId,
    row.version,
    row.organisationId,
    row.corridorIds.join(','),
    row.actorId ?? '',
    row.commandId ?? '',
    row.body,
  ];
  return createHash('sha256').update(previous).update(columns.join(SEPARATOR)).digest();
}

/** The parameters of `append_events`: the rows under their columns' names, and their bodies, a line each. */
export function toAppended(rows: readonly ChainedRow[]): readonly [string, string] {
  const columns = rows.map((row) => ({
    seq: row.seq,
    recorded_at: row.recordedAt,
    type: row.type,
    entity: row.entity,
    entity_id: row.entityId,
    version: row.version,
    organisation_id: row.organisationId,
    corridor_ids: row.corridorIds,
    actor_id: row.actorId,
    command_id: row.commandId,
    hash: `\\x${row.hash.toString('hex')}`,
  }));
  return [JSON.stringify(columns), rows.map(({ body }) => body).join('\n')];
}
