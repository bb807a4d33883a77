import type { Attack } from './attack.js';
import type { Corridor } from './corridor.js';
import type { CorridorEvidence } from './observation.js';
import type { CeasefireWindow } from './window.js';

/** Everything that decides a corridor's status, and nothing else. Health is never part of it. */
export interface Dossier {
  readonly corridor: Corridor;
  /** The window of the current attempt. */
  readonly window: CeasefireWindow | null;
  /** Other windows that name the corridor and are neither over nor cancelled: listed beside, never deciding. */
  readonly otherWindows: readonly CeasefireWindow[];
  /** Attacks that touch the corridor and are not discounted. */
  readonly attacks: readonly Attack[];
  readonly evidence: CorridorEvidence;
  readonly isLockedDown: boolean;
}
