import type { DataSource } from 'typeorm';
import type { Corridor, Direction, Purpose, Stance } from '../domain/corridor.js';
import type { LoggedEvent } from '../domain/event.js';
import type { CorridorCode, CorridorId } from '../domain/ids.js';
import { seesOrganisation, type Actor } from '../domain/permission.js';
import { EVENT_COLUMNS, toLoggedEvent, type EventRow } from '../event-log/event-rows.js';
import type { Display, Status } from '../domain/status.js';
import type { LocalDate } from '../domain/zone.js';

export interface CorridorRow {
  readonly id: CorridorId;
  readonly corridor: Corridor;
  /** As last logged; null before the first. */
  readonly status: Status | null;
}

export interface CorridorFilter {
  readonly actor: Actor;
  readonly limit: number;
  /** The corridor after which the page begins. */
  readonly after: string | null;
  readonly stance: Stance | null;
  readonly display: Display | null;
  readonly purpose: Purpose | null;
  readonly direction: Direction | null;
  readonly windowDay: LocalDate | null;
  readonly externalId: string | null;
}

/** Corridors that the actor may see, in the order of their codes. */
export function findCorridors(database: DataSource, filter: CorridorFilter): Promise<readonly CorridorRow[]> {
  const { actor, limit, after, stance, display, purpose, direction, windowDay, externalId } = filter;
  return database.query<CorridorRow[]>(
    `SELECT c.id, c.state AS corridor, s.state AS status
       FROM corridors c
       LEFT JOIN corridor_statuses s ON s.id = c.id
      WHERE (c.organisation_id = $1 OR c.id = ANY($2))
        AND ($4::uuid IS NULL OR c.code > (SELECT code FROM corridors WHERE id = $4))
        AND ($5::text IS NULL OR c.stance = $5)
        AND ($6::text IS NULL OR s.display = $6)
        AND ($7::text IS NULL OR c.state->>'purpose' = $7)
        AND ($8::text IS NULL OR c.state->>'direction' = $8)
        AND ($9::text IS NULL OR c.external_id = $9)
        AND ($10::date IS NULL OR EXISTS (
              SELECT 1
                FROM windows w, jsonb_array_elements(w.state->'claims') claim
               WHERE c.id = ANY(w.corridor_ids)
                 AND (claim->'edge'->>'date' = $10::text
                   OR ((claim->'edge'->>'at')::timestamptz AT TIME ZONE (w.state->>'zone'))::date = $10::date)))
      ORDER BY c.code
      LIMIT $3`,
    [
      seesOrganisation(actor) ? actor.organisationId : null,
      actor.corridorIds,
      limit,
      after,
      stance,
      display,
      purpose,
      direction,
      externalId,
      windowDay,
    ],
  );
}

export async function findCorridor(database: DataSource, id: CorridorId): Promise<CorridorRow | null> {
  const [row] = await database.query<CorridorRow[]>(
    `SELECT c.id, c.state AS corridor, s.state AS status
       FROM corridors c
       LEFT JOIN corridor_statuses s ON s.id = c.id
      WHERE c.id = $1`,
    [id],
  );
  return row ?? null;
}

/** Whether a corridor of this database has, or ever had, the code. Corridors are never removed. */
export async function isCodeTaken(database: DataSource, code: CorridorCode): Promise<boolean> {
  return (await database.query<unknown[]>(`SELECT 1 FROM corridors WHERE code = $1`, [code])).length > 0;
}

/** A place in the history that a reader may hold: `seq` never leaves the server, a fact's own name does. */
export interface HistoryPlace {
  readonly entity: string;
  readonly entityId: string;
  readonly version: number;
}

/** What was recorded about a corridor after the place, the oldest first. */
export async function findHistory(
  database: DataSource,
  corridorId: CorridorId,
  after: HistoryPlace | null,
  limit: number,
): Promise<readonly LoggedEvent[]> {
  const rows = await database.query<EventRow[]>(
    `SELECT ${EVENT_COLUMNS}
       FROM events
      WHERE corridor_ids @> ARRAY[$1::uuid]
        AND ($2::text IS NULL OR seq > (SELECT seq FROM events WHERE entity = $2 AND entity_id = $3 AND version = $4))
      ORDER BY seq
      LIMIT $5`,
    [corridorId, after?.entity ?? null, after?.entityId ?? null, after?.version ?? null, limit],
  );
  return rows.map(toLoggedEvent);
}
