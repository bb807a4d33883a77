import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/domain/canonical-json.js';
import { startAttempt } from '../../src/domain/attempt.js';
import { announceWindow } from '../../src/domain/ceasefire.js';
import type { Segment, StopReason } from '../../src/domain/corridor.js';
import type { Decision } from '../../src/domain/decision.js';
import { boxesAround, type Position } from '../../src/domain/geometry.js';
import { stopCorridor } from '../../src/domain/hold.js';
import type { CommandId, CorridorCode, CorridorId, OrganisationId, PersonId, SegmentId, WindowId } from '../../src/domain/ids.js';
import { CODE_LETTERS } from '../../src/domain/ids.js';
import type { Actor } from '../../src/domain/permission.js';
import { problem } from '../../src/domain/problem.js';
import { WIDEST_RING_KM, type AttackType } from '../../src/domain/attack.js';
import { recordObservation, reportAttack } from '../../src/domain/report.js';
import { declareCorridor } from '../../src/domain/route.js';
import { parseZone, type Zone } from '../../src/domain/zone.js';
import type { Instant } from '../../src/domain/instant.js';
import type { Command, Touches, World } from '../../src/event-log/command.js';

const KYIV = parseZone('Europe/Kyiv') as Zone;

export function newId<Id extends string>(): Id {
  return randomUUID() as string as Id;
}

export function coordinator(organisationId: OrganisationId = newId()): Actor {
  return { id: newId<PersonId>(), organisationId, role: 'coordinator', corridorIds: [] };
}

/** What the tests' commands answer with: enough to see which decision a sender was told of. */
export interface Answer {
  readonly recordedAt: string;
  readonly versions: readonly number[];
  readonly types: readonly string[];
  readonly display: string | null;
}

interface Asked {
  readonly actor: Actor;
  readonly commandId?: CommandId;
  readonly lane?: Command<Answer>['lane'];
}

/** A command as a route would make it: the digest is of everything that was asked. */
export function command(
  kind: string,
  { actor, commandId = newId<CommandId>(), lane = 'normal' }: Asked,
  asked: { readonly touches: Touches; readonly body: object; readonly statusOf?: CorridorId },
  decide: (world: World, now: Instant, commandId: CommandId) => Decision,
): Command<Answer> {
  return {
    actorId: actor.id,
    commandId,
    lane,
    digest: createHash('sha256')
      .update(canonicalJson({ kind, commandId, ...asked.body }))
      .digest('hex'),
    touches: asked.touches,
    decide: (world, now) => decide(world, now, commandId),
    answer: (world, events, now) => ({
      recordedAt: now,
      versions: events.map((event) => event.version),
      types: events.map((event) => event.body.type),
      display: asked.statusOf === undefined ? null : (world.status(asked.statusOf)?.display ?? null),
    }),
  };
}

let codes = Math.floor(Math.random() * 500_000);
/** Codes are never used twice in a database; the tests share none, but run fast. */
function nextCode(): CorridorCode {
  codes += 1;
  const letters = [0, 1, 2].map((place) => CODE_LETTERS[Math.floor(codes / 100 / CODE_LETTERS.length ** place) % CODE_LETTERS.length]);
  return `${letters.join('')}${String(codes % 100)}` as CorridorCode;
}

interface Way {
  readonly line?: readonly Position[];
  readonly code?: CorridorCode;
  readonly externalId?: string;
}

const WEST_OF_KYIV: readonly Position[] = [
  [30.1, 50.5],
  [30.3, 50.5],
];

/** A corridor of one segment; its id is the command's. */
export function declare(asked: Asked, { line = WEST_OF_KYIV, code = nextCode(), externalId }: Way = {}): Command<Answer> {
  const segment: Segment = {
    id: newId<SegmentId>(),
    no: 1,
    name: 'The road',
    line,
    widthM: 50,
    watch: 'manned_post',
    exposure: 'line',
    control: 'ukraine',
    checkpoints: 1,
    ordnance: { status: 'not_assessed', assessedBy: null, assessedAt: null },
  };
  const commandId = asked.commandId ?? newId<CommandId>();
  const [from, to] = [line[0] as Position, line.at(-1) as Position];
  return command(
    'declare',
    { ...asked, commandId },
    {
      touches: { creates: [commandId], boxes: boxesAround(line, WIDEST_RING_KM) },
      body: { line, code },
      statusOf: commandId as string as CorridorId,
    },
    () =>
      declareCorridor({
        commandId,
        actor: asked.actor,
        code,
        externalId: externalId ?? null,
        name: 'Irpin – Kyiv',
        direction: 'out',
        purpose: 'evacuation_out',
        zone: KYIV,
        country: 'UA',
        destinationCountry: 'UA',
        destinationParty: null,
        origin: { name: 'Irpin', position: from, precisionKm: 1 },
        destination: { name: 'Kyiv', position: to, precisionKm: 1 },
        via: [],
        declaredBy: ['test'],
        relevantParties: ['ukraine', 'russia'],
        permittedModes: ['bus', 'car'],
        geometryKind: 'traced',
        segments: [segment],
        alternativeIds: [],
        provenance: 'reported',
      }),
  );
}

