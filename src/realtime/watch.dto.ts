import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ENTITIES, type Entity } from '../domain/event.js';
import { MayBeLeftOut } from '../platform/body-fields.js';

/** What a client wants of what it may see. */
export class WatchFilter {
  /** Only these corridors; left out or null: all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsUUID('all', { each: true })
  readonly corridorIds?: string[] | null;

  /** Only events about these kinds of things (their `entity`); left out or null: all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ENTITIES.length)
  @IsIn(ENTITIES, { each: true })
  readonly kinds?: Entity[] | null;
}

/** Where a client stands, and what it wants. Who it is comes from its session alone. */
export class WatchWish {
  /** From the snapshot or the last frame. */
  @IsString()
  @MaxLength(200)
  readonly cursor!: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => WatchFilter)
  readonly filter?: WatchFilter | null;
}

const KINDS = new RegExp(`^(${ENTITIES.join('|')})(,(${ENTITIES.join('|')})){0,${String(ENTITIES.length - 1)}}$`);

/** The same wish in an address. */
export class FilterQuery {
  /** Only these corridors, ids separated by commas. */
  @MayBeLeftOut()
  @Matches(/^[0-9a-fA-F-]{36}(,[0-9a-fA-F-]{36}){0,49}$/, { message: 'corridorIds must be up to 50 ids separated by commas' })
  readonly corridorIds?: string;

  /** Only events about these kinds of things (their `entity`), separated by commas: `corridor`, `window`, `attack`, `observation`, `corridor_status`. */
  @MayBeLeftOut()
  @Matches(KINDS, { message: `kinds must be some of ${ENTITIES.join(', ')}, separated by commas` })
  readonly kinds?: string;
}

export class BoardQuery extends FilterQuery {
  /** RFC 3339 with a zone: the board as it was known at that log time. For the cell. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(40)
  readonly asOf?: string;
}

export class StreamQuery extends FilterQuery {
  /** From the snapshot or the last page. */
  @MayBeLeftOut()
  @IsString()
  @MaxLength(200)
  readonly cursor?: string;
}

export class EventsQuery extends StreamQuery {
  /** 1–500; 50 when left out. */
  @MayBeLeftOut()
  @Matches(/^([1-9]\d?|[1-4]\d\d|500)$/, { message: 'limit must be a whole number from 1 to 500' })
  readonly limit?: string;

  /** `true`: the newest events instead of those after a cursor, for a list of what just happened. */
  @MayBeLeftOut()
  @IsIn(['true'], { message: 'newest must be true, or left out' })
  readonly newest?: 'true';
}
