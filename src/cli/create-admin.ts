import { parseArgs } from 'node:util';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Organisations } from '../auth/organisations.service.js';
import { People } from '../auth/people.service.js';
import { Rights } from '../auth/rights.service.js';
import { Sessions } from '../auth/sessions.service.js';
import { runningDatabase } from '../platform/address.js';
import { readConfig, type Config } from '../platform/config.js';
import { DatabaseModule } from '../platform/database.js';
import { administratorLink } from './administrator.js';

const USAGE = 'create-admin --organisation "Name" --sign-in-name name@example.org --name "Name to show"';
@Module({})
class CreateAdminModule {
  static of(config: Config): DynamicModule {
    return {
      module: CreateAdminModule,
      imports: [DatabaseModule.at(runningDatabase(config))],
      providers: [Sessions, Rights, Organisations, People],
    };
  }
}

/**
 * `node dist/src/cli/create-admin.js …`, beside a running server: makes an organisation with its first administrator, and prints the link
 * by which they sign in, once. Asked again for the same sign-in name, it prints a new link: the way back in when all else is lost.
 */
async function createAdmin(): Promise<string> {
  const { organisation, 'sign-in-name': signInName, name } = parseArgs({ options }).values;
  if (organisation === undefined || signInName === undefined || name === undefined) throw new Error(USAGE);
  const config = readConfig(process.env, []);
  const context = await NestFactory.createApplicationContext(CreateAdminModule.of(config), { logger: ['error'], abortOnError: false });
  try {
    const link = await administratorLink(context, { organisation, signInName, name });
    const address = config.PUBLIC_URL?.replace(/\/$/, '') ?? `http://${config.HOST}:${String(config.PORT)}`;
    return `${address}${link}\nIt works once, within the hour.`;
  } finally {
    await context.close();
  }
}

const options = { organisation: { type: 'string' }, 'sign-in-name': { type: 'string' }, name: { type: 'string' } } as const;

createAdmin().then(
  (line) => {
    process.stdout.write(`${line}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
