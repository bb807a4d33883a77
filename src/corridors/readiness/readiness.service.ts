import { Injectable } from '@nestjs/common';
import type { Ask } from '../../auth/ask.js';
import { CRITERIA, CRITERION_CODES, type Criterion, type CriterionClass, type CriterionCode } from '../../domain/criterion.js';
import type { CommandId, CorridorId } from '../../domain/ids.js';
import type { Actor } from '../../domain/permission.js';
import {
  assessCriterion,
  assessOrdnance,
  grantWaiver,
  proposeWaiver,
  reportPeopleInside,
  setLightAndCurfew,
  setTransitTime,
} from '../../domain/readiness.js';
import { approveStance, proposeStance } from '../../domain/stance.js';
import { CorridorDecisions, given } from '../corridor-decisions.js';
import { CorridorReads } from '../corridor-reads.js';
import type { ApprovalBody } from '../openings/openings.dto.js';
import type { CorridorAnswer } from '../corridors.dto.js';
import type {
  AssessCriterionBody,
  AssessOrdnanceBody,
  ProposeStanceBody,
  ProposeWaiverBody,
  ReportPeopleInsideBody,
  SetLightAndCurfewBody,
  SetTransitTimeBody,
} from './readiness.dto.js';

/** One of the 25 criteria, with what is known of it; `assessment` null: never assessed, or worked out by the system. */
export interface CriterionView {
  readonly criterion: CriterionCode;
  readonly no: number;
  readonly class: CriterionClass;
  readonly isComputed: boolean;
  /** How long an assessment holds at most, hours; null: as long as the window, or a week. */
  readonly validHours: number | null;
  readonly assessment: Criterion | null;
}

@Injectable()
export class ReadinessService {
  constructor(
    private readonly decisions: CorridorDecisions,
    private readonly reads: CorridorReads,
  ) {}

  /** @throws ProblemError `not-found`; `forbidden` for those who are neither of its organisation nor of its team */
  async criteria(corridorId: CorridorId, actor: Actor): Promise<readonly CriterionView[]> {
    const corridor = await this.reads.readForTeam(corridorId, actor);
    return CRITERION_CODES.map((criterion) => ({ criterion, ...CRITERIA[criterion], assessment: corridor.criteria[criterion] ?? null }));
  }

  proposeStance(corridorId: CorridorId, body: ProposeStanceBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.propose_stance', text: body.reason },
      ({ dossier, step, text }) => proposeStance(dossier, { ...step, stance: body.stance, reason: given(text) }),
    );
  }

  approveStance(corridorId: CorridorId, proposalId: CommandId, body: ApprovalBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission: 'corridor.propose_stance' }, ({ dossier, step }) =>
      approveStance(dossier, { ...step, proposalId }),
    );
  }

  assess(corridorId: CorridorId, body: AssessCriterionBody, ask: Ask): Promise<CorridorAnswer> {
    const { criterion, value, validUntil = null } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'criterion.assess', text: body.note },
      ({ dossier, step, text, now }) => assessCriterion(dossier, { ...step, criterion, value, validUntil, note: text }, now),
    );
  }

  proposeWaiver(corridorId: CorridorId, body: ProposeWaiverBody, ask: Ask): Promise<CorridorAnswer> {
    const { criterion, until } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'criterion.waive', text: body.mitigation },
      ({ dossier, step, text, now }) => proposeWaiver(dossier, { ...step, criterion, until, mitigation: given(text) }, now),
    );
  }

  grantWaiver(corridorId: CorridorId, waiverId: CommandId, body: ApprovalBody, ask: Ask): Promise<CorridorAnswer> {
    return this.decisions.decide({ corridorId, ask, body, permission: 'criterion.waive' }, ({ dossier, step }) =>
      grantWaiver(dossier, { ...step, waiverId }),
    );
  }

  setTransitTime(corridorId: CorridorId, body: SetTransitTimeBody, ask: Ask): Promise<CorridorAnswer> {
    const { mode, slowMinutes, basis } = body;
    return this.decisions.decide({ corridorId, ask, body, permission: 'corridor.decide' }, ({ dossier, step }) =>
      setTransitTime(dossier, { ...step, mode, slowMinutes, basis }),
    );
  }

  setLightAndCurfew(corridorId: CorridorId, body: SetLightAndCurfewBody, ask: Ask): Promise<CorridorAnswer> {
    const { lastLightAt = null, curfewFrom = null, curfewTo = null } = body;
    return this.decisions.decide({ corridorId, ask, body, permission: 'corridor.decide' }, ({ dossier, step }) =>
      setLightAndCurfew(dossier, { ...step, lastLightAt, curfewFrom, curfewTo }),
    );
  }

  reportPeopleInside(corridorId: CorridorId, body: ReportPeopleInsideBody, ask: Ask): Promise<CorridorAnswer> {
    const { min, max = null, unaccounted } = body;
    return this.decisions.decide({ corridorId, ask, body, permission: 'corridor.report_people', ifMatch: 'never' }, ({ dossier, step }) =>
      reportPeopleInside(dossier, { ...step, min, max, unaccounted: unaccounted ?? 0 }),
    );
  }

  assessOrdnance(corridorId: CorridorId, body: AssessOrdnanceBody, ask: Ask): Promise<CorridorAnswer> {
    const { segmentId, status } = body;
    return this.decisions.decide({ corridorId, ask, body, permission: 'ordnance.assess', ifMatch: 'never' }, ({ dossier, step }) =>
      assessOrdnance(dossier, { ...step, segmentId, status }),
    );
  }
}
