import type { DataSource } from 'typeorm';
import type { CorridorId, SegmentId } from '../domain/ids.js';
import type { Observation } from '../domain/observation.js';
import type { ObservationView } from './observations.dto.js';

export interface ObservationFilter {
  readonly corridorId: CorridorId;
  readonly segmentId: SegmentId | null;
  readonly limit: number;
  /** The observation after which the page begins. */
  readonly after: string | null;
}

/** Observations of a corridor, the newest recorded first. Who reported is nobody's business here (domain 4.4). */
export async function findObservations(database: DataSource, filter: ObservationFilter): Promise<readonly ObservationView[]> {
  const { corridorId, segmentId, limit, after } = filter;
  const rows = await database.query<{ state: Observation }[]>(
    `SELECT state
       FROM observations
      WHERE corridor_id = $1
        AND ($2::uuid IS NULL OR segment_id = $2)
        AND ($4::uuid IS NULL OR (received_at, id) < (SELECT received_at, id FROM observations WHERE id = $4))
      ORDER BY received_at DESC, id DESC
      LIMIT $3`,
    [corridorId, segmentId, limit, after],
  );
  return rows.map(({ state: { organisationId: _organisation, observedBy: _reporter, ...seen } }) => seen);
}
