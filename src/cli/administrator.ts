import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Organisations } from '../auth/organisations.service.js';
import { People, signInLink } from '../auth/people.service.js';
import type { OrganisationId, PersonId } from '../domain/ids.js';

/** Long enough to carry it over, short enough to be forgotten in a terminal. */
const LINK_VALID_MS = 3_600_000;

interface NewAdministrator {
  readonly organisation: string;
  readonly signInName: string;
  readonly name: string;
}

/** Who opens a live server that was started by hand: they register the organisations and people that will use it. */
export const FIRST_ADMINISTRATOR: NewAdministrator = {
  organisation: 'Administration',
  signInName: 'administrator',
  name: 'First administrator',
};

/**
 * Makes an organisation with its administrator, or finds who has the sign-in name.
 *
 * @returns the path and fragment of a link that signs them in, once, within the hour
 * @throws Error when the sign-in name belongs to somebody who is no administrator
 */
export async function administratorLink(context: INestApplicationContext, wanted: NewAdministrator): Promise<string> {
  const people = context.get(People);
  const known = await people.findBySignInName(wanted.signInName);
  if (known !== null && known.role !== 'administrator') throw new Error('This sign-in name belongs to somebody who is no administrator.');
  const personId = known?.id ?? (randomUUID() as string as PersonId);
  if (known === null) {
    const organisationId = randomUUID() as string as OrganisationId;
    await context.get(Organisations).ensureOrganisation({ id: organisationId, name: wanted.organisation });
    await people.ensurePerson({
      id: personId,
      organisationId,
      role: 'administrator',
      signInName: wanted.signInName,
      displayName: wanted.name,
    });
  }
  return signInLink(await people.issueSignInCode(personId, { validMs: LINK_VALID_MS }));
}
