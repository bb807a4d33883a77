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
  return { ...row, body: JSON.parse(row.body) as DomainEvent };
}

/** A fact on its way into the log: everything that is hashed, its body as the canonical text. */
export interface DraftRow extends EventRow {
  readonly type: string;
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

/** What `append_events` takes: the row under its columns' names, with its hash. */
export function toAppended(
  { recordedAt, entityId, organisationId, corridorIds, actorId, commandId, ...rest }: DraftRow,
  hash: Buffer,
): object {
  return {
    ...rest,
    recorded_at: recordedAt,
    entity_id: entityId,
    organisation_id: organisationId,
    corridor_ids: corridorIds,
    actor_id: actorId,
    command_id: commandId,
    hash: `\\x${hash.toString('hex')}`,
  };
}
