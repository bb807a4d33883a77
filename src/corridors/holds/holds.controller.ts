import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../../auth/ask.js';
import { IdPipe } from '../../auth/id.pipe.js';
import { Requires } from '../../auth/requires.js';
import { CorridorIdPipe } from '../../dossiers/corridor-id.pipe.js';
import type { CorridorId, HoldId } from '../../domain/ids.js';
import { Limit } from '../../platform/limits.js';
import { DecisionBody, type CorridorAnswer } from '../corridors.dto.js';
import { ClearHoldBody, LiftHoldBody, StopBody } from './holds.dto.js';
import { HoldsService } from './holds.service.js';

/** Stopping is cheap: one person of the corridor's team, at any version, from any step but the three that end an attempt. */
@ApiTags('corridors')
@Controller('v1/corridors/:corridorId')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  /**
   * Stops new departures at once, and suspends what is scheduled, open or closing.
   *
   * Takes no `If-Match` and has a rate limit of its own: a stop is never refused for being late or for haste elsewhere.
   * A second stop is welcome: each is a hold with its own reason. Refused only when the attempt has ended (`attempt-ended`).
   */
  @Post('suspensions')
  @Requires('corridor.stop')
  @Limit('stop')
  stop(@Param('corridorId', CorridorIdPipe) corridorId: CorridorId, @Body() body: StopBody, @Asked() ask: Ask): Promise<CorridorAnswer> {
    return this.holds.stop(corridorId, body, ask);
  }

  /** No new departures until it is lifted; the lifecycle stays. Always accepted, like a stop. */
  @Post('holds')
  @Requires('corridor.hold')
  @Limit('stop')
  hold(@Param('corridorId', CorridorIdPipe) corridorId: CorridorId, @Body() body: StopBody, @Asked() ask: Ask): Promise<CorridorAnswer> {
    return this.holds.hold(corridorId, body, ask);
  }

  /** "Clear" from who set the hold, or from the team nearest the cause. Lifts nothing yet. */
  @Post('holds/:holdId/clears')
  @Requires('corridor.clear_hold')
  clear(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('holdId', IdPipe) holdId: HoldId,
    @Body() body: ClearHoldBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.holds.clear(corridorId, holdId, body, ask);
  }

  /** Lifts a cleared hold, with a reason, by another person than who cleared it (`hold-not-cleared`, `clear-by-another`); what fire set stands three hours (`danger-not-over`). Opens nothing. */
  @Post('holds/:holdId/lifts')
  @Requires('corridor.lift_hold')
  lift(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Param('holdId', IdPipe) holdId: HoldId,
    @Body() body: LiftHoldBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.holds.lift(corridorId, holdId, body, ask);
  }

  /** After a violation elsewhere in the window: this corridor was asked about again and still stands. */
  @Post('reconfirmations')
  @Requires('corridor.lift_hold')
  reconfirm(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.holds.reconfirm(corridorId, body, ask);
  }
}
