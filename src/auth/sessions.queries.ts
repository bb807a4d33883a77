import type { EntityManager } from 'typeorm';
import type { Instant } from '../domain/instant.js';
import type { CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Actor, Role } from '../domain/permission.js';
import type { Carrier, Session, SessionId, SignedInBy } from './session.js';

/** A NOTIFY on this channel names the person whose sessions or rights changed; empty: anybody's. */
export const SESSION_CHANGES = 'session_changes';

interface ActorRow {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  readonly role: Role;
  readonly corridorIds: readonly CorridorId[];
}

interface SessionRow extends ActorRow {
  readonly id: SessionId;
  readonly carrier: Carrier;
  readonly signedInBy: SignedInBy;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly isUseDue: boolean;
}

const SESSION_COLUMNS = `
  id, carrier, signed_in_by AS "signedInBy", person_id AS "personId", organisation_id AS "organisationId", role, corridor_ids AS "corridorIds",
  created_at AS "createdAt", expires_at AS "expiresAt"`;

function toActor({ personId, organisationId, role, corridorIds }: ActorRow): Actor {
  return { id: personId, organisationId, role, corridorIds };
}

function toSession(row: SessionRow): Session {
  const { id, carrier, signedInBy, createdAt, expiresAt } = row;
  return { id, actor: toActor(row), carrier, signedInBy, createdAt, expiresAt };
}

/** The live session of a token, and notes its use (at most once a minute, so that reading stays reading). */
export async function useSession(tx: EntityManager, tokenHash: Buffer): Promise<Session | null> {
  const [row] = await tx.query<SessionRow[]>(
    `SELECT ${SESSION_COLUMNS}, last_used_at < clock_timestamp() - interval '1 minute' AS "isUseDue"
       FROM live_sessions
      WHERE token_hash = $1`,
    [tokenHash],
  );
  if (row === undefined) return null;
  if (row.isUseDue) await noteUse(tx, [row.id]);
  return toSession(row);
}

/** Those of the sessions that are alive, with the rights of now. An open socket counts as use: a board on a wall stays on. */
export async function stillAlive(tx: EntityManager, ids: readonly SessionId[]): Promise<ReadonlyMap<SessionId, Session>> {
  const rows = await tx.query<SessionRow[]>(
    `SELECT ${SESSION_COLUMNS}, last_used_at < clock_timestamp() - interval '1 minute' AS "isUseDue"
       FROM live_sessions
      WHERE id = ANY($1)`,
    [ids],
  );
  const due = rows.filter((row) => row.isUseDue).map((row) => row.id);
  if (due.length > 0) await noteUse(tx, due);
  return new Map(rows.map((row) => [row.id, toSession(row)]));
}

async function noteUse(tx: EntityManager, ids: readonly SessionId[]): Promise<void> {
  await tx.query(`UPDATE sessions SET last_used_at = clock_timestamp() WHERE id = ANY($1)`, [ids]);
}

export interface NewSession {
  readonly id: string;
  readonly personId: PersonId;
  readonly tokenHash: Buffer;
  readonly carrier: Carrier;
  readonly signedInBy: SignedInBy;
  readonly lifetimeMs: number;
}

/** Opens it, and clears away what ended more than 30 days ago. */
export async function insertSession(tx: EntityManager, session: NewSession): Promise<void> {
  await tx.query(`DELETE FROM sessions WHERE person_id = $1 AND expires_at < now() - interval '30 days'`, [session.personId]);
  await tx.query(
    `INSERT INTO sessions (id, person_id, token_hash, carrier, signed_in_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')`,
    [session.id, session.personId, session.tokenHash, session.carrier, session.signedInBy, session.lifetimeMs],
  );
}

export interface SessionOwner {
  readonly sessionId: SessionId;
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  /** The organisation that registered theirs. */
  readonly registeredBy: OrganisationId | null;
}

/** Whose live session it is; null when there is none alive with this id. */
export async function findOwner(tx: EntityManager, id: string): Promise<SessionOwner | null> {
  const [row] = await tx.query<SessionOwner[]>(
    `SELECT s.id AS "sessionId", s.person_id AS "personId", s.organisation_id AS "organisationId", o.registered_by AS "registeredBy"
       FROM live_sessions s
       JOIN organisations o ON o.id = s.organisation_id
      WHERE s.id = $1`,
    [id],
  );
  return row ?? null;
}

export async function endSession(tx: EntityManager, id: string, endedBy: PersonId): Promise<void> {
  await tx.query(`UPDATE sessions SET ended_at = now(), ended_by = $2 WHERE id = $1 AND ended_at IS NULL`, [id, endedBy]);
}

export interface ListedSession {
  readonly id: SessionId;
  readonly carrier: Carrier;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
}

/** A person's live sessions, the newest first. */
export async function sessionsOf(
  tx: EntityManager,
  personId: PersonId,
  { limit, after }: { limit: number; after: string | null },
): Promise<readonly ListedSession[]> {
  return tx.query<ListedSession[]>(
    `SELECT id, carrier, created_at AS "createdAt",
            last_used_at AS "lastUsedAt", expires_at AS "expiresAt"
       FROM live_sessions
      WHERE person_id = $1
        AND ($2::uuid IS NULL OR (created_at, id) < (SELECT created_at, id FROM sessions WHERE id = $2 AND person_id = $1))
      ORDER BY created_at DESC, id DESC
      LIMIT $3`,
    [personId, after, limit],
  );
}

/** Tells every process, when the transaction commits, that somebody's sessions or rights changed. */
export async function announceChange(tx: EntityManager, personId: PersonId | null): Promise<void> {
  await tx.query(`SELECT pg_notify($1, $2)`, [SESSION_CHANGES, personId ?? '']);
}
