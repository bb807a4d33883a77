import { Module } from '@nestjs/common';
import { AttackDecisions } from './attack-decisions.js';
import { AttacksController } from './attacks.controller.js';
import { AttacksService } from './attacks.service.js';

/** Reported attacks: what struck, how it is judged, and which corridors it touches. */
@Module({ controllers: [AttacksController], providers: [AttacksService, AttackDecisions] })
export class AttacksModule {}
