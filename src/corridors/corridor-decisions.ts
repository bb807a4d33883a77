import { Injectable } from '@nestjs/common';
import { digestOf, readIfMatch, type Ask } from '../auth/ask.js';
import { audienceOf, statusAsSeen } from '../domain/audience.js';
import type { Corridor } from '../domain/corridor.js';
import { refuse, type Decision } from '../domain/decision.js';
import type { Dossier } from '../domain/dossier.js';
import type { TextRef } from '../domain/event.js';
import type { Box } from '../domain/geometry.js';
import type { CommandId, CorridorId, PersonId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { canSee, mayOn, type Actor, type Permission } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import type { World } from '../event-log/command.js';
import { Texts } from '../event-log/texts.js';
import { Writer } from '../event-log/writer.js';
import type { CorridorAnswer } from './corridors.dto.js';

interface Request {
  readonly corridorId: CorridorId;
  readonly ask: Ask;
  readonly body: { readonly commandId: CommandId };
  readonly permission: Permission;
  /** The free text of the body. */
  readonly text?: string | null | undefined;
  /** A window that the decision names. */
  readonly windowId?: WindowId | null;
  /** Somebody else on whose rights the decision rests. */
  readonly personId?: PersonId | null;
  /** Whether the actor is asked for once more inside the batch: between the door and the batch somebody may have disabled them (S5). */
  readonly isActorAskedAgain?: boolean;
  /** Where the attacks lie at which the decision looks back. */
  readonly boxes?: readonly Box[];
  /** `urgent` goes before everything that waits. */
  readonly lane?: 'urgent' | 'normal';
  /** Whether `If-Match` must be there, is looked at when it is there (the default), or is never read: stops, holds, closures. */
  readonly ifMatch?: 'required' | 'optional' | 'never';
}

/** What a rule is asked with. */
interface Asking {
  readonly dossier: Dossier;
  /** The window that the decision names, if it is there. */
  readonly window: ReturnType<World['window']>;
  /** Who that is, if still active, as of this very batch. */
  readonly person: Actor | null;
  readonly step: { readonly actor: Actor; readonly commandId: CommandId };
  readonly text: TextRef | null;
  readonly now: Instant;
}

/**
 * The way of every decision on one corridor into the log: may they see it, may they do it, is it the version they decided on, then the rule.
 * All of it is asked inside the writer's batch, on the very state that the decision changes.
 */
@Injectable()
export class CorridorDecisions {
  constructor(
    private readonly writer: Writer,
    private readonly texts: Texts,
  ) {}

  /** Resolves when it is on disk. Rejects with `not-found`, `forbidden`, `stale-version`, `if-match-required`, or what the rule refuses. */
  async decide(request: Request, rule: (asking: Asking) => Decision): Promise<CorridorAnswer> {
    const {
      corridorId,
      ask,
      body,
      permission,
      windowId = null,
      personId = null,
      isActorAskedAgain = false,
      boxes = [],
      lane = 'normal',
    } = request;
    const { actor } = ask;
    const { commandId } = body;
    const decidedOn = versionDecidedOn(request);
    const text = await this.texts.draftIfAny(request.text, actor.id);
    const receipt = await this.writer.write<CorridorAnswer>({
      actorId: actor.id,
      commandId,
      lane,
      digest: digestOf(ask, body),
      touches: {
        corridors: [corridorId],
        windows: windowId === null ? [] : [windowId],
        people: [...(personId === null ? [] : [personId]), ...(isActorAskedAgain ? [actor.id] : [])],
        boxes,
      },
      texts: text === null ? [] : [text.draft],
      decide: (world, now) => {
        const dossier = world.dossier(corridorId);
        if (dossier === null || !canSee(actor, dossier.corridor)) return refuse(problem('not-found', {}));
        const asker = isActorAskedAgain ? world.person(actor.id) : actor;
        if (asker === null || !mayOn(asker, permission, dossier.corridor)) return refuse(problem('forbidden', { permission }));
        const { version } = dossier.corridor;
        if (decidedOn !== null && decidedOn !== version) {
          return refuse(problem('stale-version', { currentVersion: version, current: currentState(world, dossier.corridor, actor) }));
        }
        const window = windowId === null ? null : world.window(windowId);
        const person = personId === null ? null : world.person(personId);
        return rule({ dossier, window, person, step: { actor, commandId }, text: text?.ref ?? null, now });
      },
      answer: (world, _events, now) => ({ commandId, recordedAt: now, ...currentState(world, readCorridor(world, corridorId), actor) }),
    });
    return receipt.body;
  }
}

function versionDecidedOn({ ask, ifMatch = 'optional' }: Request): number | null {
  if (ifMatch === 'never') return null;
  const version = readIfMatch(ask.ifMatch);
  if (ifMatch === 'required' && version === null) throw new ProblemError(problem('if-match-required', {}));
  return version;
}

/** The corridor as the actor sees it after their decision. */
export function currentState(world: World, corridor: Corridor, actor: Actor): Pick<CorridorAnswer, 'corridorId' | 'version' | 'status'> {
  const status = world.status(corridor.id);
  return {
    corridorId: corridor.id,
    version: corridor.version,
    status: status === null ? null : statusAsSeen(status, audienceOf(actor), corridor),
  };
}

export function readCorridor(world: World, corridorId: CorridorId): Corridor {
  const corridor = world.corridor(corridorId);
  if (corridor === null) throw new TypeError('a decision on a corridor that is not there');
  return corridor;
}

/** A text that the body can't come without. */
export function given(text: TextRef | null): TextRef {
  if (text === null) throw new TypeError('a required text is missing');
  return text;
}
