import type { Attack } from './attack.js';
import { redact, statusAsSeen, type Audience, type OwnerOf, type SeenBody } from './audience.js';
import type { Board, BoardAttack, BoardCorridor, BoardWindow } from './board.js';
import type { Corridor } from './corridor.js';
import { entityOf, type DomainEvent, type EventType } from './event.js';
import type { CorridorId, OrganisationId } from './ids.js';
import { instantFromMs } from './instant.js';
import type { Status } from './status.js';
import type { CeasefireWindow } from './window.js';

/**
 * Rows as an audience may see them, for the doors that serve rows instead of facts. A row leaves as the facts that would make it as it
 * stands now, so that the one table of `redact` decides here as well.
 */

interface About {
  readonly organisationId: OrganisationId;
  readonly corridorIds: readonly CorridorId[];
  readonly ownerOf: OwnerOf;
}

/** The corridor as declared, on its present route; null: not at all. */
export function corridorAsSeen(corridor: Corridor, audience: Audience): SeenBody<'CorridorDeclared'> | null {
  const { code, externalId, name, direction, purpose, zone, country, destinationCountry, destinationParty, origin, destination, via } =
    corridor;
  const { id, organisationId, declaredBy, relevantParties, permittedModes, geometryKind, segments, alternativeIds, provenance } = corridor;
  return asSeen(
    {
      type: 'CorridorDeclared',
      corridorId: id,
      ...{
        organisationId,
        code,
        externalId,
        name,
        direction,
        purpose,
        zone,
        country,
        destinationCountry,
        destinationParty,
        origin,
        destination,
        via,
      },
      ...{ declaredBy, relevantParties, permittedModes, geometryKind, segments, alternativeIds, provenance },
    },
    audience,
    { organisationId, corridorIds: [id], ownerOf: () => organisationId },
  );
}

/** The window with what became of it; members that the audience may not see are absent. Null: not at all. */
export function windowAsSeen(window: CeasefireWindow, audience: Audience, ownerOf: OwnerOf) {
  const { id: windowId, organisationId, externalId, kind, corridorIds, zone, announcedBy, basis, claims, provenance } = window;
  const about: About = { organisationId, corridorIds, ownerOf };
  const announced = asSeen<'WindowAnnounced'>(
    { type: 'WindowAnnounced', windowId, organisationId, externalId, kind, corridorIds, zone, announcedBy, basis, claims, provenance },
    audience,
    about,
  );
  if (announced === null) return null;
  const consents = Object.entries(window.consents).flatMap(([party, { consent, since, hotlineAnsweredAt }]) => {
    const seen = asSeen<'ConsentRecorded'>({ type: 'ConsentRecorded', windowId, party, consent, voice: null }, audience, about);
    return seen === null ? [] : [[party, { consent, since, hotlineAnsweredAt }] as const];
  });
  const violations = window.violations.flatMap(({ id: violationId, kind: violated, hitCorridorIds, attackId, recordedAt }) => {
    const fact = { type: 'ViolationRecorded', windowId, violationId, kind: violated, hitCorridorIds, attackId, note: null } as const;
    const seen = asSeen<'ViolationRecorded'>(fact, audience, about);
    return seen === null ? [] : [{ id: violationId, kind: violated, hitCorridorIds: seen.hitCorridorIds ?? [], attackId, recordedAt }];
  });
  // Members that are not seen stay out of the object, so that "absent" and "null" keep their meaning.
  const { windowId: _id, ...members } = announced;
  return {
    id: windowId,
    version: window.version,
    ...members,
    announcedAt: window.announcedAt,
    ...(consents.length > 0 ? { consents: Object.fromEntries(consents) } : {}),
    cancelledAt: window.cancelledAt,
    violations,
    outcome: window.outcome,
  };
}

