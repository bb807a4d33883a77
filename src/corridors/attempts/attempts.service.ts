import { Injectable } from '@nestjs/common';
import type { Ask } from '../../auth/ask.js';
import {
  agreeAttempt,
  cancelAttempt,
  closeAttempt,
  completeAttempt,
  failAttempt,
  scheduleAttempt,
  startAttempt,
  startClosing,
  startNegotiation,
} from '../../domain/attempt.js';
import { refuse } from '../../domain/decision.js';
import type { CorridorId } from '../../domain/ids.js';
import { problem } from '../../domain/problem.js';
import { CorridorDecisions } from '../corridor-decisions.js';
import type { CorridorAnswer, DecisionBody } from '../corridors.dto.js';
import type { ChooseWindowBody, CompleteAttemptBody } from './attempts.dto.js';

const permission = 'corridor.decide';

@Injectable()
export class AttemptsService {
  constructor(private readonly decisions: CorridorDecisions) {}

  start(corridorId: CorridorId, body: ChooseWindowBody, ask: Ask): Promise<CorridorAnswer> {
    return this.withWindow(startAttempt, corridorId, body, ask);
  }

  negotiate(corridorId: CorridorId, body: ChooseWindowBody, ask: Ask): Promise<CorridorAnswer> {
    return this.withWindow(startNegotiation, corridorId, body, ask);
  }

  agree(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, text: body.reason }, ({ dossier, step, text }) =>
      agreeAttempt(dossier, { ...step, reason: text }),
    );
  }

  schedule(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, text: body.reason }, ({ dossier, step, text }) =>
      scheduleAttempt(dossier, { ...step, reason: text }),
    );
  }

  startClosing(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, ifMatch: 'never', text: body.reason }, ({ dossier, step, text }) =>
      startClosing(dossier, { ...step, reason: text }),
    );
  }

  close(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, ifMatch: 'never', text: body.reason }, ({ dossier, step, text }) =>
      closeAttempt(dossier, { ...step, reason: text }),
    );
  }

  complete(corridorId: CorridorId, body: CompleteAttemptBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, text: body.reason }, ({ dossier, step, text }) =>
      completeAttempt(dossier, { ...step, unaccounted: body.unaccounted ?? null, reason: text }),
    );
  }

  cancel(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, ifMatch: 'never', text: body.reason }, ({ dossier, step, text }) =>
      cancelAttempt(dossier, { ...step, reason: text }),
    );
  }

  fail(corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission, ifMatch: 'never', text: body.reason }, ({ dossier, step, text }) =>
      failAttempt(dossier, { ...step, reason: text }),
    );
  }

  private withWindow(
    rule: typeof startAttempt | typeof startNegotiation,
    corridorId: CorridorId,
    body: ChooseWindowBody,
    ask: Ask,
  ): Promise<CorridorAnswer> {
    const windowId = body.windowId ?? null;
    return this.decisions.decide(
      { corridorId, ask, body, permission, windowId, text: body.reason },
      ({ dossier, window, step, text, now }) => {
        // A window of another organisation does not exist for this one.
        const isMissing = windowId !== null && window?.organisationId !== dossier.corridor.organisationId;
        return isMissing ? refuse(problem('not-found', {})) : rule(dossier, { ...step, window, reason: text }, now);
      },
    );
  }
}
