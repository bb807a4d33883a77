import type { EntityManager } from 'typeorm';
import type { CommandId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';
import { digestOf, type Ask } from './ask.js';

/** A body that makes a repeat known. */
export interface Commanding {
  readonly commandId: CommandId;
}

/**
 * Does the work once for a (actor, commandId), in the caller's transaction; a repeat gets the answer of the first time. Two at once: the
 * second waits for the first. A refusal rolls back with the transaction, so it is decided again when it is sent again.
 *
 * @throws ProblemError `command-id-reused` when the id came with something else before
 */
export async function once<Answer>(tx: EntityManager, ask: Ask, body: Commanding, work: () => Promise<Answer>): Promise<Answer> {
  const key = [ask.actor.id, body.commandId];
  const digest = digestOf(ask, body);
  const claimed = await tx.query<unknown[]>(
    `INSERT INTO operations (actor_id, command_id, digest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING command_id`,
    [...key, digest],
  );
  if (claimed.length === 0) return storedAnswer<Answer>(tx, key, digest);
  const answer = await work();
  await tx.query(`UPDATE operations SET body = $3 WHERE actor_id = $1 AND command_id = $2`, [...key, JSON.stringify(answer)]);
  return answer;
}

async function storedAnswer<Answer>(tx: EntityManager, key: readonly string[], digest: string): Promise<Answer> {
  const [stored] = await tx.query<{ digest: string; body: Answer }[]>(
    `SELECT digest, body FROM operations WHERE actor_id = $1 AND command_id = $2`,
    [...key],
  );
  if (stored?.digest !== digest) throw new ProblemError(problem('command-id-reused', {}));
  return stored.body;
}
