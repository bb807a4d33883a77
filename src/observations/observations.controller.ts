import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../auth/ask.js';
import { CurrentActor } from '../auth/current-actor.js';
import { Requires } from '../auth/requires.js';
import type { Actor } from '../domain/permission.js';
import {
  ListObservationsQuery,
  RecordObservationBody,
  RecordObservationsBody,
  type ObservationAnswer,
  type ObservationList,
  type ObservationResults,
} from './observations.dto.js';
import { ObservationsService } from './observations.service.js';

/** What was seen of one segment. Append-only: a correction is a new observation. */
@ApiTags('observations')
@Controller('v1/observations')
export class ObservationsController {
  constructor(private readonly observations: ObservationsService) {}

  /** Records one observation. Whatever it says and whenever it says it was: kept. Only a first-hand one of the corridor's own team is ever good news. */
  @Post()
  @Requires('observation.record')
  record(@Body() body: RecordObservationBody, @Asked() ask: Ask): Promise<ObservationAnswer> {
    return this.observations.record(body, ask);
  }

  /**
   * Records up to 100 observations, each decided by itself and in this order: one with a mistake costs none of the others.
   * Answers a result for each, `{ status, body }` or `{ status, problem }`, in the same order.
   */
  @Post('batches')
  @HttpCode(200)
  @Requires('observation.record')
  recordMany(@Body() body: RecordObservationsBody, @Asked() ask: Ask): Promise<ObservationResults> {
    return this.observations.recordMany(body, ask);
  }

  /** Observations of a corridor, or of one of its segments, the newest recorded first. */
  @Get()
  @Requires('observation.read')
  list(@Query() query: ListObservationsQuery, @CurrentActor() actor: Actor): Promise<ObservationList> {
    return this.observations.list(query, actor);
  }
}
