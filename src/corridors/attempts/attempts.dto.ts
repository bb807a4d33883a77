import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { CommandId, WindowId } from '../../domain/ids.js';
import { IsId, IsText } from '../../platform/body-fields.js';

export class ChooseWindowBody {
  @IsId() readonly commandId!: CommandId;
  /** The window of this attempt; left out: none yet, or the one already chosen. */
  @IsOptional() @IsId() readonly windowId?: WindowId | null;
  @IsOptional() @IsText() readonly reason?: string | null;
}

export class CompleteAttemptBody {
  @IsId() readonly commandId!: CommandId;
  /** People who are still unaccounted for, named as a number. */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) readonly unaccounted?: number | null;
  @IsOptional() @IsText() readonly reason?: string | null;
}
