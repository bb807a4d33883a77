import type { EntityManager } from 'typeorm';
import type { CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Actor, Role } from '../domain/permission.js';

export interface OrganisationRow {
  readonly id: OrganisationId;
  readonly registeredBy: OrganisationId | null;
  readonly name: string;
  readonly isActive: boolean;
  /** Corridors of others that its partners may see. */
  readonly sharedCorridorIds: readonly CorridorId[];
  readonly version: number;
  readonly createdAt: Instant;
}

export interface PersonRow {
  readonly id: PersonId;
  readonly organisationId: OrganisationId;
  /** The organisation that registered theirs. */
  readonly registeredBy: OrganisationId | null;
  readonly role: Role;
  readonly signInName: string;
  readonly displayName: string;
  readonly hasPassword: boolean;
  readonly isActive: boolean;
  /** Assigned to them; what they act on is in `Actor.corridorIds`. */
  readonly corridorIds: readonly CorridorId[];
  readonly version: number;
  readonly createdAt: Instant;
}

export interface Page {
  readonly limit: number;
  /** The last id of the page before; null: from the start. */
  readonly after: string | null;
}

const ORGANISATION = `
  SELECT o.id, o.registered_by AS "registeredBy", o.name, o.is_active AS "isActive", o.version,
         ARRAY(SELECT s.corridor_id FROM corridor_shares s WHERE s.organisation_id = o.id ORDER BY s.corridor_id) AS "sharedCorridorIds",
         o.created_at AS "createdAt"
    FROM organisations o`;

const PERSON = `
  SELECT p.id, p.organisation_id AS "organisationId", o.registered_by AS "registeredBy", p.role, p.sign_in_name AS "signInName",
         p.display_name AS "displayName", p.password_hash IS NOT NULL AS "hasPassword", p.is_active AS "isActive", p.version,
         ARRAY(SELECT a.corridor_id FROM assignments a WHERE a.person_id = p.id ORDER BY a.corridor_id) AS "corridorIds",
         p.created_at AS "createdAt"
    FROM people p
    JOIN organisations o ON o.id = p.organisation_id`;

/** Locks the row until the transaction ends: two administrators change it one after the other. */
export async function findOrganisation(tx: EntityManager, id: OrganisationId, lock: 'lock' | 'read'): Promise<OrganisationRow | null> {
  const [row] = await tx.query<OrganisationRow[]>(`${ORGANISATION} WHERE o.id = $1 ${lock === 'lock' ? 'FOR UPDATE' : ''}`, [id]);
  return row ?? null;
}

/** The organisation's own and those it registered, in the order of their registration. */
export async function listOrganisations(
  tx: EntityManager,
  of: OrganisationId,
  { limit, after }: Page,
): Promise<readonly OrganisationRow[]> {
  return tx.query<OrganisationRow[]>(
    `${ORGANISATION}
      WHERE (o.id = $1 OR o.registered_by = $1)
        AND ($2::uuid IS NULL OR (o.created_at, o.id) > (SELECT created_at, id FROM organisations WHERE id = $2))
      ORDER BY o.created_at, o.id
      LIMIT $3`,
    [of, after, limit],
  );
}

