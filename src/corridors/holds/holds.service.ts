import { Injectable } from '@nestjs/common';
import type { Ask } from '../../auth/ask.js';
import { clearHold, liftHold, reconfirmCorridor, setHold, stopCorridor } from '../../domain/hold.js';
import type { CorridorId, HoldId } from '../../domain/ids.js';
import { CorridorDecisions } from '../corridor-decisions.js';
import type { CorridorAnswer, DecisionBody } from '../corridors.dto.js';
import type { ClearHoldBody, LiftHoldBody, StopBody } from './holds.dto.js';

@Injectable()
export class HoldsService {
  constructor(private readonly decisions: CorridorDecisions) {}

  /** Resolves when the stop is on disk. Goes before everything that waits, at any version. */
  stop(corridorId: CorridorId, body: StopBody, ask: Ask): Promise<CorridorAnswer> {
    const { reason, modes = null, segmentIds } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.stop', lane: 'urgent', ifMatch: 'never', text: body.note },
      ({ dossier, step, text }) => stopCorridor(dossier, { ...step, reason, modes, segmentIds: segmentIds ?? [], note: text }),
    );
  }

  hold(corridorId: CorridorId, body: StopBody, ask: Ask): Promise<CorridorAnswer> {
    const { reason, modes = null, segmentIds } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.hold', lane: 'urgent', ifMatch: 'never', text: body.note },
      ({ dossier, step, text }) => setHold(dossier, { ...step, reason, modes, segmentIds: segmentIds ?? [], note: text }),
    );
  }

  clear(corridorId: CorridorId, holdId: HoldId, body: ClearHoldBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission: 'corridor.clear_hold', text: body.note }, ({ dossier, step, text }) =>
      clearHold(dossier, { ...step, holdId, reason: text }),
    );
  }

  lift(corridorId: CorridorId, holdId: HoldId, body: LiftHoldBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.lift_hold', text: body.reason },
      ({ dossier, step, text, now }) => liftHold(dossier, { ...step, holdId, reason: text }, now),
    );
  }

  reconfirm(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.lift_hold', text: body.reason },
      ({ dossier, step, text }) => reconfirmCorridor(dossier, { ...step, reason: text }),
    );
  }
}
