import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CorridorId, OrganisationId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import type { Ask } from './ask.js';
import { managed, refuseStale, refuseUnknown } from './managed.js';
import { toList, toPage } from './paging.js';
import type {
  ChangeOrganisationBody,
  OrganisationList,
  OrganisationView,
  PageQuery,
  RegisterOrganisationBody,
  ShareCorridorsBody,
} from './people.dto.js';
import {
  corridorsOf,
  endSessionsOfOrganisation,
  findOrganisation,
  insertOrganisation,
  listOrganisations,
  type OrganisationRow,
  replaceShares,
  updateOrganisation,
} from './people.queries.js';
import { Rights } from './rights.service.js';

/** Organisations and what is shared with them. An administrator manages the own organisation and those it registered; no other exists for them. */
@Injectable()
export class Organisations {
  constructor(
    private readonly database: DataSource,
    private readonly rights: Rights,
  ) {}

  async list(actor: Actor, query: PageQuery): Promise<OrganisationList> {
    const { items, next } = toList(query, await listOrganisations(this.database.manager, actor.organisationId, toPage(query)));
    return { items: items.map(toOrganisationView), next };
  }

  async read(actor: Actor, id: OrganisationId): Promise<OrganisationView> {
    return toOrganisationView(managed(actor, await findOrganisation(this.database.manager, id, 'read')));
  }

  register(ask: Ask, body: RegisterOrganisationBody): Promise<OrganisationView> {
    const id = body.commandId as string as OrganisationId;
    return this.rights.change({ ask, body }, null, async (tx) => {
      const isNew = await insertOrganisation(tx, { id, registeredBy: ask.actor.organisationId, name: body.name });
      if (!isNew) throw new ProblemError(problem('id-taken', { field: 'commandId' }));
      return toOrganisationView(managed(ask.actor, await findOrganisation(tx, id, 'read')));
    });
  }

  change(ask: Ask, id: OrganisationId, body: ChangeOrganisationBody): Promise<OrganisationView> {
    return this.rights.change({ ask, body }, 'everybody', async (tx) => {
      const organisation = managed(ask.actor, await findOrganisation(tx, id, 'lock'));
      refuseStale(toOrganisationView(organisation), ask);
      if (body.isActive === false && id === ask.actor.organisationId) throw new ProblemError(problem('own-account', {}));
      await updateOrganisation(tx, id, { name: body.name ?? organisation.name, isActive: body.isActive ?? organisation.isActive });
      if (body.isActive === false) await endSessionsOfOrganisation(tx, id, ask.actor.id);
      return toOrganisationView(managed(ask.actor, await findOrganisation(tx, id, 'read')));
    });
  }

  /** Shares exactly these corridors of the actor's organisation with the other; what others share with it stays. */
  share(ask: Ask, id: OrganisationId, body: ShareCorridorsBody): Promise<OrganisationView> {
    return this.rights.change({ ask, body }, 'everybody', async (tx) => {
      const organisation = managed(ask.actor, await findOrganisation(tx, id, 'lock'));
      refuseStale(toOrganisationView(organisation), ask, 'optional');
      const ofOwner = await corridorsOf(tx, ask.actor.organisationId);
      refuseUnknown(body.corridorIds, ofOwner);
      await replaceShares(tx, id, { ofOwner, corridorIds: body.corridorIds });
      await updateOrganisation(tx, id, organisation); // the next version
      return toOrganisationView(managed(ask.actor, await findOrganisation(tx, id, 'read')));
    });
  }

  // What the server itself does at the birth of a database. Each may be repeated.

  async ensureOrganisation(organisation: { readonly id: OrganisationId; readonly name: string }): Promise<void> {
    await insertOrganisation(this.database.manager, { ...organisation, registeredBy: null });
  }

  /** Adds to what is shared with the organisation. The corridors may be declared later. */
  async ensureShares(organisationId: OrganisationId, corridorIds: readonly CorridorId[]): Promise<void> {
    await this.rights.changeUnasked('everybody', (tx) => replaceShares(tx, organisationId, { ofOwner: [], corridorIds }));
  }
}

function toOrganisationView({ id, name, isActive, sharedCorridorIds, version, createdAt }: OrganisationRow): OrganisationView {
  return { id, name, isActive, sharedCorridorIds: [...sharedCorridorIds], version, createdAt };
}
