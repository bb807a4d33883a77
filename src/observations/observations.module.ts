import { Module } from '@nestjs/common';
import { ObservationsController } from './observations.controller.js';
import { ObservationsService } from './observations.service.js';

/** What was seen of the segments. */
@Module({ controllers: [ObservationsController], providers: [ObservationsService] })
export class ObservationsModule {}
