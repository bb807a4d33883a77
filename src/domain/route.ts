import type { Corridor, CorridorEvent } from './corridor.js';
import { accept, type Decision } from './decision.js';
import type { CommandId, CorridorId } from './ids.js';
import type { Actor } from './permission.js';

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

/** Another way. What was known of its segments (ordnance, evidence) goes on only for segments that keep their id and line. */
export function changeRoute(corridor: Corridor, command: ChangeRoute): Decision<CorridorEvent> {
  const { geometryKind, permittedModes } = command;
  const segments = command.segments.map((segment) => {
    const before = corridor.segments.find((known) => known.id === segment.id);
    const isSameWay =
      before !== undefined && JSON.stringify(before.line) === JSON.stringify(segment.line) && before.widthM === segment.widthM;
    return isSameWay ? { ...segment, ordnance: before.ordnance } : { ...segment, ordnance: NOT_ASSESSED };
  });
  return accept({ type: 'RouteChanged', corridorId: corridor.id, geometryKind, segments, permittedModes });
}

const NOT_ASSESSED = { status: 'not_assessed', assessedBy: null, assessedAt: null } as const;
