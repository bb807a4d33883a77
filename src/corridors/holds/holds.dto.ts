import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional } from 'class-validator';
import { MODES, STOP_REASONS, type Mode, type StopReason } from '../../domain/corridor.js';
import type { CommandId, SegmentId } from '../../domain/ids.js';
import { IsId, IsText } from '../../platform/body-fields.js';

/** A stop or a hold: one shape, so that a team needs to learn it once. */
export class StopBody {
  /** Made by the sender; it becomes the id of the hold. The same id with the same body is the same stop, however often it arrives. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(STOP_REASONS) readonly reason!: StopReason;
  /** Left out: all modes. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MODES.length) @ArrayUnique() @IsIn(MODES, { each: true }) readonly modes?:
    Mode[] | null;
  /** Where; left out: not said. */
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ArrayUnique() @IsId({ each: true }) readonly segmentIds?: SegmentId[] | null;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class ClearHoldBody {
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class LiftHoldBody {
  @IsId() readonly commandId!: CommandId;
  @IsText() readonly reason!: string;
}