/** @returns whether it was new */
export async function insertOrganisation(
  tx: EntityManager,
  { id, registeredBy, name }: Pick<OrganisationRow, 'id' | 'registeredBy' | 'name'>,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `INSERT INTO organisations (id, registered_by, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [id, registeredBy, name],
  );
  return rows.length > 0;
}

export async function updateOrganisation(
  tx: EntityManager,
  id: OrganisationId,
  change: { name: string; isActive: boolean },
): Promise<void> {
  await tx.query(`UPDATE organisations SET name = $2, is_active = $3, version = version + 1 WHERE id = $1`, [
    id,
    change.name,
    change.isActive,
  ]);
}

export async function findPerson(tx: EntityManager, id: PersonId, lock: 'lock' | 'read'): Promise<PersonRow | null> {
  const [row] = await tx.query<PersonRow[]>(`${PERSON} WHERE p.id = $1 ${lock === 'lock' ? 'FOR UPDATE OF p' : ''}`, [id]);
  return row ?? null;
}

/** The people of the organisation and of those it registered, in the order in which they were added. */
export async function listPeople(
  tx: EntityManager,
  of: OrganisationId,
  { limit, after, organisationId }: Page & { readonly organisationId: OrganisationId | null },
): Promise<readonly PersonRow[]> {
  return tx.query<PersonRow[]>(
    `${PERSON}
      WHERE (o.id = $1 OR o.registered_by = $1)
        AND ($2::uuid IS NULL OR o.id = $2)
        AND ($3::uuid IS NULL OR (p.created_at, p.id) > (SELECT created_at, id FROM people WHERE id = $3))
      ORDER BY p.created_at, p.id
      LIMIT $4`,
    [of, organisationId, after, limit],
  );
}

export type PersonNameRow = Pick<PersonRow, 'id' | 'displayName'>;

/** Disabled ones included: what they decided still stands under their name. */
export async function listNames(tx: EntityManager, of: OrganisationId, limit: number): Promise<readonly PersonNameRow[]> {
  return tx.query<PersonNameRow[]>(
    `SELECT id, display_name AS "displayName"
       FROM people
      WHERE organisation_id = $1
      ORDER BY created_at DESC, id
      LIMIT $2`,
    [of, limit],
  );
}

export interface NewPerson {
  readonly id: PersonId;
  readonly organisationId: OrganisationId;
  readonly role: Role;
  readonly signInName: string;
  readonly displayName: string;
}

/** @returns which of the two unique things was taken, or null when the person was added */
export async function insertPerson(tx: EntityManager, person: NewPerson): Promise<'id' | 'signInName' | null> {
  const { id, organisationId, role, signInName, displayName } = person;
  const added = await tx.query<unknown[]>(
    `INSERT INTO people (id, organisation_id, role, sign_in_name, display_name) VALUES ($1, $2, $3, lower($4), $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [id, organisationId, role, signInName, displayName],
  );
  if (added.length > 0) return null;
  return (await findPerson(tx, id, 'read')) === null ? 'signInName' : 'id';
}

export async function updatePerson(
  tx: EntityManager,
  id: PersonId,
  { role, displayName, isActive }: Pick<PersonRow, 'role' | 'displayName' | 'isActive'>,
): Promise<void> {
  await tx.query(`UPDATE people SET role = $2, display_name = $3, is_active = $4, version = version + 1 WHERE id = $1`, [
    id,
    role,
    displayName,
    isActive,
  ]);
}

/** Disabled people don't come back to old sessions when they are enabled again. */
export async function endSessionsOf(
  tx: EntityManager,
  personId: PersonId,
  { endedBy, except }: { readonly endedBy: PersonId; readonly except: string | null },
): Promise<void> {
  await tx.query(
    `UPDATE sessions SET ended_at = now(), ended_by = $2 WHERE person_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3`,
    [personId, endedBy, except],
  );
}

export async function endSessionsOfOrganisation(tx: EntityManager, id: OrganisationId, endedBy: PersonId): Promise<void> {
  await tx.query(
    `UPDATE sessions SET ended_at = now(), ended_by = $2
      WHERE ended_at IS NULL AND person_id IN (SELECT id FROM people WHERE organisation_id = $1)`,
    [id, endedBy],
  );
}

export async function replaceAssignments(tx: EntityManager, personId: PersonId, corridorIds: readonly CorridorId[]): Promise<void> {
  await tx.query(`DELETE FROM assignments WHERE person_id = $1 AND corridor_id <> ALL($2)`, [personId, corridorIds]);
  await tx.query(`INSERT INTO assignments (person_id, corridor_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`, [
    personId,
    corridorIds,
  ]);
}

