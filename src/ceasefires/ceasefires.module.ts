import { Module } from '@nestjs/common';
import { CeasefiresController } from './ceasefires.controller.js';
import { CeasefiresService } from './ceasefires.service.js';
import { WindowDecisions } from './window-decisions.js';

/** Ceasefire windows: what was announced, by whom, who agreed, and what became of it. */
@Module({ controllers: [CeasefiresController], providers: [CeasefiresService, WindowDecisions] })
export class CeasefiresModule {}
