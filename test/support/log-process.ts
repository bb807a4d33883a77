import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DossiersModule } from '../../src/dossiers/dossiers.module.js';
import { Dossiers } from '../../src/dossiers/dossiers.service.js';
import { Tail } from '../../src/event-log/tail.js';
import { Texts } from '../../src/event-log/texts.js';
import { Writer } from '../../src/event-log/writer.js';
import { Database, DatabaseModule, type DatabaseAddress } from '../../src/platform/database.js';
import { HealthModule } from '../../src/platform/health.js';

@Module({})
class LogProcess {}

/** Everything below HTTP of one server process: two of these on one database are two processes to PostgreSQL. */
export interface RunningLog {
  readonly app: INestApplicationContext;
  readonly writer: Writer;
  readonly tail: Tail;
  readonly texts: Texts;
  readonly dossiers: Dossiers;
  readonly database: Database;
}

export async function startLog(address: DatabaseAddress): Promise<RunningLog> {
  const app = await NestFactory.createApplicationContext(
    { module: LogProcess, imports: [DatabaseModule.at(address), HealthModule, DossiersModule] },
    { logger: false, abortOnError: false },
  );
  return {
    app,
    writer: app.get(Writer),
    tail: app.get(Tail),
    texts: app.get(Texts),
    dossiers: app.get(Dossiers),
    database: app.get(Database),
  };
}
