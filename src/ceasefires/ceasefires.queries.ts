import type { DataSource } from 'typeorm';
import type { CommandId, CorridorId, OrganisationId, PersonId, WindowId } from '../domain/ids.js';
import { seesOrganisation, type Actor } from '../domain/permission.js';
import type { CeasefireWindow } from '../domain/window.js';
import type { LocalDate } from '../domain/zone.js';

export interface WindowRow {
  readonly id: WindowId;
  readonly window: CeasefireWindow;
  /** Whose the corridors are that it names. */
  readonly owners: Readonly<Record<CorridorId, OrganisationId>>;
}

export interface WindowFilter {
  readonly actor: Actor;
  readonly limit: number;
  /** The window after which the page begins. */
  readonly after: string | null;
  readonly corridorId: CorridorId | null;
  readonly day: LocalDate | null;
}

const OWNERS = `(SELECT coalesce(jsonb_object_agg(c.id, c.organisation_id), '{}') FROM corridors c WHERE c.id = ANY(w.corridor_ids)) AS owners`;

/** Windows that name a corridor the actor may see, in the order of their announcement. */
export function findWindows(database: DataSource, filter: WindowFilter): Promise<readonly WindowRow[]> {
  const { actor, limit, after, corridorId, day } = filter;
  return database.query<WindowRow[]>(
    `SELECT w.id, w.state AS window, ${OWNERS}
       FROM windows w
      WHERE (w.corridor_ids && $2::uuid[]
          OR EXISTS (SELECT FROM corridors c WHERE c.id = ANY(w.corridor_ids) AND c.organisation_id = $1))
        AND ($4::uuid IS NULL OR (w.announced_at, w.id) > (SELECT announced_at, id FROM windows WHERE id = $4))
        AND ($5::uuid IS NULL OR w.corridor_ids @> ARRAY[$5::uuid])
        AND ($6::text IS NULL OR EXISTS (
              SELECT FROM jsonb_array_elements(w.state->'claims') claim
               WHERE claim->'edge'->>'date' = $6
                  OR ((claim->'edge'->>'at')::timestamptz AT TIME ZONE (w.state->>'zone'))::date = $6::date))
      ORDER BY w.announced_at, w.id
      LIMIT $3`,
    [seesOrganisation(actor) ? actor.organisationId : null, actor.corridorIds, limit, after, corridorId, day],
  );
}

export async function findWindow(database: DataSource, id: WindowId): Promise<WindowRow | null> {
  const [row] = await database.query<WindowRow[]>(`SELECT w.id, w.state AS window, ${OWNERS} FROM windows w WHERE w.id = $1`, [id]);
  return row ?? null;
}

/** Who made a claim on the window; null: there is no such claim. */
export async function findExtension(
  database: DataSource,
  windowId: WindowId,
  claimId: CommandId,
): Promise<{ readonly claimedBy: PersonId } | null> {
  const [row] = await database.query<{ claimedBy: PersonId }[]>(
    `SELECT actor_id AS "claimedBy"
       FROM events
      WHERE entity = 'window' AND entity_id = $1 AND type = 'ClaimMade' AND command_id = $2`,
    [windowId, claimId],
  );
  return row ?? null;
}
