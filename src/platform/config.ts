import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, Matches, Max, Min, MinLength, validateSync } from 'class-validator';
import { StartFailure } from './embedded-postgres.js';

const toNumber = Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));

/** Every setting, from the environment; `docs/operations.md` lists them. A wrong one stops the start with a line that says what is allowed. */
export class Config {
  /** A real PostgreSQL, 15 or newer; left out: the embedded one. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/.+/, { message: 'DATABASE_URL must look like postgresql://user:password@host:5432/database' })
  readonly DATABASE_URL?: string;

  /** The role that owns the tables and runs migrations, when it is another one than DATABASE_URL's. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\/.+/, { message: 'DATABASE_OWNER_URL must look like postgresql://user:password@host:5432/database' })
  readonly DATABASE_OWNER_URL?: string;

  /** Where the embedded PostgreSQL keeps its data. */
  @IsString() readonly VAR_DIR: string = './var';

  @toNumber
  @IsInt({ message: 'PORT must be a whole number from 0 to 65535' })
  @Min(0)
  @Max(65_535)
  readonly PORT: number = 3000;

  /** Loopback unless told otherwise. */
  @IsString() readonly HOST: string = '127.0.0.1';

  /** Origins of pages that may write and open sockets, separated by commas; left out: our own address. */
  @IsOptional() @IsString() readonly PUBLIC_ORIGINS?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    message: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
  })
  readonly LOG_LEVEL: string = 'info';

  /** Wraps the keys that lie in the database (cursors, texts); from a file or a secret store. */
  @IsOptional()
  @MinLength(32, { message: 'KEY_SECRET must have at least 32 characters' })
  readonly KEY_SECRET?: string;

  /** Proxies in front of us whose `X-Forwarded-For` counts. */
  @toNumber
  @IsInt({ message: 'TRUST_PROXY_HOPS must be a whole number from 0 to 10' })
  @Min(0)
  @Max(10)
  readonly TRUST_PROXY_HOPS: number = 0;

  /** `--live`: an empty live database; else an exercise database with the demo. Fixed at the database's birth. */
  @IsBoolean() readonly isLive: boolean = false;

  /** False leaves an exercise database empty: no demo people, no player. */
  @IsBoolean() readonly hasDemo: boolean = true;
}

/** @throws StartFailure one line for each mistake */
export function readConfig(environment: Readonly<Record<string, string | undefined>>, args: readonly string[]): Config {
  const unknown = args.filter((arg) => !['--live', '--no-demo'].includes(arg));
  const known = Object.keys(new Config());
  const optional = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'PUBLIC_ORIGINS', 'KEY_SECRET'];
  const given = Object.fromEntries(
    [...known, ...optional].flatMap((name) =>
      environment[name] === undefined || environment[name] === '' ? [] : [[name, environment[name]]],
    ),
  );
  const config = plainToInstance(Config, {
    ...given,
    isLive: args.includes('--live'),
    hasDemo: !args.includes('--no-demo') && !args.includes('--live'),
  });
  const mistakes = [
    ...unknown.map((arg) => `${arg} is no option: there are --live and --no-demo`),
    ...validateSync(config).flatMap((error) => Object.values(error.constraints ?? {})),
  ];
  if (mistakes.length > 0) throw new StartFailure(mistakes.join('\n'));
  return config;
}
