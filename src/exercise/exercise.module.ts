import { Module } from '@nestjs/common';
import { ExerciseController } from './exercise.controller.js';
import { Exercise } from './exercise.service.js';

/** The clock of drills and of history. */
@Module({ controllers: [ExerciseController], providers: [Exercise] })
export class ExerciseModule {}
