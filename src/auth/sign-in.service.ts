import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DataSource } from 'typeorm';
import type { PersonId } from '../domain/ids.js';
import { type Actor, PERMISSIONS, ROLES_WITH } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { Passwords } from './passwords.js';
import {
  endSessionsOf,
  findCredentials,
  findOrganisation,
  findPasswordHash,
  findPerson,
  type Page,
  takeCode,
  updatePassword,
} from './people.queries.js';
import { Rights } from './rights.service.js';
import { hashOf, isSecret } from './secret.js';
import type { Session } from './session.js';
import { findOwner, sessionsOf, type ListedSession } from './sessions.queries.js';
import type { CurrentSessionView, SetPasswordBody, SignInBody } from './sessions.dto.js';
import { Sessions } from './sessions.service.js';

const MOST_GUESSES = 10;
const GUESSES_KEPT_S = 15 * 60;

/** Signing in, out, and what one sees of one's own sessions. */
@Injectable()
export class SignIn {
  /** Wrong passwords for one name, whether it exists or not. It counts in this process only, and never stands before a one-time code. */
  private readonly guesses = new RateLimiterMemory({ keyPrefix: 'guess', points: MOST_GUESSES, duration: GUESSES_KEPT_S });

  constructor(
    private readonly database: DataSource,
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly rights: Rights,
  ) {}

  /**
   * Unknown name, wrong password, used code, disabled person: the same refusal after the same work, so that nobody learns who has an account.
   *
   * @throws ProblemError `sign-in-failed`; `too-many-requests` after 10 wrong passwords for one name in 15 minutes
   */
  async signIn({ code, signInName, password, carrier }: SignInBody): Promise<{ readonly token: string; readonly session: Session }> {
    if (code !== undefined) {
      const personId = isSecret(code) ? await takeCode(this.database.manager, hashOf(code)) : null;
      return this.sessions.open(refuseNobody(personId), { carrier, signedInBy: 'code' });
    }
    return this.sessions.open(await this.whoHas(signInName ?? '', password ?? ''), { carrier, signedInBy: 'password' });
  }

  private async whoHas(signInName: string, password: string): Promise<PersonId> {
    const guessed = await this.guesses.get(signInName.toLowerCase());
    if (guessed !== null && guessed.remainingPoints <= 0) throw tooMany(guessed.msBeforeNext);
    const found = await findCredentials(this.database.manager, signInName);
    const matches = await this.passwords.matches(found?.passwordHash ?? null, password);
    if (found !== null && matches) return found.personId;
    await this.guesses.penalty(signInName.toLowerCase(), 1);
    return refuseNobody(null);
  }

  async describe(session: Session): Promise<CurrentSessionView> {
    const { actor } = session;
    const person = await findPerson(this.database.manager, actor.id, 'read');
    const organisation = await findOrganisation(this.database.manager, actor.organisationId, 'read');
    if (person === null || organisation === null) throw new ProblemError(problem('unauthenticated', {}));
    return {
      id: session.id,
      carrier: session.carrier,
      createdAt: session.createdAt,
      expiresAt: session.expiresAt,
      person: { id: actor.id, displayName: person.displayName, role: actor.role },
      organisation: { id: organisation.id, name: organisation.name },
      corridorIds: [...actor.corridorIds],
      permissions: PERMISSIONS.filter((permission) => ROLES_WITH[permission].includes(actor.role)),
    };
  }

  /** The person's live sessions, the newest first. */
  listSessions(personId: PersonId, page: Page): Promise<readonly ListedSession[]> {
    return sessionsOf(this.database.manager, personId, page);
  }

  /**
   * Ends one of one's own sessions; an administrator also those of the people they manage.
   *
   * @throws ProblemError `not-found` when it is not alive, or not theirs to see
   */
  async end(actor: Actor, id: string): Promise<void> {
    const owner = await findOwner(this.database.manager, id);
    if (owner === null) throw new ProblemError(problem('not-found', {}));
    const isManaged = actor.role === 'administrator' && [owner.organisationId, owner.registeredBy].includes(actor.organisationId);
    if (owner.personId !== actor.id && !isManaged) throw new ProblemError(problem('not-found', {}));
    await this.sessions.end(owner.sessionId, { owner: owner.personId, endedBy: actor.id });
  }

  /**
   * Sets one's own password and ends all one's other sessions. Who signed in by a code needs no old password: the code was the proof.
   *
   * @throws ProblemError `sign-in-failed` when the old password is wrong
   */
  async setPassword(session: Session, { currentPassword, newPassword }: SetPasswordBody): Promise<void> {
    const { actor } = session;
    const stored = await findPasswordHash(this.database.manager, actor.id);
    const needsOld = stored !== null && session.signedInBy !== 'code';
    if (needsOld && !(await this.passwords.matches(stored, currentPassword ?? ''))) throw new ProblemError(problem('sign-in-failed', {}));
    const passwordHash = await this.passwords.hash(newPassword);
    await this.rights.changeUnasked(actor.id, async (tx) => {
      await updatePassword(tx, actor.id, passwordHash);
      await endSessionsOf(tx, actor.id, { endedBy: actor.id, except: session.id });
    });
  }
}

function tooMany(ms: number): ProblemError {
  return new ProblemError(problem('too-many-requests', { retryAfterSeconds: Math.ceil(ms / 1000) }));
}

function refuseNobody(personId: PersonId | null): PersonId {
  if (personId === null) throw new ProblemError(problem('sign-in-failed', {}));
  return personId;
}