/** The STOP button. */
export function stop(asked: Asked, corridorId: CorridorId, reason: StopReason = 'shelling'): Command<Answer> {
  return command(
    'stop',
    { lane: 'urgent', ...asked },
    { touches: { corridors: [corridorId] }, body: { corridorId, reason }, statusOf: corridorId },
    (world, _now, commandId) => {
      const dossier = world.dossier(corridorId);
      if (dossier === null) return { kind: 'refused', problem: problem('not-found', {}) };
      return stopCorridor(dossier, { commandId, actor: asked.actor, reason, modes: null, segmentIds: [], note: null });
    },
  );
}

export function announce(
  asked: Asked,
  corridorIds: readonly CorridorId[],
  hours: { readonly from: Instant; readonly to: Instant },
): Command<Answer> {
  const commandId = asked.commandId ?? newId<CommandId>();
  return command(
    'announce',
    { ...asked, commandId },
    { touches: { creates: [commandId], corridors: corridorIds }, body: { corridorIds, hours } },
    () =>
      announceWindow({
        commandId,
        actor: asked.actor,
        externalId: null,
        kind: 'daily_corridor',
        corridorIds,
        zone: KYIV,
        announcedBy: ['test'],
        basis: 'all_party',
        claims: [
          { id: newId<CommandId>(), about: 'start', edge: { kind: 'instant', at: hours.from }, claimedBy: 'ukraine', wording: null },
          { id: newId<CommandId>(), about: 'end', edge: { kind: 'instant', at: hours.to }, claimedBy: 'ukraine', wording: null },
        ],
        provenance: 'reported',
      }),
  );
}

export function attempt(asked: Asked, corridorId: CorridorId, windowId: WindowId): Command<Answer> {
  return command(
    'attempt',
    asked,
    { touches: { corridors: [corridorId], windows: [windowId] }, body: { corridorId, windowId }, statusOf: corridorId },
    (world, now, commandId) => {
      const dossier = world.dossier(corridorId);
      if (dossier === null) return { kind: 'refused', problem: problem('not-found', {}) };
      return startAttempt(dossier, { commandId, actor: asked.actor, window: world.window(windowId), reason: null }, now);
    },
  );
}

export function observe(asked: Asked, corridorId: CorridorId): Command<Answer> {
  return command(
    'observe',
    asked,
    { touches: { corridors: [corridorId] }, body: { corridorId }, statusOf: corridorId },
    (world, now, commandId) => {
      const corridor = world.corridor(corridorId);
      const segmentId = corridor?.segments[0]?.id;
      if (corridor === null || segmentId === undefined) return { kind: 'refused', problem: problem('not-found', {}) };
      return recordObservation(
        corridor,
        {
          commandId,
          actor: asked.actor,
          segmentId,
          seen: 'manned_post',
          condition: 'quiet',
          passability: { bus: 'passable' },
          roadLookedAt: false,
          observedAt: null,
          enteredAt: null,
          sentAt: null,
          note: null,
          provenance: 'reported',
        },
        now,
      );
    },
  );
}

export function attack(asked: Asked, position: Position, type: AttackType = 'shelling_artillery_mortar'): Command<Answer> {
  const commandId = asked.commandId ?? newId<CommandId>();
  return command(
    'attack',
    { lane: 'urgent', ...asked, commandId },
    { touches: { creates: [commandId], boxes: boxesAround([position], WIDEST_RING_KM + 1), isWide: true }, body: { position, type } },
    (world, now) =>
      reportAttack(
        world.corridors(),
        {
          commandId,
          actor: asked.actor,
          externalId: null,
          types: [type],
          modes: null,
          place: { name: null, position, precisionKm: 1 },
          occurredAt: null,
          occurredOn: null,
          zone: KYIV,
          targets: [],
          casualties: { killed: null, injured: null, childrenKilled: null, childrenInjured: null, missing: null, status: 'unknown' },
          corridorIds: [],
          originGroup: null,
          note: null,
          provenance: 'reported',
        },
        now,
      ),
  );
}
