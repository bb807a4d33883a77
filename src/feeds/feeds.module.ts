import { Module } from '@nestjs/common';
import { FeedsController } from './feeds.controller.js';
import { FeedsService } from './feeds.service.js';

/** The board in the formats of other tools. */
@Module({ controllers: [FeedsController], providers: [FeedsService] })
export class FeedsModule {}