/** The attack with how it is judged now; members that the audience may not see are absent. Null: not at all. */
export function attackAsSeen(attack: Attack, audience: Audience, ownerOf: OwnerOf) {
  const {
    id: attackId,
    organisationId,
    externalId,
    types,
    modes,
    place,
    occurredAt,
    occurredOn,
    zone,
    receivedAt,
    targets,
    casualties,
    touches,
  } = attack;
  const { isFutureDated, isAuthenticated, teamOf, originGroups, provenance, grade, verification } = attack;
  const about: About = { organisationId, corridorIds: touches.map((touch) => touch.corridorId), ownerOf };
  const reported = asSeen<'AttackReported'>(
    {
      type: 'AttackReported',
      ...{
        attackId,
        organisationId,
        externalId,
        types,
        modes,
        place,
        occurredAt,
        occurredOn,
        zone,
        receivedAt,
        countsFrom: attack.countsFrom,
      },
      ...{ isFutureDated, targets, casualties, touches, isAuthenticated, teamOf, originGroups, provenance, note: null },
    },
    audience,
    about,
  );
  if (reported === null) return null;
  const graded = asSeen<'AttackGraded'>({ type: 'AttackGraded', attackId, grade, verification, place, note: null }, audience, about);
  const { attackId: _id, note: _note, ...members } = reported;
  return {
    id: attackId,
    version: attack.version,
    ...members,
    ...(graded?.grade === undefined ? {} : { grade }),
    ...(graded === null ? {} : { verification, ...(graded.place === undefined ? {} : { place: graded.place }) }),
    isDiscounted: attack.discount !== null,
    isRetracted: attack.isRetracted,
  };
}

/** The rows that a board is made of. */
export interface BoardRows {
  readonly corridors: readonly { readonly corridor: Corridor; readonly status: Status | null }[];
  readonly windows: readonly CeasefireWindow[];
  readonly attacks: readonly Attack[];
}

/** The board that folding the log up to these rows gives, as the audience may see it (a property test says so). */
export function boardOfRows(rows: BoardRows, audience: Audience, ownerOf: OwnerOf): Board {
  const corridors = rows.corridors.flatMap(({ corridor, status }) => toBoardCorridor(corridor, status, audience) ?? []);
  const windows = rows.windows.flatMap((window) => toBoardWindow(window, audience, ownerOf) ?? []);
  const attacks = rows.attacks.flatMap((attack) => toBoardAttack(attack, audience, ownerOf) ?? []);
  return { corridors: byId(corridors), windows: byId(windows), attacks: byId(attacks) };
}

function toBoardCorridor(corridor: Corridor, status: Status | null, audience: Audience): BoardCorridor | null {
  const seen = corridorAsSeen(corridor, audience);
  if (seen === null) return null;
  const { corridorId: _id, ...declared } = seen;
  return { ...declared, id: corridor.id, status: status === null ? null : statusAsSeen(status, audience, corridor) };
}

function toBoardWindow(window: CeasefireWindow, audience: Audience, ownerOf: OwnerOf): BoardWindow | null {
  const seen = windowAsSeen(window, audience, ownerOf);
  if (seen === null) return null;
  const { version: _version, consents: _consents, violations, outcome, ...announced } = seen;
  return {
    ...announced,
    outcome: outcome?.outcome ?? null,
    violationKind: outcome?.violationKind ?? null,
    violationCount: violations.length,
  };
}

function toBoardAttack(attack: Attack, audience: Audience, ownerOf: OwnerOf): BoardAttack | null {
  const seen = attackAsSeen(attack, audience, ownerOf);
  if (seen === null) return null;
  const { version: _version, ...members } = seen;
  return { ...members, recordedAt: attack.recordedAt };
}

function byId<Id extends string, Thing extends { readonly id: Id }>(things: readonly Thing[]): Readonly<Record<Id, Thing>> {
  return Object.fromEntries(things.map((thing) => [thing.id, thing])) as Readonly<Record<Id, Thing>>;
}

const NO_TIME = instantFromMs(0);

function asSeen<Type extends EventType>(
  body: Extract<DomainEvent, { type: Type }>,
  audience: Audience,
  about: About,
): SeenBody<Type> | null {
  const { ownerOf, ...belonging } = about;
  const fact = { ...entityOf(body), ...belonging, body, seq: 0, version: 0, recordedAt: NO_TIME, actorId: null, commandId: null };
  return (redact(fact, audience, ownerOf)?.body ?? null) as SeenBody<Type> | null;
}
