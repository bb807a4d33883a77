import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../../auth/ask.js';
import { CurrentActor } from '../../auth/current-actor.js';
import { IdPipe } from '../../auth/id.pipe.js';
import { Requires } from '../../auth/requires.js';
import { CorridorIdPipe } from '../../dossiers/corridor-id.pipe.js';
import type { CommandId, CorridorId } from '../../domain/ids.js';
import type { Actor } from '../../domain/permission.js';
import { ApprovalBody } from '../openings/openings.dto.js';
import {
  AssessCriterionBody,
  AssessOrdnanceBody,
  ProposeStanceBody,
  ProposeWaiverBody,
  ReportPeopleInsideBody,
  SetLightAndCurfewBody,
  SetTransitTimeBody,
} from './readiness.dto.js';
import type { CorridorAnswer } from '../corridors.dto.js';
import { ReadinessService, type CriterionView } from './readiness.service.js';

/** What must be known or settled before a corridor can open: stance, criteria, ordnance, times, people. */
@ApiTags('corridors')
@Controller('v1/corridors/:corridorId')
export class ReadinessController {
  constructor(private readonly readiness: ReadinessService) {}

  /** Proposes our own stance to the corridor, with a reason. A second coordinator sets it. */
  @Post('stances')
  @Requires('corridor.propose_stance')
  proposeStance(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ProposeStanceBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.proposeStance(corridorId, body, ask);
  }

  /** Sets the proposed stance, by another person. `supported` is refused while the destination lies under a party (`destination-under-a-party`). */
  @Post('stances/:proposalId/approvals')
  @Requires('corridor.propose_stance')
  approveStance(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('proposalId', IdPipe) proposalId: CommandId,
    @Body() body: ApprovalBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.approveStance(corridorId, proposalId, body, ask);
  }

  /** The 25 readiness criteria in their order, each with its class and what is known of it. For the corridor's own organisation. */
  @Get('criteria')
  @Requires('board.read')
  async listCriteria(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @CurrentActor() actor: Actor,
  ): Promise<{ readonly items: readonly CriterionView[] }> {
    return { items: await this.readiness.criteria(corridorId, actor) };
  }

  /** Assesses one criterion until an end. Those that the system works out itself are refused (`criterion-computed`). */
  @Post('criteria')
  @Requires('criterion.assess')
  assess(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: AssessCriterionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.assess(corridorId, body, ask);
  }

  /** The risk owner proposes to do without a waivable criterion until an end, with what is done instead. */
  @Post('waivers')
  @Requires('criterion.waive')
  proposeWaiver(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ProposeWaiverBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.proposeWaiver(corridorId, body, ask);
  }

  /** Grants the waiver, by a second person. The corridor is then at best LIMITED. */
  @Post('waivers/:waiverId/approvals')
  @Requires('criterion.waive')
  grantWaiver(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('waiverId', IdPipe) waiverId: CommandId,
    @Body() body: ApprovalBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.grantWaiver(corridorId, waiverId, body, ask);
  }

  /** How long the way takes by one mode; the last safe departure is worked out from it. */
  @Post('transit-times')
  @Requires('corridor.decide')
  setTransitTime(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: SetTransitTimeBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.setTransitTime(corridorId, body, ask);
  }

  /** Last light and curfew of this attempt. */
  @Post('light-and-curfew')
  @Requires('corridor.decide')
  setLightAndCurfew(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: SetLightAndCurfewBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.setLightAndCurfew(corridorId, body, ask);
  }

  /** How many people are on the way, as a range. */
  @Post('people-inside')
  @Requires('corridor.report_people')
  reportPeopleInside(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ReportPeopleInsideBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.reportPeopleInside(corridorId, body, ask);
  }

  /** The ordnance assessor's word on one segment. Nobody else's makes it better. */
  @Post('ordnance')
  @Requires('ordnance.assess')
  assessOrdnance(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: AssessOrdnanceBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.readiness.assessOrdnance(corridorId, body, ask);
  }
}
