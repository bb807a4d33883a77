import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { ValidateBy, ValidateIf, ValidateNested, type ValidationArguments } from 'class-validator';
import { isPosition, type Box } from '../domain/geometry.js';
import { parseCorridorCode, parseId } from '../domain/ids.js';
import { parseInstant } from '../domain/instant.js';
import { parseLocalDate, parseZone, readLocalTime, type LocalTimeReading } from '../domain/zone.js';

/**
 * The field types of our bodies and queries, each with its check, its reading and its place in the API document.
 * The name of a check is the `code` of its mistake in the answer. What the domain can parse is parsed by the domain.
 */

interface FieldOptions {
  /** The field is a list, and each of its items is checked. */
  readonly each?: boolean;
}

type Check = (value: unknown) => boolean;

function check(name: string, message: string, isGood: Check, { each = false }: FieldOptions = {}): PropertyDecorator {
  const about = each ? 'each of $property' : '$property';
  return ValidateBy(
    { name, validator: { validate: (value: unknown) => isGood(value), defaultMessage: () => `${about} ${message}` } },
    { each },
  );
}

/** Reads what is good and leaves the rest as it came, for the check to refuse. */
function read(parse: (value: unknown) => unknown, { each = false }: FieldOptions = {}): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) =>
    each && Array.isArray(value) ? value.map((item) => parse(item) ?? (item as unknown)) : (parse(value) ?? value),
  );
}

function documented(schema: Readonly<Record<string, unknown>>, { each = false }: FieldOptions = {}): PropertyDecorator {
  const options: object = each ? { type: 'array', items: schema } : schema;
  return ApiProperty(options);
}

/** May be left out, and is not null: where null says something else than nothing said, or nothing at all. `IsOptional` lets both pass. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/**
 * An object of ours inside the body, or a list of them. `ValidateNested` alone lets a missing one, a null in a list, and a list in the
 * place of an object pass.
 */
export function IsPart<Part extends object>(type: () => new () => Part, options?: FieldOptions): PropertyDecorator {
  const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return applyDecorators(
    check('object', 'must be an object', isObject, options),
    ValidateNested({ each: options?.each ?? false }),
    Type(type),
  );
}

const UUID_SCHEMA = { type: 'string', format: 'uuid' };

/** A UUID; any case is read, lower case is kept. */
export function IsId(options?: FieldOptions): PropertyDecorator {
  return applyDecorators(
    read(toId, options),
    check('uuid', 'must be a UUID', (value) => toId(value) !== null, options),
    documented(UUID_SCHEMA, options),
  );
}
function toId(value: unknown): string | null {
  return typeof value === 'string' ? parseId(value) : null;
}

/** A corridor's id or its radio code; the service finds the corridor. */
export function IsCorridorRef(options?: FieldOptions): PropertyDecorator {
  return applyDecorators(
    read(toCorridorRef, options),
    check('corridor', 'must be the UUID or the code of a corridor', (value) => toCorridorRef(value) !== null, options),
    documented({ type: 'string', description: 'Id or radio code of a corridor.', example: 'K7' }, options),
  );
}
/** @returns the id in lower case, the code in upper case, or null when the text is neither */
export function toCorridorRef(value: unknown): string | null {
  return typeof value === 'string' ? (parseId(value) ?? parseCorridorCode(value)) : null;
}

/** A wall clock in a zone, for senders who were told a local time. */
type TimeReading = LocalTimeReading | { readonly kind: 'without-zone' } | { readonly kind: 'unknown-zone' };

/**
 * An instant: RFC 3339 text with its zone, or `{ local, zone }`. An hour that comes twice or never is asked back, never guessed.
 * Mistakes: `time`, `time-without-zone`, `time-skipped`, `time-ambiguous`.
 */
export function IsTime(): PropertyDecorator {
  const isNot =
    (kind: TimeReading['kind']): Check =>
    (value) =>
      readTime(value).kind !== kind;
  return applyDecorators(
    read((value) => {
      const reading = readTime(value);
      return reading.kind === 'instant' ? reading.at : null;
    }),
    check('time', 'must be a time of the years 1990 to 2100, 2022-03-09T07:00:00Z or { local, zone }', isNot('malformed')),
    check('time-without-zone', 'must say its zone: end it with Z or +02:00, or send { local, zone }', isNot('without-zone')),
    check('zone', 'must name an IANA time zone such as Europe/Kyiv', isNot('unknown-zone')),
    check('time-skipped', 'does not exist on that day: the clocks were put forward over it', isNot('skipped')),
    check('time-ambiguous', 'comes twice on that day: send it with its offset', isNot('ambiguous')),
    documented({
      oneOf: [
        { type: 'string', format: 'date-time' },
        {
          type: 'object',
          required: ['local', 'zone'],
          properties: { local: { type: 'string', example: '2022-03-27T10:00' }, zone: { type: 'string', example: 'Europe/Kyiv' } },
        },
      ],
    }),
  );
}

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/;

function readTime(value: unknown): TimeReading {
  if (typeof value === 'string') {
    const at = parseInstant(value);
    if (at !== null) return { kind: 'instant', at };
    return { kind: LOCAL_TIME.test(value) ? 'without-zone' : 'malformed' };
  }
  if (typeof value !== 'object' || value === null || !('local' in value) || !('zone' in value)) return { kind: 'malformed' };
  const { local, zone } = value;
  if (typeof local !== 'string' || typeof zone !== 'string' || Object.keys(value).length > 2 || !LOCAL_TIME.test(local))
    return { kind: 'malformed' };
  const known = parseZone(zone);
  if (known === null) return { kind: 'unknown-zone' };
  const reading = readLocalTime(local, known);
  // The same years as for text with an offset.
  return reading.kind === 'instant' && parseInstant(reading.at) === null ? { kind: 'malformed' } : reading;
}

