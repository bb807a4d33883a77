import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiDocsModule } from './api-docs/api-docs.module.js';
import { AttacksModule } from './attacks/attacks.module.js';
import { AuthModule } from './auth/auth.module.js';
import { CeasefiresModule } from './ceasefires/ceasefires.module.js';
import { CorridorsModule } from './corridors/corridors.module.js';
import { DossiersModule } from './dossiers/dossiers.module.js';
import { FeedsModule } from './feeds/feeds.module.js';
import { ObservationsModule } from './observations/observations.module.js';
import { DatabaseModule, type DatabaseAddress } from './platform/database.js';
import { HealthModule } from './platform/health.js';
import { KnownQueryGuard } from './platform/known-query.js';
import { DeadlinesModule } from './deadlines/deadlines.module.js';
import { ExerciseModule } from './exercise/exercise.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';

/** What the system does; rooms that know nothing of each other. */
const FEATURES = [CorridorsModule, CeasefiresModule, AttacksModule, ObservationsModule, FeedsModule, ApiDocsModule];

/** The map of the system: who stands on whom is the order of this list. */
@Module({})
export class AppModule {
  static at(address: DatabaseAddress): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.at(address),
        HealthModule,
        DossiersModule,
        AuthModule,
        ...FEATURES,
        DeadlinesModule,
        ExerciseModule,
        RealtimeModule,
      ],
      providers: [{ provide: APP_GUARD, useClass: KnownQueryGuard }],
    };
  }
}
