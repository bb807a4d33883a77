import { Injectable } from '@nestjs/common';
import { hash, verify, type Options } from '@node-rs/argon2';
import { problem, ProblemError } from '../domain/problem.js';
import { newSecret } from './secret.js';

/** Argon2id at OWASP's floor: 19 MiB, two passes, one lane; about 50 ms of one core. */
const ARGON2ID: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Few at once: hashing must not take the cores and the memory from a stop. */
const AT_ONCE = 2;
/** At 25 a second, nobody in the queue waits longer than about 2 s. */
const MAX_WAITING = 50;

/** Shortest password taken: a few words. Long and remembered beats short and odd (NIST SP 800-63B). */
export const PASSWORD_MIN_LENGTH = 15;
export const PASSWORD_MAX_LENGTH = 200;

/** Hashes and checks passwords, few at a time. */
@Injectable()
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly nobody = hash(newSecret(), ARGON2ID);

  /** @throws ProblemError `too-many-requests` when too many wait already */
  async hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password.normalize('NFC'), ARGON2ID));
  }

  /**
   * @param stored null when there is no such person, or they have no password: it takes as long, and the answer is no
   * @throws ProblemError `too-many-requests` when too many wait already
   */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await this.nobody);
    const isEqual = await this.inTurn(() => verify(against, password.normalize('NFC')));
    return isEqual && stored !== null;
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MAX_WAITING) throw new ProblemError(problem('too-many-requests', { retryAfterSeconds: 5 }));
      await new Promise<void>((resolve) => this.waiting.push(resolve)); // the one before hands its place over
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