/** A calendar day, `2022-03-27`. */
export function IsDay(): PropertyDecorator {
  return applyDecorators(
    check(
      'day',
      'must be a day of the years 1990 to 2100, 2022-03-27',
      (value) => typeof value === 'string' && parseLocalDate(value) !== null,
    ),
    documented({ type: 'string', format: 'date' }),
  );
}

/** An IANA time zone; fixed offsets don't know summer time and are refused. */
export function IsZone(): PropertyDecorator {
  const toZone = (value: unknown): string | null => (typeof value === 'string' ? parseZone(value) : null);
  return applyDecorators(
    read(toZone),
    check('zone', 'must name an IANA time zone such as Europe/Kyiv', (value) => toZone(value) !== null),
    documented({ type: 'string', example: 'Europe/Kyiv' }),
  );
}

const POSITION_SCHEMA = {
  type: 'array',
  items: { type: 'number' },
  minItems: 2,
  maxItems: 2,
  description: '[longitude, latitude], degrees, WGS84.',
  example: [30.52, 50.45],
};

/** `[longitude, latitude]`, WGS84. */
export function IsPosition(): PropertyDecorator {
  return applyDecorators(
    check('position', 'must be [longitude, latitude] within ±180 and ±90 degrees', isPosition),
    documented(POSITION_SCHEMA),
  );
}

export const MOST_VERTICES = 2_000;

/** A line of 2 to 2,000 positions. */
export function IsLine(): PropertyDecorator {
  const isLine: Check = (value) => Array.isArray(value) && value.length >= 2 && value.length <= MOST_VERTICES;
  return applyDecorators(
    check('line-length', `must have 2 to ${String(MOST_VERTICES)} positions`, isLine),
    check('position', 'must be [longitude, latitude] within ±180 and ±90 degrees', (value) => isPosition(value), { each: true }),
    documented({ type: 'array', items: POSITION_SCHEMA, minItems: 2, maxItems: MOST_VERTICES }),
  );
}

/** `west,south,east,north` in a query, degrees. */
export function IsBox(): PropertyDecorator {
  return applyDecorators(
    check(
      'box',
      'must be west,south,east,north in degrees, south ≤ north',
      (value) => typeof value === 'string' && parseBox(value) !== null,
    ),
    documented({ type: 'string', example: '30,50,31,51' }),
  );
}
/** @returns null when the text is no box */
export function parseBox(text: string): Box | null {
  const parts = text.split(',');
  const [west, south, east, north] = parts.map(Number);
  if (parts.length !== 4 || parts.some((part) => part.trim() === '')) return null;
  if (west === undefined || south === undefined || east === undefined || north === undefined) return null;
  return isPosition([west, south]) && isPosition([east, north]) && south <= north ? { west, south, east, north } : null;
}

/** A lower-case code of a party to the conflict (`ukraine`), or of who controls a segment. */
export function IsParty(options?: FieldOptions): PropertyDecorator {
  return applyDecorators(
    check(
      'party',
      'must be a lower-case code such as ukraine',
      (value) => typeof value === 'string' && /^[a-z][a-z0-9_]{0,39}$/.test(value),
      options,
    ),
    documented({ type: 'string', pattern: '^[a-z][a-z0-9_]{0,39}$' }, options),
  );
}

/** Two capital letters, ISO 3166-1. */
export function IsCountry(): PropertyDecorator {
  return applyDecorators(
    check('country', 'must be two capital letters, ISO 3166-1', (value) => typeof value === 'string' && /^[A-Z]{2}$/.test(value)),
    documented({ type: 'string', pattern: '^[A-Z]{2}$', example: 'UA' }),
  );
}

/** A name on one line, 1 to 200 characters: of a place, a segment, a source. Goes into the log: never a person's name. */
export function IsName(options?: FieldOptions): PropertyDecorator {
  const isName: Check = (value) =>
    typeof value === 'string' && value.trim() !== '' && value.length <= 200 && isStorable(value) && !/[\n\r\t]/.test(value);
  return applyDecorators(
    check('name', 'must be 1 to 200 characters on one line', isName, options),
    documented({ type: 'string', minLength: 1, maxLength: 200 }, options),
  );
}

/** An upper figure beside its lower one. */
export function IsNotBelow(lower: string): PropertyDecorator {
  const validate = (value: unknown, args?: ValidationArguments): boolean => {
    const least = (args?.object as Record<string, unknown> | undefined)?.[lower];
    return typeof value !== 'number' || typeof least !== 'number' || value >= least;
  };
  return ValidateBy({ name: 'not-below', validator: { validate, defaultMessage: () => `$property must not be below ${lower}` } });
}

export const LONGEST_TEXT = 2_000;

/** Free text, 1 to 2,000 characters. Lies encrypted beside the log, never in it. */
export function IsText(): PropertyDecorator {
  return applyDecorators(
    check('text', `must be 1 to ${String(LONGEST_TEXT)} characters`, isText),
    documented({ type: 'string', minLength: 1, maxLength: LONGEST_TEXT, description: 'Free text; kept encrypted, not in the log.' }),
  );
}
function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST_TEXT && isStorable(value);
}

/** PostgreSQL takes no NUL, JSON readers no half of a surrogate pair, and no screen needs a control character besides a new line. */
function isStorable(text: string): boolean {
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u.test(text);
}
