import { Injectable } from '@nestjs/common';
import { isUnresolved, type Attack } from '../domain/attack.js';
import type { Corridor } from '../domain/corridor.js';
import type { AttackId, CorridorId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { CorridorEvidence } from '../domain/observation.js';
import { isAhead, type CeasefireWindow } from '../domain/window.js';
import type { Touches } from '../event-log/command.js';
import type { LoadedStates, LoggedStatus } from './working-set.js';

/** Above this many corridors everything is forgotten and read again. */
const MOST_CORRIDORS = 2000;

/** Which event of the log a state is the state after: its hash, which stands for the whole history before it. */
export type Place = string;

export function placeOf(hash: Buffer): Place {
  return hash.toString('base64');
}

/**
 * What earlier batches read and changed, so that a batch about corridors that are known reads nothing again.
 *
 * The log is the only way to write, and a batch looks at the log's head under its lock. So what is known is right as long as the head is the
 * event that it was known at; another lane, another process, a restore: another head, and everything is forgotten.
 */
@Injectable()
export class Memory {
  private place: Place | null = null;
  private readonly corridors = new Map<CorridorId, Corridor>();
  private readonly evidence = new Map<CorridorId, CorridorEvidence>();
  private readonly statuses = new Map<CorridorId, LoggedStatus>();
  /** With every window and unresolved attack that names a known corridor, which is what makes it known. */
  private readonly windows = new Map<WindowId, CeasefireWindow>();
  private readonly attacks = new Map<AttackId, Attack>();

  /** The same as `load` would read at this place; null: something of it is not known. */
  recall(place: Place, touches: readonly Touches[], now: Instant): LoadedStates | null {
    if (place !== this.place || !touches.every(namesCorridorsOnly)) return null;
    const corridors: Corridor[] = [];
    for (const id of new Set(touches.flatMap((touch) => [...(touch.corridors ?? []), ...(touch.due ?? [])]))) {
      const corridor = this.corridors.get(id);
      if (corridor === undefined) return null;
      corridors.push(corridor);
    }
    const ids = new Set(corridors.map((corridor) => corridor.id));
    const windowIds = new Set(corridors.map(({ attempt }) => attempt?.windowId ?? null));
    return {
      corridors,
      windows: [...this.windows.values()].filter(
        (window) => windowIds.has(window.id) || (isAhead(window, now) && window.corridorIds.some((id) => ids.has(id))),
      ),
      attacks: [...this.attacks.values()].filter((attack) => attack.touches.some((touch) => ids.has(touch.corridorId))),
      evidence: corridors.flatMap(({ id }) => this.evidence.get(id) ?? []),
      statuses: corridors.flatMap(({ id }) => this.statuses.get(id) ?? []),
    };
  }

  /** What a committed batch left: everything that it had read, as it stands after its last event. */
  keep(from: Place, to: Place, left: LoadedStates): void {
    if (from !== this.place || this.corridors.size > MOST_CORRIDORS) this.forget();
    for (const corridor of left.corridors) this.corridors.set(corridor.id, corridor);
    for (const evidence of left.evidence) this.evidence.set(evidence.corridorId, evidence);
    for (const logged of left.statuses) this.statuses.set(logged.status.corridorId, logged);
    for (const window of left.windows) this.windows.set(window.id, window);
    for (const attack of left.attacks) {
      if (isUnresolved(attack)) this.attacks.set(attack.id, attack);
      else this.attacks.delete(attack.id);
    }
    this.place = to;
  }

  private forget(): void {
    for (const known of [this.corridors, this.evidence, this.statuses, this.windows, this.attacks]) known.clear();
  }
}

function namesCorridorsOnly({ windows, attacks, boxes, isWide }: Touches): boolean {
  return (windows ?? []).length === 0 && (attacks ?? []).length === 0 && (boxes ?? []).length === 0 && isWide !== true;
}
