import type { DataSource } from 'typeorm';
import type { CorridorId, OpeningRequestId } from '../../domain/ids.js';
import { ROLES_WITH } from '../../domain/permission.js';

/** Whether who made the request is still a person who may; false as well when there is no such request. */
export async function isRequesterActive(database: DataSource, corridorId: CorridorId, requestId: OpeningRequestId): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    `SELECT 1
       FROM events e
       JOIN actors a ON a.id = e.actor_id
      WHERE e.entity = 'corridor'
        AND e.entity_id = $1
        AND e.type = 'OpeningRequested'
        AND e.body::jsonb->>'requestId' = $2
        AND a.role = ANY($3)`,
    [corridorId, requestId, ROLES_WITH['corridor.request_opening']],
  );
  return rows.length > 0;
}
