import type { AttackEvent } from './attack.js';
import type { CorridorEvent } from './corridor.js';
import type { CommandId, CorridorId, OrganisationId, PersonId, TextId } from './ids.js';
import type { Instant } from './instant.js';
import type { ObservationEvent } from './observation.js';
import type { StatusEvent } from './status.js';
import type { WindowEvent } from './window.js';

/**
 * Free text never lies in the log: the log has its id and an HMAC under the subject's key; the content lies encrypted under that key
 * in `erasable_texts`. Erasing the key erases both.
 */
export interface TextRef {
  readonly textId: TextId;
  readonly digest: string;
}

/** Every fact that can stand in the log. */
export type DomainEvent = CorridorEvent | WindowEvent | AttackEvent | ObservationEvent | StatusEvent;
export type EventType = DomainEvent['type'];

export const ENTITIES = ['corridor', 'window', 'attack', 'observation', 'corridor_status'] as const;
/** Events are unique by (entity, entityId, version). A status is an entity of its own (its id is the corridor's) and never moves the corridor's version. */
export type Entity = (typeof ENTITIES)[number];

/** A fact as `evolve` sees it: with its version, its log time and who caused it (null: a rule or time itself). */
export interface Recorded<Body = DomainEvent> {
  readonly body: Body;
  readonly version: number;
  readonly recordedAt: Instant;
  readonly actorId: PersonId | null;
}

/** A fact in the log. `seq` never leaves the server. */
export interface LoggedEvent extends Recorded {
  readonly seq: number;
  readonly entity: Entity;
  readonly entityId: string;
  /** Whose it is, and which corridors it is about: what the audiences are cut by. */
  readonly organisationId: OrganisationId;
  readonly corridorIds: readonly CorridorId[];
  /** The command that caused it; a forced effect carries the command of its cause. */
  readonly commandId: CommandId | null;
}

/** The entity that a fact is about. */
export function entityOf(body: DomainEvent): { readonly entity: Entity; readonly entityId: string } {
  if (body.type === 'CorridorStatusChanged') return { entity: 'corridor_status', entityId: body.corridorId };
  if (body.type === 'ObservationRecorded') return { entity: 'observation', entityId: body.observationId };
  if ('windowId' in body && !('corridorId' in body)) return { entity: 'window', entityId: body.windowId };
  if ('attackId' in body && !('corridorId' in body)) return { entity: 'attack', entityId: body.attackId };
  if ('corridorId' in body) return { entity: 'corridor', entityId: body.corridorId };
  throw new TypeError('an event about nothing');
}