/** Replaces those shares of the organisation that lie among `ofOwner`; what others share with it stays. */
export async function replaceShares(
  tx: EntityManager,
  organisationId: OrganisationId,
  { ofOwner, corridorIds }: { readonly ofOwner: readonly CorridorId[]; readonly corridorIds: readonly CorridorId[] },
): Promise<void> {
  await tx.query(`DELETE FROM corridor_shares WHERE organisation_id = $1 AND corridor_id = ANY($2) AND corridor_id <> ALL($3)`, [
    organisationId,
    ofOwner,
    corridorIds,
  ]);
  await tx.query(`INSERT INTO corridor_shares (organisation_id, corridor_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING`, [
    organisationId,
    corridorIds,
  ]);
}

/** Every corridor that the organisation declared. */
export async function corridorsOf(tx: EntityManager, organisationId: OrganisationId): Promise<readonly CorridorId[]> {
  const rows = await tx.query<{ id: CorridorId }[]>(`SELECT id FROM corridors WHERE organisation_id = $1`, [organisationId]);
  return rows.map(({ id }) => id);
}

/** @returns null when there is no such name among the active */
export async function findCredentials(
  tx: EntityManager,
  signInName: string,
): Promise<{ readonly personId: PersonId; readonly passwordHash: string | null } | null> {
  const [row] = await tx.query<{ personId: PersonId; passwordHash: string | null }[]>(
    `SELECT p.id AS "personId", p.password_hash AS "passwordHash"
       FROM people p
       JOIN actors a ON a.id = p.id
      WHERE p.sign_in_name = lower($1)`,
    [signInName],
  );
  return row ?? null;
}

export async function findPasswordHash(tx: EntityManager, personId: PersonId): Promise<string | null> {
  const [row] = await tx.query<{ passwordHash: string | null }[]>(`SELECT password_hash AS "passwordHash" FROM people WHERE id = $1`, [
    personId,
  ]);
  return row?.passwordHash ?? null;
}

export async function updatePassword(tx: EntityManager, personId: PersonId, passwordHash: string): Promise<void> {
  await tx.query(`UPDATE people SET password_hash = $2 WHERE id = $1`, [personId, passwordHash]);
}

export interface NewCode {
  readonly id: string;
  readonly personId: PersonId;
  readonly codeHash: Buffer;
  readonly issuedBy: PersonId | null;
  readonly validMs: number;
}

/**
 * Keeps a code; asked again with the same id, the new code takes the place of the lost one.
 *
 * @returns its end, or null when the one of this id was used already, or is somebody else's
 */
export async function putCode(tx: EntityManager, { id, personId, codeHash, issuedBy, validMs }: NewCode): Promise<Instant | null> {
  const [row] = await tx.query<{ expiresAt: Instant }[]>(
    `INSERT INTO sign_in_codes AS c (id, person_id, code_hash, issued_by, expires_at)
     VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
     ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash
      WHERE c.used_at IS NULL AND c.person_id = excluded.person_id AND c.issued_by IS NOT DISTINCT FROM excluded.issued_by
     RETURNING expires_at AS "expiresAt"`,
    [id, personId, codeHash, issuedBy, validMs],
  );
  return row?.expiresAt ?? null;
}

/** Takes the code: of two who bring it at once, one gets in. @returns whose it was, or null when it is unknown, used, or over */
export async function takeCode(tx: EntityManager, codeHash: Buffer): Promise<PersonId | null> {
  const [rows] = await tx.query<[{ personId: PersonId }[], number]>(
    `UPDATE sign_in_codes SET used_at = now()
      WHERE code_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp() AND person_id IN (SELECT id FROM actors)
     RETURNING person_id AS "personId"`,
    [codeHash],
  );
  return rows[0]?.personId ?? null;
}

/** A person's rights as they are now; null when they may not act at all. */
export async function findActor(tx: EntityManager, id: PersonId): Promise<Actor | null> {
  const [row] = await tx.query<Actor[]>(
    `SELECT id, organisation_id AS "organisationId", role, corridor_ids AS "corridorIds" FROM actors WHERE id = $1`,
    [id],
  );
  return row ?? null;
}
