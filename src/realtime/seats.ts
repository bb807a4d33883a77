import { Injectable } from '@nestjs/common';
import type { PersonId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';

/** Tabs and devices of one person; people behind one router. */
const MOST_A_PERSON = 8;
const MOST_AN_ADDRESS = 50;
const RETRY_AFTER_SECONDS = 60;

/** Who is following right now, by socket or by stream: nobody takes so many connections that others find none. */
@Injectable()
export class Seats {
  private readonly taken = new Map<string, number>();

  /**
   * @param address null where the transport does not tell it
   * @returns gives the seat back; a second call does nothing
   * @throws ProblemError `too-many-requests`
   */
  take(personId: PersonId, address: string | null): () => void {
    const seats = [{ key: `person ${personId}`, most: MOST_A_PERSON }];
    if (address !== null) seats.push({ key: `address ${address}`, most: MOST_AN_ADDRESS });
    if (seats.some(({ key, most }) => (this.taken.get(key) ?? 0) >= most)) {
      throw new ProblemError(problem('too-many-requests', { retryAfterSeconds: RETRY_AFTER_SECONDS }));
    }
    for (const { key } of seats) this.taken.set(key, (this.taken.get(key) ?? 0) + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      for (const { key } of seats) this.giveBack(key);
    };
  }

  private giveBack(key: string): void {
    const left = (this.taken.get(key) ?? 0) - 1;
    if (left > 0) this.taken.set(key, left);
    else this.taken.delete(key);
  }
}
