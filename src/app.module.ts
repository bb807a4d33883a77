import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthModule } from './auth/auth.module.js';
import { DossiersModule } from './dossiers/dossiers.module.js';
import { DatabaseModule, type DatabaseAddress } from './platform/database.js';
import { HealthModule } from './platform/health.js';
import { LimitGuard } from './platform/limits.js';

/** The map of the system: who stands on whom is the order of this list. */
@Module({})
export class AppModule {
  static at(address: DatabaseAddress): DynamicModule {
    return {
      module: AppModule,
      imports: [DatabaseModule.at(address), HealthModule, DossiersModule, AuthModule],
      providers: [{ provide: APP_GUARD, useClass: LimitGuard }],
    };
  }
}
