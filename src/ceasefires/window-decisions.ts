import { Injectable } from '@nestjs/common';
import { digestOf, readIfMatch, type Ask } from '../auth/ask.js';
import type { Corridor } from '../domain/corridor.js';
import { refuse, type Decision } from '../domain/decision.js';
import type { TextRef } from '../domain/event.js';
import type { CommandId, CorridorId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { canSee, mayOn, type Actor, type Permission } from '../domain/permission.js';
import { problem, type Problem } from '../domain/problem.js';
import type { CeasefireWindow } from '../domain/window.js';
import type { Touches, World } from '../event-log/command.js';
import { Texts } from '../event-log/texts.js';
import { Writer } from '../event-log/writer.js';
import type { WindowAnswer } from './ceasefires.dto.js';

type FreeText = string | null | undefined;

interface Request {
  readonly ask: Ask;
  readonly body: { readonly commandId: CommandId };
  /** The free texts of the body, in the order in which the rule wants them. */
  readonly texts?: readonly FreeText[];
  readonly lane?: 'urgent' | 'normal';
}
interface WindowRequest extends Request {
  readonly windowId: WindowId;
  readonly permission: Permission;
  /** Whether `If-Match` is looked at when it is there (the default) or never read: what only makes worse. */
  readonly ifMatch?: 'optional' | 'never';
}
interface Announcement extends Request {
  readonly corridorIds: readonly CorridorId[];
}

interface Step {
  readonly actor: Actor;
  readonly commandId: CommandId;
}
interface Asking {
  readonly window: CeasefireWindow;
  /** The corridors that the window names. */
  readonly corridors: readonly Corridor[];
  readonly step: Step;
  readonly texts: readonly (TextRef | null)[];
}

/** The way of every decision on a window into the log. What it forces on its corridors is decided in the same batch, by the writer. */
@Injectable()
export class WindowDecisions {
  constructor(
    private readonly writer: Writer,
    private readonly texts: Texts,
  ) {}

  /** A new window. Every corridor that it names must be one on which the actor's organisation decides. */
  announce(request: Announcement, rule: (step: Step, texts: readonly (TextRef | null)[]) => Decision): Promise<WindowAnswer> {
    const { ask, body, corridorIds } = request;
    const windowId = body.commandId as string as WindowId;
    return this.write(request, windowId, { corridors: corridorIds, creates: [windowId] }, (world, _now, texts) => {
      const refusal = mayNotDecideOn(corridorsOf(world, corridorIds), corridorIds, 'window.announce', ask.actor);
      return refusal === null ? rule({ actor: ask.actor, commandId: body.commandId }, texts) : refuse(refusal);
    });
  }

  /** Rejects with `not-found`, `forbidden`, `stale-version`, or what the rule refuses. */
  decide(request: WindowRequest, rule: (asking: Asking) => Decision): Promise<WindowAnswer> {
    const { windowId, ask, body, permission, ifMatch = 'optional' } = request;
    const { actor } = ask;
    const decidedOn = ifMatch === 'never' ? null : readIfMatch(ask.ifMatch);
    return this.write(request, windowId, { windows: [windowId], isWide: true }, (world, _now, texts) => {
      const window = world.window(windowId);
      if (window === null || !belongingOf(window).some((corridor) => canSee(actor, corridor))) return refuse(problem('not-found', {}));
      if (!belongingOf(window).some((corridor) => mayOn(actor, permission, corridor))) return refuse(problem('forbidden', { permission }));
      const { version } = window;
      if (decidedOn !== null && decidedOn !== version)
        return refuse(problem('stale-version', { currentVersion: version, current: { windowId, version } }));
      return rule({ window, corridors: corridorsOf(world, window.corridorIds), step: { actor, commandId: body.commandId }, texts });
    });
  }

  private async write(
    { ask, body, texts = [], lane = 'normal' }: Request,
    windowId: WindowId,
    touches: Touches,
    decide: (world: World, now: Instant, texts: readonly (TextRef | null)[]) => Decision,
  ): Promise<WindowAnswer> {
    const { actor } = ask;
    const { commandId } = body;
    const drafts = await Promise.all(texts.map((text) => this.texts.draftIfAny(text, actor.id)));
    const refs = drafts.map((text) => text?.ref ?? null);
    const receipt = await this.writer.write<WindowAnswer>({
      actorId: actor.id,
      commandId,
      lane,
      digest: digestOf(ask, body),
      touches,
      texts: drafts.flatMap((text) => (text === null ? [] : [text.draft])),
      decide: (world, now) => decide(world, now, refs),
      answer: (world, _events, now) => ({ commandId, recordedAt: now, windowId, version: world.window(windowId)?.version ?? 0 }),
    });
    return receipt.body;
  }
}

/** A window belongs to the organisation that announced it; it is seen by those who see one of its corridors. */
function belongingOf({ corridorIds, organisationId }: CeasefireWindow): readonly Pick<Corridor, 'id' | 'organisationId'>[] {
  return corridorIds.map((id) => ({ id, organisationId }));
}

function corridorsOf(world: World, ids: readonly CorridorId[]): readonly Corridor[] {
  return ids.flatMap((id) => world.corridor(id) ?? []);
}

function mayNotDecideOn(corridors: readonly Corridor[], ids: readonly CorridorId[], permission: Permission, actor: Actor): Problem | null {
  const seen = corridors.filter((corridor) => canSee(actor, corridor));
  if (seen.length < ids.length) return problem('not-found', {});
  return seen.every((corridor) => mayOn(actor, permission, corridor)) ? null : problem('forbidden', { permission });
}
