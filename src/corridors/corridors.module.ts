import { Module } from '@nestjs/common';
import { AttemptsController } from './attempts/attempts.controller.js';
import { AttemptsService } from './attempts/attempts.service.js';
import { CorridorDecisions } from './corridor-decisions.js';
import { CorridorReads } from './corridor-reads.js';
import { CorridorsController } from './corridors.controller.js';
import { CorridorsService } from './corridors.service.js';
import { HoldsController } from './holds/holds.controller.js';
import { HoldsService } from './holds/holds.service.js';
import { OpeningsController } from './openings/openings.controller.js';
import { OpeningsService } from './openings/openings.service.js';
import { ReadinessController } from './readiness/readiness.controller.js';
import { ReadinessService } from './readiness/readiness.service.js';

/** Corridors and every decision on one: its attempts, holds, openings, and what makes it ready. */
@Module({
  controllers: [CorridorsController, AttemptsController, HoldsController, OpeningsController, ReadinessController],
  providers: [CorridorReads, CorridorDecisions, CorridorsService, AttemptsService, HoldsService, OpeningsService, ReadinessService],
})
export class CorridorsModule {}
