import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import type { CorridorId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import type { Ask } from './ask.js';
import { managed, refuseStale, refuseUnknown } from './managed.js';
import { toList, toPage } from './paging.js';
import type {
  AddPersonBody,
  AssignCorridorsBody,
  ChangePersonBody,
  IssueSignInCodeBody,
  ListPeopleQuery,
  PersonList,
  PersonNameList,
  PersonView,
} from './people.dto.js';
import {
  corridorsOf,
  endSessionsOf,
  findActor,
  findCredentials,
  findOrganisation,
  findPerson,
  insertPerson,
  listNames,
  listPeople,
  type NewCode,
  type NewPerson,
  type PersonRow,
  putCode,
  replaceAssignments,
  updatePerson,
} from './people.queries.js';
import { hashOf, newSecret } from './secret.js';
import { Rights } from './rights.service.js';

/** A code in the clear, on its one way to its person. */
export interface IssuedCode {
  readonly code: string;
  readonly expiresAt: Instant;
}

/** More colleagues than an operation has; the newest. */
const MOST_NAMES = 1000;

/** People, what they are assigned to, and their one-time codes. An administrator manages those of the own organisation and of those it registered. */
@Injectable()
export class People {
  constructor(
    private readonly database: DataSource,
    private readonly rights: Rights,
  ) {}

  // What an administrator does. Each is done once for a commandId.

  async list(actor: Actor, query: ListPeopleQuery): Promise<PersonList> {
    const page = { ...toPage(query), organisationId: query.organisationId ?? null };
    const { items, next } = toList(query, await listPeople(this.database.manager, actor.organisationId, page));
    return { items: items.map(toPersonView), next };
  }

  async names(actor: Actor): Promise<PersonNameList> {
    return { items: [...(await listNames(this.database.manager, actor.organisationId, MOST_NAMES))] };
  }

  async read(actor: Actor, id: PersonId): Promise<PersonView> {
    return toPersonView(managed(actor, await findPerson(this.database.manager, id, 'read')));
  }

  add(ask: Ask, body: AddPersonBody): Promise<PersonView> {
    const id = body.commandId as string as PersonId;
    return this.rights.change({ ask, body }, null, async (tx) => {
      managed(ask.actor, await findOrganisation(tx, body.organisationId, 'read'));
      const taken = await insertPerson(tx, { ...body, id });
      if (taken !== null)
        throw new ProblemError(taken === 'id' ? problem('id-taken', { field: 'commandId' }) : problem('sign-in-name-taken', {}));
      return toPersonView(managed(ask.actor, await findPerson(tx, id, 'read')));
    });
  }

  change(ask: Ask, id: PersonId, body: ChangePersonBody): Promise<PersonView> {
    return this.rights.change({ ask, body }, id, async (tx) => {
      const person = managed(ask.actor, await findPerson(tx, id, 'lock'));
      refuseStale(toPersonView(person), ask);
      const role = body.role ?? person.role;
      const isActive = body.isActive ?? person.isActive;
      if (id === ask.actor.id && (role !== person.role || !isActive)) throw new ProblemError(problem('own-account', {}));
      await updatePerson(tx, id, { role, isActive, displayName: body.displayName ?? person.displayName });
      if (!isActive) await endSessionsOf(tx, id, { endedBy: ask.actor.id, except: null });
      return toPersonView(managed(ask.actor, await findPerson(tx, id, 'read')));
    });
  }

  assign(ask: Ask, id: PersonId, body: AssignCorridorsBody): Promise<PersonView> {
    return this.rights.change({ ask, body }, id, async (tx) => {
      const person = managed(ask.actor, await findPerson(tx, id, 'lock'));
      refuseStale(toPersonView(person), ask, 'optional');
      refuseUnknown(body.corridorIds, await corridorsOf(tx, person.organisationId));
      await replaceAssignments(tx, id, body.corridorIds);
      await updatePerson(tx, id, person); // the next version
      return toPersonView(managed(ask.actor, await findPerson(tx, id, 'read')));
    });
  }

  /** Repeated, it makes a new code in the place of the lost one: a code is kept as its hash only, so it can't be told again. */
  async issueCode(actor: Actor, id: PersonId, body: IssueSignInCodeBody): Promise<IssuedCode> {
    const person = managed(actor, await findPerson(this.database.manager, id, 'read'));
    return this.putCode({ id: body.commandId, personId: person.id, issuedBy: actor.id, validMs: body.validMinutes * 60_000 });
  }

  /** A person's rights as they are now; null when they may not act any more. For decisions that rest on somebody else's earlier word. */
  findActor(id: PersonId): Promise<Actor | null> {
    return findActor(this.database.manager, id);
  }

  /** Whoever may act under this sign-in name; null when nobody may. */
  async findBySignInName(signInName: string): Promise<Actor | null> {
    const found = await findCredentials(this.database.manager, signInName);
    return found === null ? null : this.findActor(found.personId);
  }

  // What the server itself does: at the birth of a database, and from the command line. Each may be repeated.

  /** Whether anybody has an account. */
  async isAnybodyKnown(): Promise<boolean> {
    const [row] = await this.database.query<{ isKnown: boolean }[]>(`SELECT EXISTS (SELECT FROM people) AS "isKnown"`);
    return row?.isKnown === true;
  }

  /** @throws Error when the sign-in name belongs to somebody else */
  async ensurePerson(person: NewPerson): Promise<void> {
    const taken = await insertPerson(this.database.manager, person);
    if (taken === 'signInName') throw new Error(`The sign-in name of person ${person.id} belongs to somebody else`);
  }

  /** The corridors may be declared later. */
  async ensureAssignments(personId: PersonId, corridorIds: readonly CorridorId[]): Promise<void> {
    await this.rights.changeUnasked(personId, (tx) => replaceAssignments(tx, personId, corridorIds));
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
}

/** The page that a person opens, on the server's address: the code stands after `#`, which no browser sends, so no log or preview sees it. */
export function signInLink(code: string): string {
  return `/sign-in#code=${code}`;
}

function toPersonView(row: PersonRow): PersonView {
  const { id, organisationId, role, signInName, displayName, hasPassword, isActive, corridorIds, version, createdAt } = row;
  return { id, organisationId, role, signInName, displayName, hasPassword, isActive, corridorIds: [...corridorIds], version, createdAt };
}
