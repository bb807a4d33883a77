import type { DataSource } from 'typeorm';
import type { CorridorId, OpeningRequestId, PersonId } from '../../domain/ids.js';

/** Who made the request; null: there is none. */
export async function findRequester(database: DataSource, corridorId: CorridorId, requestId: OpeningRequestId): Promise<PersonId | null> {
  const [row] = await database.query<{ personId: PersonId }[]>(
    `SELECT actor_id AS "personId"
       FROM events
      WHERE entity = 'corridor' AND entity_id = $1 AND type = 'OpeningRequested' AND body::jsonb->>'requestId' = $2`,
    [corridorId, requestId],
  );
  return row?.personId ?? null;
}
