import { isOver, isSameRoad, type Corridor, type CorridorEvent, type Segment } from './corridor.js';
import { accept, refuse, type Decision } from './decision.js';
import type { Dossier } from './dossier.js';
import { ruleHold } from './hold.js';
import type { CommandId, CorridorId, HoldId } from './ids.js';
import type { Actor } from './permission.js';
import { problem } from './problem.js';
import { isAgreement } from './window.js';

type Declared = Omit<Extract<CorridorEvent, { readonly type: 'CorridorDeclared' }>, 'type' | 'corridorId' | 'organisationId'>;

export interface DeclareCorridor extends Declared {
  readonly commandId: CommandId;
  readonly actor: Actor;
}

/**
 * A route is declared: nothing is agreed, nothing is supported (`observed`), nothing is open. Its id is the command's.
 *
 * @returns `CorridorDeclared`, or `id-taken` for two segments with one id: what was seen of one would count for the other
 */
export function declareCorridor(command: DeclareCorridor): Decision<CorridorEvent> {
  const { commandId, actor, ...declared } = command;
  if (hasTwins(declared.segments)) return refuse(problem('id-taken', { field: 'segments' }));
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
 * after it had left the route. Where a party has agreed, its word was about the other way: a hold asks two people to see to that (ADR 13).
 *
 * @returns `RouteChanged`, with a `HoldSet` where a party has agreed, or `id-taken`
 */
export function changeRoute({ corridor, evidence, window }: Dossier, command: ChangeRoute): Decision<CorridorEvent> {
  const { geometryKind, permittedModes } = command;
  const known = new Map(corridor.segments.map((segment) => [segment.id, segment]));
  const isReused = (segment: Segment): boolean => {
    const before = known.get(segment.id);
    return before === undefined ? evidence.segments[segment.id] !== undefined : !isSameWay(segment, before);
  };
  if (hasTwins(command.segments) || command.segments.some(isReused)) return refuse(problem('id-taken', { field: 'segments' }));
  const segments = command.segments.map((segment) => ({ ...segment, ordnance: known.get(segment.id)?.ordnance ?? NOT_ASSESSED }));
  const changed: CorridorEvent = { type: 'RouteChanged', corridorId: corridor.id, geometryKind, segments, permittedModes };
  const isRunning = corridor.attempt !== null && !isOver(corridor.attempt.lifecycle);
  const hasAgreed = corridor.relevantParties.some((party) => isAgreement(window?.consents[party]?.consent ?? 'none'));
  if (!isRunning || !hasAgreed || isSameRoad(corridor.segments, segments)) return accept(changed);
  return accept<CorridorEvent>(changed, ruleHold(corridor, 'route_changed', command.commandId as string as HoldId));
}

function hasTwins(segments: readonly Segment[]): boolean {
  return new Set(segments.map(({ id }) => id)).size < segments.length;
}

function isSameWay(a: Segment, b: Segment): boolean {
  return JSON.stringify(a.line) === JSON.stringify(b.line) && a.widthM === b.widthM;
}

const NOT_ASSESSED = { status: 'not_assessed', assessedBy: null, assessedAt: null } as const;
