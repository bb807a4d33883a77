import { IsIn, IsNumber, IsString, IsUUID, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';
import { MayBeLeftOut } from '../platform/body-fields.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const INSTANT_MESSAGE = 'must be an RFC 3339 time with a zone, like 2022-03-09T07:00:00Z';

export const WAIT_REASONS = ['opening_request', 'visitor'] as const;

/** Every touch of the clock. Touching it twice in the same way changes nothing, so a repeat is harmless. */
export class TouchClockBody {
  /** Made by the sender. */
  @IsUUID() readonly commandId!: string;
}

export class PauseClockBody extends TouchClockBody {
  /** Why it waits, for the screens; left out: a visitor paused it. */
  @MayBeLeftOut() @IsIn(WAIT_REASONS) readonly waitsFor?: (typeof WAIT_REASONS)[number];
}

export class SetRateBody extends TouchClockBody {
  /** Log seconds a real second. */
  @IsNumber() @Min(0.1) @Max(3600) readonly rate!: number;
}

export class JumpBody extends TouchClockBody {
  /** An instant ahead, or `next_event`. */
  @IsString()
  @MaxLength(40)
  @Matches(new RegExp(`^next_event$|${INSTANT.source}`), { message: `to ${INSTANT_MESSAGE}, or next_event` })
  readonly to!: string;
}

export class StepBody extends TouchClockBody {
  @IsString() @MaxLength(40) @Matches(INSTANT, { message: `to ${INSTANT_MESSAGE}` }) readonly to!: string;
}

export class NextEventBody extends TouchClockBody {
  /** Null: no further record. */
  @ValidateIf((body: NextEventBody) => body.at !== null)
  @IsString()
  @MaxLength(40)
  @Matches(INSTANT, { message: `at ${INSTANT_MESSAGE}` })
  readonly at!: string | null;
}
