import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../../auth/ask.js';
import { Requires } from '../../auth/requires.js';
import { CorridorIdPipe } from '../../dossiers/corridor-id.pipe.js';
import type { CorridorId } from '../../domain/ids.js';
import { DecisionBody, type CorridorAnswer } from '../corridors.dto.js';
import { ChooseWindowBody, CompleteAttemptBody } from './attempts.dto.js';
import { AttemptsService } from './attempts.service.js';

/** The steps of an attempt that one coordinator of the corridor's organisation may take. Opening takes two: see `opening-requests`. */
@ApiTags('corridors')
@Controller('v1/corridors/:corridorId')
export class AttemptsController {
  constructor(private readonly attempts: AttemptsService) {}

  /** Starts a new attempt at using the corridor, for one window or none yet. Refused while one is running (`attempt-running`). */
  @Post('attempts')
  @Requires('corridor.decide')
  start(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ChooseWindowBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.start(corridorId, body, ask);
  }

  /** The parties are being talked to, about the attempt's window or another. */
  @Post('negotiations')
  @Requires('corridor.decide')
  negotiate(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ChooseWindowBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.negotiate(corridorId, body, ask);
  }

  /** Every relevant party has confirmed the terms of this attempt's window; else `consent-missing`. */
  @Post('agreements')
  @Requires('corridor.decide')
  agree(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.agree(corridorId, body, ask);
  }

  /** Window and route are set, the attempt can be prepared. */
  @Post('schedules')
  @Requires('corridor.decide')
  schedule(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.schedule(corridorId, body, ask);
  }

  /** The last departure has gone; the agreement holds for those still inside. Takes no `If-Match`. */
  @Post('closings')
  @Requires('corridor.decide')
  startClosing(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.startClosing(corridorId, body, ask);
  }

  /** Ends the attempt for departures. Takes no `If-Match`. */
  @Post('closures')
  @Requires('corridor.decide')
  close(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.close(corridorId, body, ask);
  }

  /** Nobody is inside any more, or so many are unaccounted for; else `people-inside`. */
  @Post('completions')
  @Requires('corridor.decide')
  complete(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: CompleteAttemptBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.complete(corridorId, body, ask);
  }

  /** Called off before it opened. Takes no `If-Match`. */
  @Post('cancellations')
  @Requires('corridor.decide')
  cancel(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.cancel(corridorId, body, ask);
  }

  /** The negotiation, or the attempt before it opened, came to nothing. Takes no `If-Match`. */
  @Post('failures')
  @Requires('corridor.decide')
  fail(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: DecisionBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.attempts.fail(corridorId, body, ask);
  }
}
