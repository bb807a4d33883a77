import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from '../domain/canonical-json.js';
import type { CommandId, PersonId } from '../domain/ids.js';
import { problem, ProblemError } from '../domain/problem.js';

/** What makes a repeat the same command: who, which id, and exactly what was asked. */
export interface Operation {
  readonly actorId: PersonId;
  readonly method: 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly body: { readonly commandId: CommandId };
}

/**
 * Does the work once for a (actor, commandId), in the caller's transaction; a repeat gets the answer of the first time. Two at once: the
 * second waits for the first. A refusal rolls back with the transaction, so it is decided again when it is sent again.
 *
 * @throws ProblemError `command-id-reused` when the id came with something else before
 */
export async function once<Answer>(tx: EntityManager, operation: Operation, work: () => Promise<Answer>): Promise<Answer> {
  const { actorId, method, path, body } = operation;
  const digest = createHash('sha256').update(canonicalJson({ method, path, body })).digest('hex');
  const claimed = await tx.query<unknown[]>(
    `INSERT INTO operations (actor_id, command_id, digest) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING command_id`,
    [actorId, body.commandId, digest],
  );
  if (claimed.length === 0) return storedAnswer<Answer>(tx, operation, digest);
  const answer = await work();
  await tx.query(`UPDATE operations SET body = $3 WHERE actor_id = $1 AND command_id = $2`, [
    actorId,
    body.commandId,
    JSON.stringify(answer),
  ]);
  return answer;
}

async function storedAnswer<Answer>(tx: EntityManager, { actorId, body }: Operation, digest: string): Promise<Answer> {
  const [stored] = await tx.query<{ digest: string; body: Answer }[]>(
    `SELECT digest, body FROM operations WHERE actor_id = $1 AND command_id = $2`,
    [actorId, body.commandId],
  );
  if (stored?.digest !== digest) throw new ProblemError(problem('command-id-reused', {}));
  return stored.body;
}
