import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { MODES, ORDNANCE_STATUSES, STANCES, type Mode, type OrdnanceStatus, type Stance, type TransitTime } from '../../domain/corridor.js';
import { CRITERION_CODES, CRITERION_VALUES, type Criterion, type CriterionCode } from '../../domain/criterion.js';
import type { CommandId, SegmentId } from '../../domain/ids.js';
import type { Instant } from '../../domain/instant.js';
import { IsId, IsText, IsTime, IsNotBelow } from '../../platform/body-fields.js';

export class ProposeStanceBody {
  /** Made by the sender; it becomes the id of the proposal. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(STANCES) readonly stance!: Stance;
  @IsText() readonly reason!: string;
}

export class AssessCriterionBody {
  @IsId() readonly commandId!: CommandId;
  @IsIn(CRITERION_CODES) readonly criterion!: CriterionCode;
  @IsIn(CRITERION_VALUES) readonly value!: Criterion['value'];
  /** Left out: the latest that the criterion allows. */
  @IsOptional() @IsTime() readonly validUntil?: Instant | null;
  /** What was seen; with `not_applicable`: why, and required. */
  @IsOptional() @IsText() readonly note?: string | null;
}

export class ProposeWaiverBody {
  /** Made by the sender; it becomes the id of the proposal. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(CRITERION_CODES) readonly criterion!: CriterionCode;
  @IsTime() readonly until!: Instant;
  /** What is done instead. */
  @IsText() readonly mitigation!: string;
}

const TRANSIT_BASES: readonly TransitTime['basis'][] = ['measured', 'estimated'];

export class SetTransitTimeBody {
  @IsId() readonly commandId!: CommandId;
  @IsIn(MODES) readonly mode!: Mode;
  /** Slow (p90) time from entry to exit, waits at checkpoints included, minutes. */
  @IsInt() @Min(1) @Max(20_000) readonly slowMinutes!: number;
  @IsIn(TRANSIT_BASES) readonly basis!: TransitTime['basis'];
}

export class SetLightAndCurfewBody {
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsTime() readonly lastLightAt?: Instant | null;
  @IsOptional() @IsTime() readonly curfewFrom?: Instant | null;
  @IsOptional() @IsTime() readonly curfewTo?: Instant | null;
}

export class ReportPeopleInsideBody {
  @IsId() readonly commandId!: CommandId;
  @IsInt() @Min(0) @Max(1_000_000) readonly min!: number;
  /** Left out: no upper figure. */
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) @IsNotBelow('min') readonly max?: number | null;
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) readonly unaccounted?: number | null;
}

export class AssessOrdnanceBody {
  @IsId() readonly commandId!: CommandId;
  @IsId() readonly segmentId!: SegmentId;
  @IsIn(ORDNANCE_STATUSES) readonly status!: OrdnanceStatus;
}
