import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../auth/people.dto.js';
import { PASSABILITIES, PROVENANCES, WATCHES, type Passability, type Provenance, type Watch } from '../domain/corridor.js';
import type { CommandId, CorridorId, ObservationId, SegmentId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { CONDITIONS, type Condition, type Observation } from '../domain/observation.js';
import { IsCorridorRef, IsId, IsPart, IsText, IsTime, MayBeLeftOut } from '../platform/body-fields.js';
import type { ProblemBody } from '../platform/problem.filter.js';

/** By mode of travel; a mode left out: nothing said about it. */
export class PassabilityBody {
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly foot?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly car?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly bus?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly truck?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly ambulance?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly rail?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly boat?: Passability;
  @MayBeLeftOut() @IsIn(PASSABILITIES) readonly air?: Passability;
}

export class RecordObservationBody {
  /** Made by the sender; it becomes the id of the observation. The same id with the same body is the same report, however often it arrives. */
  @IsId() readonly commandId!: CommandId;
  @IsCorridorRef() readonly corridorId!: string;
  @IsId() readonly segmentId!: SegmentId;
  /** How it was seen. Only `manned_post`, `passage` and `seen_from` refresh evidence; a party's word is an assurance. */
  @IsIn(WATCHES) readonly seen!: Watch;
  /** What was seen. `blocked` and `fire_heard` are worse news. */
  @IsIn(CONDITIONS) readonly condition!: Condition;
  @IsOptional() @IsPart(() => PassabilityBody) readonly passability?: PassabilityBody | null;
  /** After an attack: somebody went and looked at the road. */
  @IsOptional() @IsBoolean() readonly roadLookedAt?: boolean | null;
  /** When it was seen; left out: now. More than 2 minutes ahead is kept, flagged, and never counts as good news. */
  @IsOptional() @IsTime() readonly observedAt?: Instant | null;
  /** When it was entered, by the clock of the device. */
  @IsOptional() @IsTime() readonly enteredAt?: Instant | null;
  /** When it was sent, by the clock of the device. */
  @IsOptional() @IsTime() readonly sentAt?: Instant | null;
  @IsOptional() @IsIn(PROVENANCES) readonly provenance?: Provenance | null;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class RecordObservationsBody {
  /** 1 to 100 observations. Each is checked and decided by itself, so that one mistake costs none of the others. */
  @ApiProperty({ type: () => RecordObservationBody, isArray: true, minItems: 1, maxItems: 100 })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  readonly items!: unknown[];
}

export class ListObservationsQuery extends PageQuery {
  @IsCorridorRef() readonly corridorId!: string;
  @MayBeLeftOut() @IsId() readonly segmentId?: SegmentId;
}

/** What an observation answers. What it did to the word shows on the board at once. */
export interface ObservationAnswer {
  readonly commandId: CommandId;
  /** Log time. */
  readonly recordedAt: Instant;
  readonly observationId: ObservationId;
  readonly corridorId: CorridorId;
  /** More than 2 minutes ahead of its receipt: kept, and never good news. */
  readonly isFutureDated: boolean;
}

export interface ObservationResult {
  /** The status it would have had as a request of its own. */
  readonly status: number;
  readonly body?: ObservationAnswer;
  /** The refusal it would have got. */
  readonly problem?: ProblemBody;
}

export interface ObservationResults {
  /** In the order of the request. */
  readonly items: ObservationResult[];
}

export interface ObservationView {
  readonly id: ObservationId;
  readonly corridorId: CorridorId;
  readonly segmentId: SegmentId;
  readonly seen: Watch;
  readonly condition: Condition;
  readonly passability: Observation['passability'];
  readonly roadLookedAt: boolean;
  readonly observedAt: Instant;
  readonly enteredAt: Instant | null;
  readonly sentAt: Instant | null;
  readonly receivedAt: Instant;
  readonly isFutureDated: boolean;
  readonly isTrusted: boolean;
  readonly provenance: Provenance;
}

export interface ObservationList {
  readonly items: ObservationView[];
  /** Null on the last page. */
  readonly next: string | null;
}
