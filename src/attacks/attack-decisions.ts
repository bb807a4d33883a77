import { Injectable } from '@nestjs/common';
import { digestOf, readIfMatch, type Ask } from '../auth/ask.js';
import type { Attack } from '../domain/attack.js';
import type { Corridor } from '../domain/corridor.js';
import { refuse, type Decision } from '../domain/decision.js';
import type { Dossier } from '../domain/dossier.js';
import type { TextRef } from '../domain/event.js';
import type { Box } from '../domain/geometry.js';
import type { AttackId, CommandId, CorridorId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { canSee, mayOn, type Actor, type Permission } from '../domain/permission.js';
import { problem, type Problem } from '../domain/problem.js';
import type { Touches, World } from '../event-log/command.js';
import { Texts } from '../event-log/texts.js';
import { Writer } from '../event-log/writer.js';
import type { AttackAnswer } from './attacks.dto.js';

interface Request {
  readonly ask: Ask;
  readonly body: { readonly commandId: CommandId };
  readonly text?: string | null | undefined;
}
interface Report extends Request {
  /** The corridors that the report names. */
  readonly corridorIds: readonly CorridorId[];
  readonly boxes: readonly Box[];
}
interface AttackRequest extends Request {
  readonly attackId: AttackId;
  readonly permission: Permission;
  /** `sender`: only who reported it; `corridors`: only those who decide on a corridor that it touches. Left out: its organisation as well. */
  readonly by?: 'sender' | 'corridors';
}

interface Step {
  readonly actor: Actor;
  readonly commandId: CommandId;
}
interface Reporting {
  /** Those named, and those near. */
  readonly corridors: readonly Corridor[];
  readonly step: Step;
  readonly text: TextRef | null;
  readonly now: Instant;
}
interface Asking {
  readonly attack: Attack;
  /** Of the corridors that it touches and on which the actor has the permission. */
  readonly dossiers: readonly Dossier[];
  readonly step: Step;
  readonly text: TextRef | null;
}

/** The way of reports of attacks, and of every decision on one, into the log: always in the urgent lane. */
@Injectable()
export class AttackDecisions {
  constructor(
    private readonly writer: Writer,
    private readonly texts: Texts,
  ) {}

  /** A new report. It may name only corridors that the sender may see; near ones it touches whether they see them or not. */
  report(request: Report, rule: (reporting: Reporting) => Decision): Promise<AttackAnswer> {
    const { ask, body, corridorIds, boxes } = request;
    const attackId = body.commandId as string as AttackId;
    return this.write(request, attackId, { corridors: corridorIds, boxes, isWide: true, creates: [attackId] }, (world, now, text) => {
      const refusal = mayNotName(world, corridorIds, ask.actor);
      if (refusal !== null) return refuse(refusal);
      return rule({ corridors: world.corridors(), step: { actor: ask.actor, commandId: body.commandId }, text, now });
    });
  }

  /** Rejects with `not-found`, `forbidden`, `stale-version`, or what the rule refuses. */
  decide(request: AttackRequest, rule: (asking: Asking) => Decision): Promise<AttackAnswer> {
    const { attackId, ask, body, permission, by } = request;
    const { actor } = ask;
    const decidedOn = readIfMatch(ask.ifMatch);
    return this.write(request, attackId, { attacks: [attackId], isWide: true }, (world, _now, text) => {
      const attack = world.attack(attackId);
      if (attack === null) return refuse(problem('not-found', {}));
      const isSender = attack.reportedBy === actor.id;
      const belongings = belongingsOf(world, attack);
      if (!isSender && !belongings.some((corridor) => canSee(actor, corridor))) return refuse(problem('not-found', {}));
      const dossiers = attack.touches
        .flatMap(({ corridorId }) => world.dossier(corridorId) ?? [])
        .filter(({ corridor }) => mayOn(actor, permission, corridor));
      const isOfCorridors = attack.touches.length === 0 || dossiers.length > 0;
      const isOfBelongings = belongings.some((corridor) => mayOn(actor, permission, corridor));
      const isAllowed = by === 'sender' ? isSender : isOfBelongings && (by !== 'corridors' || isOfCorridors);
      if (!isAllowed) return refuse(problem('forbidden', { permission }));
      const { version } = attack;
      if (decidedOn !== null && decidedOn !== version)
        return refuse(problem('stale-version', { currentVersion: version, current: { attackId, version } }));
      return rule({ attack, dossiers, step: { actor, commandId: body.commandId }, text });
    });
  }

  private async write(
    { ask, body, text }: Request,
    attackId: AttackId,
    touches: Touches,
    decide: (world: World, now: Instant, text: TextRef | null) => Decision,
  ): Promise<AttackAnswer> {
    const { actor } = ask;
    const { commandId } = body;
    const draft = await this.texts.draftIfAny(text, actor.id);
    const receipt = await this.writer.write<AttackAnswer>({
      actorId: actor.id,
      commandId,
      lane: 'urgent',
      digest: digestOf(ask, body),
      touches,
      texts: draft === null ? [] : [draft.draft],
      decide: (world, now) => decide(world, now, draft?.ref ?? null),
      answer: (world, _events, now) => {
        const attack = world.attack(attackId);
        const seen = (attack?.touches ?? []).filter(({ corridorId }) => {
          const corridor = world.corridor(corridorId);
          return corridor !== null && canSee(actor, corridor);
        });
        return { commandId, recordedAt: now, attackId, version: attack?.version ?? 0, corridorIds: seen.map((touch) => touch.corridorId) };
      },
    });
    return receipt.body;
  }
}

/** A report belongs to the sender's organisation, and to the organisations of the corridors that it touches. */
function belongingsOf(world: World, attack: Attack): readonly Pick<Corridor, 'id' | 'organisationId'>[] {
  const own = { id: attack.id as string as CorridorId, organisationId: attack.organisationId };
  return [own, ...attack.touches.flatMap(({ corridorId }) => world.corridor(corridorId) ?? [])];
}

function mayNotName(world: World, corridorIds: readonly CorridorId[], actor: Actor): Problem | null {
  const seesAll = corridorIds.every((id) => {
    const corridor = world.corridor(id);
    return corridor !== null && canSee(actor, corridor);
  });
  return seesAll ? null : problem('not-found', {});
}

/** A text that the body can't come without. */
export function given(text: TextRef | null): TextRef {
  if (text === null) throw new TypeError('a required text is missing');
  return text;
}
