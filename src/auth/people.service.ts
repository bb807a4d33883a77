import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 } from 'uuid';
import type { CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { once, type Operation } from './once.js';
import { toList, toPage } from './paging.js';
import type {
  AddPersonBody,
  AssignCorridorsBody,
  ChangeOrganisationBody,
  ChangePersonBody,
  IssueSignInCodeBody,
  ListPeopleQuery,
  OrganisationList,
  OrganisationView,
  PageQuery,
  PersonList,
  PersonView,
  RegisterOrganisationBody,
  ShareCorridorsBody,
} from './people.dto.js';
import {
  corridorsOf,
  endSessionsOf,
  endSessionsOfOrganisation,
  findOrganisation,
  findPerson,
  insertOrganisation,
  insertPerson,
  listOrganisations,
  listPeople,
  type NewCode,
  type NewPerson,
  type OrganisationRow,
  type PersonRow,
  putCode,
  replaceAssignments,
  replaceShares,
  updateOrganisation,
  updatePerson,
} from './people.queries.js';
import { hashOf, newSecret } from './secret.js';
import { Sessions } from './sessions.service.js';

/** A code in the clear, on its one way to its person. */
export interface IssuedCode {
  readonly code: string;
  readonly expiresAt: Instant;
}

/**
 * Organisations, their people, and what people are assigned to. An administrator manages the own organisation and those it registered;
 * no other exists for them. A change takes effect within 5 s on every process.
 */
@Injectable()
export class People {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: Sessions,
  ) {}

  // What an administrator does. Each is done once for a commandId.

  async listOrganisations(actor: Actor, query: PageQuery): Promise<OrganisationList> {
    const { items, next } = toList(query, await listOrganisations(this.database.manager, actor.organisationId, toPage(query)));
    return { items: items.map(toOrganisationView), next };
  }

  async readOrganisation(actor: Actor, id: OrganisationId): Promise<OrganisationView> {
    return toOrganisationView(managed(actor, await findOrganisation(this.database.manager, id, 'read')));
  }

  registerOrganisation(actor: Actor, operation: Operation, body: RegisterOrganisationBody): Promise<OrganisationView> {
    const id = body.commandId as string as OrganisationId;
    return this.once(operation, null, async (tx) => {
      const isNew = await insertOrganisation(tx, { id, registeredBy: actor.organisationId, name: body.name });
      if (!isNew) throw new ProblemError(problem('id-taken', {}));
      return toOrganisationView(managed(actor, await findOrganisation(tx, id, 'read')));
    });
  }

  changeOrganisation(
    actor: Actor,
    operation: Operation,
    { id, version }: { readonly id: OrganisationId; readonly version: number },
    body: ChangeOrganisationBody,
  ): Promise<OrganisationView> {
    return this.once(operation, 'everybody', async (tx) => {
      const organisation = managed(actor, await findOrganisation(tx, id, 'lock'));
      refuseStale(toOrganisationView(organisation), version);
      if (body.isActive === false && id === actor.organisationId) throw new ProblemError(problem('own-account', {}));
      await updateOrganisation(tx, id, { name: body.name ?? organisation.name, isActive: body.isActive ?? organisation.isActive });
      if (body.isActive === false) await endSessionsOfOrganisation(tx, id, actor.id);
      return toOrganisationView(managed(actor, await findOrganisation(tx, id, 'read')));
    });
  }

  /** Shares exactly these corridors of the actor's organisation with the other; what others share with it stays. */
  shareCorridors(actor: Actor, operation: Operation, id: OrganisationId, body: ShareCorridorsBody): Promise<OrganisationView> {
    return this.once(operation, 'everybody', async (tx) => {
      const organisation = managed(actor, await findOrganisation(tx, id, 'lock'));
      const ofOwner = await corridorsOf(tx, actor.organisationId);
      refuseUnknown(body.corridorIds, ofOwner);
      await replaceShares(tx, id, { ofOwner, corridorIds: body.corridorIds });
      await updateOrganisation(tx, id, organisation); // the next version
      return toOrganisationView(managed(actor, await findOrganisation(tx, id, 'read')));
    });
  }

  async listPeople(actor: Actor, query: ListPeopleQuery): Promise<PersonList> {
    const page = { ...toPage(query), organisationId: query.organisationId ?? null };
    const { items, next } = toList(query, await listPeople(this.database.manager, actor.organisationId, page));
    return { items: items.map(toPersonView), next };
  }

  async readPerson(actor: Actor, id: PersonId): Promise<PersonView> {
    return toPersonView(managed(actor, await findPerson(this.database.manager, id, 'read')));
  }

  addPerson(actor: Actor, operation: Operation, body: AddPersonBody): Promise<PersonView> {
    const id = body.commandId as string as PersonId;
    return this.once(operation, null, async (tx) => {
      managed(actor, await findOrganisation(tx, body.organisationId, 'read'));
      const taken = await insertPerson(tx, { ...body, id });
      if (taken !== null) throw new ProblemError(taken === 'id' ? problem('id-taken', {}) : problem('sign-in-name-taken', {}));
      return toPersonView(managed(actor, await findPerson(tx, id, 'read')));
    });
  }

  changePerson(
    actor: Actor,
    operation: Operation,
    { id, version }: { readonly id: PersonId; readonly version: number },
    body: ChangePersonBody,
  ): Promise<PersonView> {
    return this.once(operation, id, async (tx) => {
      const person = managed(actor, await findPerson(tx, id, 'lock'));
      refuseStale(toPersonView(person), version);
      const role = body.role ?? person.role;
      const isActive = body.isActive ?? person.isActive;
      if (id === actor.id && (role !== person.role || !isActive)) throw new ProblemError(problem('own-account', {}));
      await updatePerson(tx, id, { role, isActive, displayName: body.displayName ?? person.displayName });
      if (!isActive) await endSessionsOf(tx, id, { endedBy: actor.id, except: null });
      return toPersonView(managed(actor, await findPerson(tx, id, 'read')));
    });
  }

  assignCorridors(actor: Actor, operation: Operation, id: PersonId, body: AssignCorridorsBody): Promise<PersonView> {
    return this.once(operation, id, async (tx) => {
      const person = managed(actor, await findPerson(tx, id, 'lock'));
      refuseUnknown(body.corridorIds, await corridorsOf(tx, person.organisationId));
      await replaceAssignments(tx, id, body.corridorIds);
      await updatePerson(tx, id, person); // the next version
      return toPersonView(managed(actor, await findPerson(tx, id, 'read')));
    });
  }

  /** Repeated, it makes a new code in the place of the lost one: a code is kept as its hash only, so it can't be told again. */
  async issueCode(actor: Actor, id: PersonId, body: IssueSignInCodeBody): Promise<IssuedCode> {
    const person = managed(actor, await findPerson(this.database.manager, id, 'read'));
    return this.putCode({ id: body.commandId, personId: person.id, issuedBy: actor.id, validMs: body.validMinutes * 60_000 });
  }

  // What the server itself does: at the birth of a database, and from the command line. Each may be repeated.

  async ensureOrganisation(organisation: { readonly id: OrganisationId; readonly name: string }): Promise<void> {
    await insertOrganisation(this.database.manager, { ...organisation, registeredBy: null });
  }

  /** @throws Error when the sign-in name belongs to somebody else */
  async ensurePerson(person: NewPerson): Promise<void> {
    const taken = await insertPerson(this.database.manager, person);
    if (taken === 'signInName') throw new Error(`The sign-in name of person ${person.id} belongs to somebody else`);
  }

  /** The corridors may be declared later. */
  async ensureAssignments(personId: PersonId, corridorIds: readonly CorridorId[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await replaceAssignments(tx, personId, corridorIds);
      await this.sessions.announce(tx, personId);
    });
    this.sessions.forget(personId);
  }

  /** Adds to what is shared with the organisation. The corridors may be declared later. */
  async ensureShares(organisationId: OrganisationId, corridorIds: readonly CorridorId[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await replaceShares(tx, organisationId, { ofOwner: [], corridorIds });
      await this.sessions.announce(tx, null);
    });
    this.sessions.forget(null);
  }

  /** A one-time code for a person; `signInLink` makes the link of it. */
  async issueSignInCode(personId: PersonId, { validMs }: { readonly validMs: number }): Promise<string> {
    return (await this.putCode({ id: v7(), personId, issuedBy: null, validMs })).code;
  }

  private async putCode(code: Omit<NewCode, 'codeHash'>): Promise<IssuedCode> {
    const secret = newSecret();
    const expiresAt = await putCode(this.database.manager, { ...code, codeHash: hashOf(secret) });
    if (expiresAt === null) throw new ProblemError(problem('command-id-reused', {}));
    return { code: secret, expiresAt };
  }

  private async once<Answer>(
    operation: Operation,
    whoseRights: PersonId | 'everybody' | null,
    work: (tx: EntityManager) => Promise<Answer>,
  ): Promise<Answer> {
    const personId = whoseRights === 'everybody' ? null : whoseRights;
    const answer = await this.database.transaction(async (tx) => {
      const done = await once(tx, operation, () => work(tx));
      if (whoseRights !== null) await this.sessions.announce(tx, personId);
      return done;
    });
    if (whoseRights !== null) this.sessions.forget(personId);
    return answer;
  }
}

