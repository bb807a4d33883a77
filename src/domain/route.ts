import type { Corridor, CorridorEvent, Segment } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import type { CommandId, CorridorId } from './ids.js';
import type { Actor } from './permission.js';
import { problem } from './problem.js';

type Declared = Omit<Extract<CorridorEvent, { readonly type: 'CorridorDeclared' }>, 'type' | 'corridorId' | 'organisationId'>;

export interface DeclareCorridor extends Declared {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

/** A route is declared: nothing is agreed, nothing is supported (`observed`), nothing is open. Its id is the command's. */
export function declareCorridor(command: DeclareCorridor): Decision<CorridorEvent> {
  const { commandId, actor, ...declared } = command;
  return accept({
    type: 'CorridorDeclared',
    corridorId: commandId as string as CorridorId,
    organisationId: actor.organisationId,
    ...declared,
  });
}

export interface ChangeRoute extends Pick<Corridor, 'geometryKind' | 'segments' | 'permittedModes'> {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

/**
 * Another way. What is known of a segment (ordnance, evidence) is known of its line: it goes on for segments that keep both id and line, and
 * another line needs an id of its own, or what was seen of the old road would count for the new one. So does a segment that comes back
 * after it had left the route.
 *
 * @returns `RouteChanged`, or `id-taken`
 */
export function changeRoute({ corridor, evidence }: Dossier, command: ChangeRoute): Decision<CorridorEvent> {
  const { geometryKind, permittedModes } = command;
  const known = new Map(corridor.segments.map((segment) => [segment.id, segment]));
  const isReused = (segment: Segment): boolean => {
    const before = known.get(segment.id);
    return before === undefined ? evidence.segments[segment.id] !== undefined : !isSameWay(segment, before);
  };
  if (command.segments.some(isReused)) return refuse(problem('id-taken', { field: 'segments' }));
  const segments = command.segments.map((segment) => ({ ...segment, ordnance: known.get(segment.id)?.ordnance ?? NOT_ASSESSED }));
  return accept({ type: 'RouteChanged', corridorId: corridor.id, geometryKind, segments, permittedModes });
}

function isSameWay(a: Segment, b: Segment): boolean {
  return JSON.stringify(a.line) === JSON.stringify(b.line) && a.widthM === b.widthM;
}

const NOT_ASSESSED = { status: 'not_assessed', assessedBy: null, assessedAt: null } as const;
