import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Organisations } from '../../src/auth/organisations.service.js';
import { People } from '../../src/auth/people.service.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import type { CorridorId, OrganisationId, PersonId } from '../../src/domain/ids.js';
import type { Role } from '../../src/domain/permission.js';

/** Somebody with an account, and a session of theirs. */
export interface Account {
  readonly personId: PersonId;
  readonly organisationId: OrganisationId;
  readonly signInName: string;
  readonly token: string;
  /** For every request in their name. */
  readonly headers: { readonly authorization: string; readonly 'content-type': string };
}

interface Wanted {
  /** A new organisation when left out. */
  readonly organisationId?: OrganisationId;
  readonly corridorIds?: readonly CorridorId[];
}

export async function newOrganisation(app: INestApplicationContext, name = 'A relief organisation'): Promise<OrganisationId> {
  const id = randomUUID() as string as OrganisationId;
  await app.get(Organisations).ensureOrganisation({ id, name });
  return id;
}

/** A new person of this role, signed in; a field role assigned to the corridors, a partner's organisation sharing them. */
export async function signedIn(app: INestApplicationContext, role: Exclude<Role, 'system'>, wanted: Wanted = {}): Promise<Account> {
  const organisationId = wanted.organisationId ?? (await newOrganisation(app));
  const personId = randomUUID() as string as PersonId;
  const signInName = `${role}-${personId}@example.org`;
  await app.get(People).ensurePerson({ id: personId, organisationId, role, signInName, displayName: `Somebody ${personId}` });
  if (role === 'partner') await app.get(Organisations).ensureShares(organisationId, wanted.corridorIds ?? []);
  else await app.get(People).ensureAssignments(personId, wanted.corridorIds ?? []);
  const { token } = await app.get(Sessions).open(personId, { carrier: 'bearer', signedInBy: 'server' });
  return { personId, organisationId, signInName, token, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } };
}
