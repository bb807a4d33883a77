import type { DataSource } from 'typeorm';
import type { Corridor } from '../domain/corridor.js';
import { seesOrganisation, type Actor } from '../domain/permission.js';
import type { Status } from '../domain/status.js';

/** A feed is read whole; an operation has some hundred corridors at most. */
const MOST_CORRIDORS = 5_000;

export interface FeedRow {
  readonly corridor: Corridor;
  /** As last logged; null before the first. */
  readonly status: Status | null;
}

/** The corridors that the actor may see, in the order of their codes. */
export function findCorridorsFor(database: DataSource, actor: Actor): Promise<readonly FeedRow[]> {
  return database.query<FeedRow[]>(
    `SELECT c.state AS corridor, s.state AS status
       FROM corridors c
       LEFT JOIN corridor_statuses s ON s.id = c.id
      WHERE c.organisation_id = $1 OR c.id = ANY($2)
      ORDER BY c.code
      LIMIT ${String(MOST_CORRIDORS)}`,
    [seesOrganisation(actor) ? actor.organisationId : null, actor.corridorIds],
  );
}
