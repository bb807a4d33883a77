import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PersonId } from '../domain/ids.js';
import type { Ask } from './ask.js';
import { once, type Commanding } from './once.js';
import { announceChange } from './sessions.queries.js';
import { Sessions } from './sessions.service.js';

/** Whose rights a change touches: one person's, everybody's, or nobody's (null). */
export type Whose = PersonId | 'everybody' | null;

/** Who asks, and with which body. */
interface Asked {
  readonly ask: Ask;
  readonly body: Commanding;
}

/** Changes accounts so that every process acts on it within 5 s. */
@Injectable()
export class Rights {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: Sessions,
  ) {}

  /** In one transaction; once for the body's commandId, a repeat gets the first answer. */
  change<Answer>(asked: Asked, whose: Whose, work: (tx: EntityManager) => Promise<Answer>): Promise<Answer> {
    return this.changeUnasked(whose, (tx) => once(tx, asked.ask, asked.body, () => work(tx)));
  }

  /** The same for what no commandId asked for. */
  async changeUnasked<Answer>(whose: Whose, work: (tx: EntityManager) => Promise<Answer>): Promise<Answer> {
    const personId = whose === 'everybody' ? null : whose;
    const answer = await this.database.transaction(async (tx) => {
      const done = await work(tx);
      if (whose !== null) await announceChange(tx, personId);
      return done;
    });
    if (whose !== null) this.sessions.forget(personId);
    return answer;
  }
}