/** The page that a person opens, on the server's address: the code stands after `#`, which no browser sends, so no log or preview sees it. */
export function signInLink(code: string): string {
  return `/sign-in#code=${code}`;
}

/** What you can't see doesn't exist for you. */
function managed<Row extends OrganisationRow | PersonRow>(actor: Actor, row: Row | null): Row {
  if (row === null) throw new ProblemError(problem('not-found', {}));
  const organisationId = 'organisationId' in row ? row.organisationId : row.id;
  if (organisationId !== actor.organisationId && row.registeredBy !== actor.organisationId)
    throw new ProblemError(problem('not-found', {}));
  return row;
}

function refuseStale(current: OrganisationView | PersonView, version: number): void {
  if (current.version !== version) throw new ProblemError(problem('stale-version', { currentVersion: current.version, current }));
}

function refuseUnknown(named: readonly CorridorId[], known: readonly CorridorId[]): void {
  const all: ReadonlySet<string> = new Set(known);
  if (named.some((id) => !all.has(id.toLowerCase()))) throw new ProblemError(problem('not-found', {}));
}

function toOrganisationView({ id, name, isActive, sharedCorridorIds, version, createdAt }: OrganisationRow): OrganisationView {
  return { id, name, isActive, sharedCorridorIds: [...sharedCorridorIds], version, createdAt };
}

function toPersonView(row: PersonRow): PersonView {
  const { id, organisationId, role, signInName, displayName, hasPassword, isActive, corridorIds, version, createdAt } = row;
  return { id, organisationId, role, signInName, displayName, hasPassword, isActive, corridorIds: [...corridorIds], version, createdAt };
}
