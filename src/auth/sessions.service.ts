import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { canonicalJson } from '../domain/canonical-json.js';
import type { PersonId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';
import { log } from '../platform/logging.js';
import { Outage } from '../platform/outage.js';
import { hashOf, isSecret, newSecret } from './secret.js';
import type { CarriedToken } from './session-token.js';
import { ABSOLUTE_LIFETIME_MS, type Carrier, type Session, type SessionId, type SignedInBy } from './session.js';
import { announceChange, endSession, insertSession, stillAlive, useSession } from './sessions.queries.js';

/**
 * A change must reach every process within 5 s, also when its NOTIFY is lost: a session taken from the cache is at most 2 s old,
 * and a watched one is looked at again within 2.5 s of that.
 */
const CACHE_MS = 2_000;
const LOOK_AGAIN_MS = 2_500;
const MAX_CACHED = 10_000;

type Listener = (now: Session | null) => void;

/** Opens, finds, watches and ends sessions. The token is known to its bearer alone; the database keeps its hash. */
@Injectable()
export class Sessions implements OnModuleInit, OnModuleDestroy {
  private readonly cache = new Map<string, { readonly session: Promise<Session | null>; readonly readAtMs: number }>();
  private readonly watched = new Map<SessionId, { session: Session; readonly listeners: Set<Listener> }>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly outage = new Outage('sessions can’t be looked at again');

  constructor(private readonly database: DataSource) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.lookAgain(null), LOOK_AGAIN_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** The session of a token, or null when there is none alive. At most 2 s old. Never throws for a bad token. */
  async authenticate({ token, carrier }: CarriedToken): Promise<Session | null> {
    if (!isSecret(token)) return null;
    const session = await this.read(token);
    return session?.carrier === carrier ? session : null; // a cookie's token is no bearer token
  }

  private async read(token: string): Promise<Session | null> {
    const tokenHash = hashOf(token);
    const key = tokenHash.toString('base64');
    const cached = this.cache.get(key);
    if (cached !== undefined && performance.now() - cached.readAtMs < CACHE_MS) return cached.session;

    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    const reading = { session: useSession(this.database.manager, tokenHash), readAtMs: performance.now() };
    this.cache.set(key, reading);
    const session = await reading.session.catch((error: unknown) => {
      this.cache.delete(key);
      throw error;
    });
    if (session === null) this.cache.delete(key);
    return session;
  }

  /** Opens a session of a person who has shown who they are. */
  async open(
    personId: PersonId,
    { carrier, signedInBy }: { readonly carrier: Carrier; readonly signedInBy: SignedInBy },
  ): Promise<{ readonly token: string; readonly session: Session }> {
    const token = newSecret();
    const id = v7();
    await this.database.transaction((tx) =>
      insertSession(tx, { id, personId, tokenHash: hashOf(token), carrier, signedInBy, lifetimeMs: ABSOLUTE_LIFETIME_MS }),
    );
    const session = await useSession(this.database.manager, hashOf(token));
    if (session === null) throw new ProblemError(problem('sign-in-failed', {})); // disabled between the two statements
    log.info({ sessionId: session.id, personId, signedInBy }, 'signed in');
    return { token, session };
  }

  /** Ends it here and on every process. */
  async end(id: SessionId, { owner, endedBy }: { readonly owner: PersonId; readonly endedBy: PersonId }): Promise<void> {
    await this.database.transaction(async (tx) => {
      await endSession(tx, id, endedBy);
      await announceChange(tx, owner);
    });
    this.forget(owner);
    log.info({ sessionId: id, personId: owner, endedBy }, 'signed out');
  }

  /**
   * Watches a session that a socket or stream lives on.
   *
   * @param listener called with the new session when role, assignments or shares changed, and once with null when it ended, for whatever
   * reason. Within 5 s on every process.
   * @returns stops watching
   */
  watch(session: Session, listener: Listener): () => void {
    const entry = this.watched.get(session.id) ?? { session, listeners: new Set<Listener>() };
    this.watched.set(session.id, entry);
    entry.listeners.add(listener);
    return () => {
      entry.listeners.delete(listener);
      if (entry.listeners.size === 0 && this.watched.get(session.id) === entry) this.watched.delete(session.id);
    };
  }

  /** Reads the rights of a person (null: of everybody) from the database again, for what is cached and what is watched. */
  forget(personId: PersonId | null): void {
    this.cache.clear();
    void this.lookAgain(personId);
  }

  private lookAgain(personId: PersonId | null): Promise<void> {
    this.looking = this.looking.then(async () => {
      try {
        await this.compareWatched(personId);
        this.outage.isOver();
      } catch (error) {
        this.outage.goesOn(error);
      }
    });
    return this.looking;
  }

  private async compareWatched(personId: PersonId | null): Promise<void> {
    const entries = [...this.watched.values()].filter(({ session }) => personId === null || session.actor.id === personId);
    if (entries.length === 0) return;
    const alive = await stillAlive(
      this.database.manager,
      entries.map(({ session }) => session.id),
    );
    for (const entry of entries) {
      const now = alive.get(entry.session.id) ?? null;
      if (now !== null && canonicalJson(now.actor) === canonicalJson(entry.session.actor)) continue;
      if (now === null) this.watched.delete(entry.session.id);
      else entry.session = now;
      for (const listener of [...entry.listeners]) listener(now);
    }
  }
}
