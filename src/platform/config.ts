import { plainToInstance, Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, MinLength, validateSync } from 'class-validator';
import { LOG_LEVELS } from './logging.js';
import { readSetting, type Environment } from './settings.js';
import { StartFailure } from './start-failure.js';

const toNumber = Transform(({ value }: { value: unknown }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));
const POSTGRES_URL = /^postgres(ql)?:\/\/.+/;
const PORT = { message: 'PORT must be a whole number from 0 to 65535' };
const DRAIN = { message: 'DRAIN_SECONDS must be a whole number from 0 to 10' };
const HOPS = { message: 'TRUST_PROXY_HOPS must be a whole number from 0 to 10' };

/** Every setting, from the environment; the README lists them. A wrong one stops the start with a line that says what is allowed. */
export class Config {
  /** A real PostgreSQL, 15 or newer; left out: the embedded one. */
  @IsOptional()
  @Matches(POSTGRES_URL, { message: 'DATABASE_URL must look like postgresql://user:password@host:5432/database' })
  readonly DATABASE_URL?: string;

  /** The role that owns the tables and runs migrations, when it is another one than DATABASE_URL's. */
  @IsOptional()
  @Matches(POSTGRES_URL, { message: 'DATABASE_OWNER_URL must look like postgresql://user:password@host:5432/database' })
  readonly DATABASE_OWNER_URL?: string;

  /** Where the embedded PostgreSQL keeps its data; left out: `./var`. */
  @IsOptional() @IsString() readonly VAR_DIR?: string;

  @toNumber @IsInt(PORT) @Min(0, PORT) @Max(65_535, PORT) readonly PORT: number = 3000;

  /** Loopback unless told otherwise. */
  @IsString() readonly HOST: string = '127.0.0.1';

  /** How people reach us, when that is not our own address: stands in printed links. */
  @IsOptional()
  @IsUrl(
    { require_tld: false, require_protocol: true, protocols: ['http', 'https'] },
    { message: 'PUBLIC_URL must look like https://board.example.org' },
  )
  readonly PUBLIC_URL?: string;

  @IsIn(LOG_LEVELS, { message: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}` })
  readonly LOG_LEVEL: string = 'info';

  /** Wraps the keys under which free text is sealed; else they lie in the database as they are. */
  @IsOptional()
  @MinLength(32, { message: 'KEY_SECRET must have at least 32 characters' })
  readonly KEY_SECRET?: string;

  /** Proxies in front of us whose `X-Forwarded-For` counts. */
  @toNumber @IsInt(HOPS) @Min(0, HOPS) @Max(10, HOPS) readonly TRUST_PROXY_HOPS: number = 0;

  /** How long a process that is asked to end says "not ready" and still serves: as long as its proxy needs to notice. */
  @toNumber @IsInt(DRAIN) @Min(0, DRAIN) @Max(10, DRAIN) readonly DRAIN_SECONDS: number = 0;

  /** `--live`: an empty live database; else an exercise database with the demo. Fixed at the database's birth. */
  @IsBoolean() readonly isLive: boolean = false;

  /** False leaves an exercise database empty: no demo people, no player. */
  @IsBoolean() readonly hasDemo: boolean = true;
}

const SETTINGS = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'VAR_DIR',
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'LOG_LEVEL',
  'KEY_SECRET',
  'TRUST_PROXY_HOPS',
  'DRAIN_SECONDS',
] as const satisfies readonly (keyof Config)[];

/** @throws StartFailure one line for each mistake */
export function readConfig(environment: Environment, args: readonly string[]): Config {
  const given = SETTINGS.map((name) => [name, readSetting(environment, name)] as const).filter(([, value]) => value !== undefined);
  const config = plainToInstance(Config, {
    ...Object.fromEntries(given),
    isLive: args.includes('--live'),
    hasDemo: !args.includes('--no-demo') && !args.includes('--live'),
  });
  const mistakes = [
    ...args.filter((arg) => !['--live', '--no-demo'].includes(arg)).map((arg) => `${arg} is no option: there are --live and --no-demo`),
    ...Object.keys(environment).flatMap(misspelt),
    ...validateSync(config).flatMap((error) => Object.values(error.constraints ?? {})),
  ];
  if (mistakes.length > 0) throw new StartFailure([...new Set(mistakes)].join('\n'));
  return config;
}

/** Nearly one of ours: it was meant to change something, and would change nothing. Short names are too common to tell. */
function misspelt(name: string): readonly string[] {
  const meant = SETTINGS.find((setting) => (name.startsWith(PREFIX) || setting.includes('_')) && bare(setting) === bare(name));
  if (meant !== undefined && name !== meant) return [`${name} is no setting: did you mean ${meant}?`];
  return meant === undefined && name.startsWith(PREFIX) ? [`${name} is no setting: there are ${SETTINGS.join(', ')}`] : [];
}

const PREFIX = 'SAFE_PASSAGE_';

function bare(name: string): string {
  return name.toUpperCase().replace(PREFIX, '').replaceAll('_', '').replace(/S$/, '');
}
