import type { DataSource } from 'typeorm';
import type { Attack } from '../domain/attack.js';
import type { Box } from '../domain/geometry.js';
import type { AttackId, CorridorId, OrganisationId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { seesOrganisation, type Actor } from '../domain/permission.js';

export interface AttackRow {
  readonly id: AttackId;
  readonly attack: Attack;
  /** Whose the corridors are that it touches. */
  readonly owners: Readonly<Record<CorridorId, OrganisationId>>;
}

export interface AttackFilter {
  readonly actor: Actor;
  readonly limit: number;
  /** The attack after which the page begins. */
  readonly after: string | null;
  readonly corridorId: CorridorId | null;
  readonly since: Instant | null;
  readonly box: Box | null;
}

const OWNERS = `(SELECT coalesce(jsonb_object_agg(c.id, c.organisation_id), '{}') FROM corridors c WHERE c.id = ANY(a.corridor_ids)) AS owners`;

/**
 * Attacks, the newest received first: those of the actor's organisation, and those that touch a corridor they may see.
 * A search by place finds only what the actor may know exactly: asked again and again with smaller boxes, it would tell the place of others.
 */
export function findAttacks(database: DataSource, filter: AttackFilter): Promise<readonly AttackRow[]> {
  const { actor, limit, after, corridorId, since, box } = filter;
  return database.query<AttackRow[]>(
    `SELECT a.id, a.state AS attack, ${OWNERS}
       FROM attacks a
      WHERE (a.organisation_id = $1
          OR a.corridor_ids && $2::uuid[]
          OR EXISTS (SELECT FROM corridors c WHERE c.id = ANY(a.corridor_ids) AND c.organisation_id = $1))
        AND ($4::uuid IS NULL OR (a.received_at, a.id) < (SELECT received_at, id FROM attacks WHERE id = $4))
        AND ($5::uuid IS NULL OR a.corridor_ids @> ARRAY[$5::uuid])
        AND ($6::timestamptz IS NULL OR a.received_at >= $6)
        AND ($7::box[] IS NULL OR (
              EXISTS (SELECT FROM unnest($7::box[]) b WHERE a.around && b)
              AND (a.organisation_id = $1 OR EXISTS (SELECT FROM corridors c WHERE c.id = ANY(a.corridor_ids) AND c.organisation_id = $1))))
      ORDER BY a.received_at DESC, a.id DESC
      LIMIT $3`,
    [
      seesOrganisation(actor) ? actor.organisationId : null,
      actor.corridorIds,
      limit,
      after,
      corridorId,
      since,
      box === null ? null : `{${boxesOf(box).join(';')}}`,
    ],
  );
}

export async function findAttack(database: DataSource, id: AttackId): Promise<AttackRow | null> {
  const [row] = await database.query<AttackRow[]>(`SELECT a.id, a.state AS attack, ${OWNERS} FROM attacks a WHERE a.id = $1`, [id]);
  return row ?? null;
}

/** Two boxes where it crosses the antimeridian. */
function boxesOf({ west, south, east, north }: Box): readonly string[] {
  const text = (from: number, to: number): string => `(${String(to)},${String(north)}),(${String(from)},${String(south)})`;
  return west <= east ? [text(west, east)] : [text(west, 180), text(-180, east)];
}
