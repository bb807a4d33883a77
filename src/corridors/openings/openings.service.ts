import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Ask } from '../../auth/ask.js';
import type { OpeningRequest, Override } from '../../domain/corridor.js';
import { instantFromMs, type Instant } from '../../domain/instant.js';
import type { CorridorId, LimitId, OpeningRequestId } from '../../domain/ids.js';
import { approveOpening, countersignOpening, rejectOpening, requestOpening } from '../../domain/opening.js';
import { mayOn } from '../../domain/permission.js';
import { setLimit } from '../../domain/readiness.js';
import { CorridorDecisions } from '../corridor-decisions.js';
import type { CorridorAnswer, DecisionBody } from '../corridors.dto.js';
import { boundDigest } from './bound-digest.js';
import type { ApprovalBody, RequestOpeningBody, SetLimitBody } from './openings.dto.js';
import { findRequester } from './openings.queries.js';

/** What an opening asks for, whichever route it came by. */
interface Wish {
  readonly kind: OpeningRequest['kind'];
  readonly limitId: LimitId | null;
  readonly overrides: readonly Override[];
  readonly isByVoice: boolean;
}

@Injectable()
export class OpeningsService {
  constructor(
    private readonly decisions: CorridorDecisions,
    private readonly database: DataSource,
  ) {}

  request(corridorId: CorridorId, body: RequestOpeningBody, ask: Ask): Promise<CorridorAnswer> {
    const { kind, limitId = null, overrides, isByVoice } = body;
    return this.ask({ kind, limitId, overrides: overrides ?? [], isByVoice: isByVoice ?? false }, corridorId, body, ask);
  }

  requestRemoval(corridorId: CorridorId, limitId: LimitId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.ask({ kind: 'remove_limit', limitId, overrides: [], isByVoice: false }, corridorId, body, ask);
  }

  private ask(wish: Wish, corridorId: CorridorId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.request_opening', text: body.reason },
      ({ dossier, step, text, now }) =>
        requestOpening(dossier, { ...step, ...wish, reason: text, boundDigest: boundDigest(dossier), realNow: realNow() }, now),
    );
  }

  async approve(corridorId: CorridorId, requestId: OpeningRequestId, body: ApprovalBody, ask: Ask): Promise<CorridorAnswer> {
    // Who made a request never changes, so it may be looked up before the batch; whether they may still is asked inside it.
    const personId = await findRequester(this.database, corridorId, requestId);
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.approve_opening', personId, isActorAskedAgain: true, ifMatch: 'required' },
      ({ dossier, person, step, now }) => {
        const isRequesterActive = person !== null && mayOn(person, 'corridor.request_opening', dossier.corridor);
        return approveOpening(dossier, { ...step, requestId, realNow: realNow(), isRequesterActive }, now);
      },
    );
  }

  reject(corridorId: CorridorId, requestId: OpeningRequestId, body: DecisionBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.approve_opening', ifMatch: 'never', text: body.reason },
      ({ dossier, step, text }) => rejectOpening(dossier, { ...step, requestId, reason: text }),
    );
  }

  countersign(corridorId: CorridorId, requestId: OpeningRequestId, body: ApprovalBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.approve_opening', isActorAskedAgain: true },
      ({ dossier, step }) => countersignOpening(dossier, { ...step, requestId, reason: null }),
    );
  }

  setLimit(corridorId: CorridorId, body: SetLimitBody, ask: Ask): Promise<CorridorAnswer> {
    const { kind, modes = null, peoplePerHour = null, until = null } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.set_limit', ifMatch: 'never', text: body.note },
      ({ dossier, step, text }) => setLimit(dossier, { ...step, kind, modes, peoplePerHour, until, note: text }),
    );
  }
}

/** The clock of this process: the 15 minutes of an approval are real, also in an exercise. */
function realNow(): Instant {
  return instantFromMs(Date.now()); // eslint-disable-line no-restricted-syntax -- real time, on purpose
}
