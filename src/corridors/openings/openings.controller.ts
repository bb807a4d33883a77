import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Asked, IF_MATCH, type Ask } from '../../auth/ask.js';
import { IdPipe } from '../../auth/id.pipe.js';
import { Requires } from '../../auth/requires.js';
import { CorridorIdPipe } from '../../dossiers/corridor-id.pipe.js';
import type { CorridorId, LimitId, OpeningRequestId } from '../../domain/ids.js';
import { DecisionBody, type CorridorAnswer } from '../corridors.dto.js';
import { ApprovalBody, RequestOpeningBody, SetLimitBody } from './openings.dto.js';
import { OpeningsService } from './openings.service.js';

/** Opening is dear: two different coordinators, bound to what decides, within 15 minutes of real time. */
@ApiTags('corridors')
@Controller('v1/corridors/:corridorId')
export class OpeningsController {
  constructor(private readonly openings: OpeningsService) {}

  /** Asks a second person to open the corridor, to open it again, or to remove a limit. Binds what decides as it stands now. */
  @Post('opening-requests')
  @Requires('corridor.request_opening')
  request(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: RequestOpeningBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.request(corridorId, body, ask);
  }

  /**
   * Opens, by another person than who requested it (`same-person`). Needs `If-Match`.
   *
   * 412 `opening-void` when what decides has become worse since the request, with both contents; 409 `opening-not-safe` with the reasons
   * when the present evidence does not allow it; 409 `opening-request-expired` after 15 minutes.
   */
  @ApiHeader(IF_MATCH)
  @Post('opening-requests/:requestId/approvals')
  @Requires('corridor.approve_opening')
  approve(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('requestId', IdPipe) requestId: OpeningRequestId,
    @Body() body: ApprovalBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.approve(corridorId, requestId, body, ask);
  }

  /** Says no to a request; nothing opens. */
  @Post('opening-requests/:requestId/rejections')
  @Requires('corridor.approve_opening')
  reject(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('requestId', IdPipe) requestId: OpeningRequestId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.reject(corridorId, requestId, body, ask);
  }

  /** Confirms an opening by voice within its 60 minutes. */
  @Post('opening-requests/:requestId/countersignatures')
  @Requires('corridor.approve_opening')
  countersign(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('requestId', IdPipe) requestId: OpeningRequestId,
    @Body() body: ApprovalBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.countersign(corridorId, requestId, body, ask);
  }

  /** Limits the use of the corridor, at once and by one person. Removing it is an opening. */
  @Post('limits')
  @Requires('corridor.set_limit')
  setLimit(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: SetLimitBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.setLimit(corridorId, body, ask);
  }

  /** Asks a second person to remove a limit: an opening request of the kind `remove_limit`. */
  @Post('limits/:limitId/removals')
  @Requires('corridor.request_opening')
  requestRemoval(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('limitId', IdPipe) limitId: LimitId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.openings.requestRemoval(corridorId, limitId, body, ask);
  }
}
