import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import {
  LIMIT_KINDS,
  MODES,
  OPENING_KINDS,
  OVERRIDABLES,
  type LimitKind,
  type Mode,
  type OpeningRequest,
  type Override,
} from '../../domain/corridor.js';
import type { CommandId, LimitId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { IsId, IsName, IsPart, IsText, IsTime } from '../../platform/body-fields.js';

export class OverrideBody {
  /** What is missing and shall not count; never a hold, a danger or a consent. */
  @IsIn(OVERRIDABLES) readonly what!: Override['what'];
  /** Segment id, party, mode or criterion code, according to `what`. */
  @IsName() readonly subject!: string;
  /** At most 6 hours ahead. */
  @IsTime() readonly until!: Instant;
}

export class RequestOpeningBody {
  /** Made by the sender; it becomes the id of the request. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(OPENING_KINDS) readonly kind!: OpeningRequest['kind'];
  /** For `remove_limit`. */
  @IsOptional() @IsId() readonly limitId?: LimitId | null;
  /** An opening with overrides is at best LIMITED. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsPart(() => OverrideBody, { each: true }) readonly overrides?: OverrideBody[] | null;
  /** Read back by radio: at best LIMITED for 60 minutes, until countersigned. */
  @IsOptional() @IsBoolean() readonly isByVoice?: boolean | null;
  @IsOptional() @IsText() readonly reason?: string | null;
}

export class SetLimitBody {
  /** Made by the sender; it becomes the id of the limit. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(LIMIT_KINDS) readonly kind!: LimitKind;
  /** Left out: all modes. With `modes_only`: the modes that may go; no other departs. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MODES.length) @ArrayUnique() @IsIn(MODES, { each: true }) readonly modes?:
    Mode[] | null;
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) readonly peoplePerHour?: number | null;
  /** When people mean to take it away. It stays in force until two people do: taking a limit away is an opening. */
  @IsOptional() @IsTime() readonly until?: Instant | null;
  @IsOptional() @IsText() readonly note?: string | null;
}

/** An approval says only that it is one: what it approves is bound by the request. */
export class ApprovalBody {
  @IsId() readonly commandId!: CommandId;
}
