import type { CorridorId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { readIfMatch, type Ask } from './ask.js';
import type { OrganisationView, PersonView } from './people.dto.js';
import type { OrganisationRow, PersonRow } from './people.queries.js';

/**
 * The row, if the actor's organisation manages it: itself, those it registered, and their people. What you can't see doesn't exist for you.
 *
 * @throws ProblemError `not-found`, the same for the unknown and the unseen
 */
export function managed<Row extends OrganisationRow | PersonRow>(actor: Actor, row: Row | null): Row {
  if (row === null) throw new ProblemError(problem('not-found', {}));
  const organisationId = 'organisationId' in row ? row.organisationId : row.id;
  if (organisationId !== actor.organisationId && row.registeredBy !== actor.organisationId)
    throw new ProblemError(problem('not-found', {}));
  return row;
}

/**
 * @param need whether the version must be named (the default), or is looked at when it is
 * @throws ProblemError `if-match-required`; `stale-version` with the current state
 */
export function refuseStale(current: OrganisationView | PersonView, { ifMatch }: Ask, need: 'required' | 'optional' = 'required'): void {
  const version = readIfMatch(ifMatch);
  if (version === null && need === 'optional') return;
  if (version === null) throw new ProblemError(problem('if-match-required', {}));
  if (current.version !== version) throw new ProblemError(problem('stale-version', { currentVersion: current.version, current }));
}

/** @throws ProblemError `not-found` when a corridor is named that the organisation has not declared */
export function refuseUnknown(named: readonly CorridorId[], known: readonly CorridorId[]): void {
  const all = new Set(known);
  if (named.some((id) => !all.has(id))) throw new ProblemError(problem('not-found', {}));
}
