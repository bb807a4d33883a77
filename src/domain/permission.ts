import type { Corridor } from './corridor.js';
import type { CorridorId, OrganisationId, PersonId } from './ids.js';

export const ROLES = [
  'administrator',
  'coordinator',
  'verifier',
  'ordnance_assessor',
  'field_lead',
  'field_member',
  'partner',
  'observer',
  'system',
] as const;
export type Role = (typeof ROLES)[number];
/** Roles that an administrator may give; `system` is nobody's. */
export const GRANTABLE_ROLES = ROLES.filter((role): role is Exclude<Role, 'system'> => role !== 'system');

/** Who acts: one person, one role, one organisation; a field role with its corridors, a partner with those shared with it. */
export interface Actor {
  readonly id: PersonId;
  readonly organisationId: OrganisationId;
  readonly role: Role;
  /** Assigned (field) or shared (partner); empty for the others. */
  readonly corridorIds: readonly CorridorId[];
}

export const PERMISSIONS = [
  'board.read',
  'board.read_as_of',
  'events.read',
  'feed.read',
  'corridor.declare',
  'corridor.edit',
  'corridor.decide',
  'corridor.stop',
  'corridor.hold',
  'corridor.clear_hold',
  'corridor.lift_hold',
  'corridor.set_limit',
  'corridor.report_people',
  'corridor.request_opening',
  'corridor.approve_opening',
  'corridor.propose_stance',
  'criterion.assess',
  'criterion.waive',
  'ordnance.assess',
  'window.announce',
  'window.claim',
  'window.record_consent',
  'window.answer_hotline',
  'window.decide',
  'window.record_outcome',
  'observation.record',
  'observation.read',
  'attack.report',
  'attack.read',
  'attack.verify',
  'attack.discount',
  'person.manage',
  'person.read_name',
  'organisation.manage',
  'session.own',
  'exercise.read',
  'exercise.control',
] as const;
/** `noun.verb`. */
export type Permission = (typeof PERMISSIONS)[number];

const EVERYONE: readonly Role[] = [
  'administrator',
  'coordinator',
  'verifier',
  'ordnance_assessor',
  'field_lead',
  'field_member',
  'partner',
  'observer',
];
const CELL: readonly Role[] = ['administrator', 'coordinator', 'verifier', 'ordnance_assessor', 'observer'];
const TEAM: readonly Role[] = ['coordinator', 'field_lead', 'field_member'];

/** The one table of who may do what; the matrix test is made from it. Which objects: `canSee` and `isOfTeam`. */
export const ROLES_WITH: Readonly<Record<Permission, readonly Role[]>> = {
  'board.read': EVERYONE,
  'board.read_as_of': CELL,
  'events.read': EVERYONE,
  'feed.read': EVERYONE,
  'corridor.declare': ['coordinator'],
  'corridor.edit': ['coordinator'],
  'corridor.decide': ['coordinator'],
  'corridor.stop': TEAM,
  'corridor.hold': TEAM,
  'corridor.clear_hold': TEAM,
  'corridor.lift_hold': ['coordinator'],
  'corridor.set_limit': ['coordinator'],
  'corridor.report_people': TEAM,
  'corridor.request_opening': ['coordinator'],
  'corridor.approve_opening': ['coordinator'],
  'corridor.propose_stance': ['coordinator'],
  'criterion.assess': ['coordinator', 'field_lead'],
  'criterion.waive': ['coordinator'],
  'ordnance.assess': ['ordnance_assessor'],
  'window.announce': ['coordinator'],
  'window.claim': ['coordinator'],
  'window.record_consent': ['coordinator'],
  'window.answer_hotline': ['coordinator'],
  'window.decide': ['coordinator'],
  'window.record_outcome': ['coordinator', 'verifier'],
  'observation.record': [...TEAM, 'observer', 'partner'],
  'observation.read': [...CELL, 'field_lead', 'field_member'],
  'attack.report': [...TEAM, 'verifier', 'ordnance_assessor', 'observer', 'partner'],
  'attack.read': EVERYONE,
  'attack.verify': ['verifier'],
  'attack.discount': ['coordinator'],
  'person.manage': ['administrator'],
  'person.read_name': CELL,
  'organisation.manage': ['administrator'],
  'session.own': EVERYONE,
  'exercise.read': EVERYONE,
  'exercise.control': ['administrator', 'coordinator'],
};

export function mayEver(actor: Actor, permission: Permission): boolean {
  return ROLES_WITH[permission].includes(actor.role);
}

type Belonging = Pick<Corridor, 'id' | 'organisationId'>;

/** What you can't see does not exist for you (404, the same body as the unknown). */
export function canSee(actor: Actor, corridor: Belonging): boolean {
  switch (actor.role) {
    case 'partner':
    case 'field_lead':
    case 'field_member':
      return actor.corridorIds.includes(corridor.id);
    case 'administrator':
    case 'coordinator':
    case 'verifier':
    case 'ordnance_assessor':
    case 'observer':
      return actor.organisationId === corridor.organisationId || actor.corridorIds.includes(corridor.id);
    case 'system':
      return true;
  }
}

/** Whether `canSee` holds for every corridor of their organisation; the others see those in `corridorIds`. For queries. */
export function seesOrganisation(actor: Actor): boolean {
  return CELL.includes(actor.role);
}

/** The corridor's own team: its organisation's coordinators, and the field roles assigned to it. */
export function isOfTeam(actor: Actor, corridor: Belonging): boolean {
  if (!TEAM.includes(actor.role) || actor.organisationId !== corridor.organisationId) return false;
  return actor.role === 'coordinator' || actor.corridorIds.includes(corridor.id);
}

const REPORTING: ReadonlySet<Permission> = new Set<Permission>([
  'observation.record',
  'attack.report',
  'board.read',
  'events.read',
  'feed.read',
  'attack.read',
]);

/** Whether the actor may do this to this corridor, which they can see. Only its own organisation decides on it; a partner may report. */
export function mayOn(actor: Actor, permission: Permission, corridor: Belonging): boolean {
  if (!mayEver(actor, permission) || !canSee(actor, corridor)) return false;
  return REPORTING.has(permission) || actor.organisationId === corridor.organisationId;
}
