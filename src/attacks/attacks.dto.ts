import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { PageQuery } from '../auth/people.dto.js';
import type { attackAsSeen } from '../domain/as-seen.js';
import {
  ATTACK_TYPES,
  CASUALTY_STATUSES,
  CREDIBILITIES,
  DISCOUNTS,
  RELIABILITIES,
  TARGET_TYPES,
  VERIFICATIONS,
  type Attack,
  type AttackType,
  type Casualties,
  type Grade,
  type TargetType,
  type Verification,
} from '../domain/attack.js';
import { MODES, PROVENANCES, type Mode, type Provenance } from '../domain/corridor.js';
import type { Position } from '../domain/geometry.js';
import type { AttackId, CommandId, CorridorId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { GradeAttack } from '../domain/report.js';
import type { LocalDate, Zone } from '../domain/zone.js';
import {
  IsBox,
  IsCorridorRef,
  IsDay,
  IsId,
  IsName,
  IsNotBelow,
  IsPart,
  IsPosition,
  IsText,
  IsTime,
  IsZone,
  MayBeLeftOut,
} from '../platform/body-fields.js';

export class AttackPlaceBody {
  @IsOptional() @IsName() readonly name?: string | null;
  @IsPosition() readonly position!: Position;
  /** Radius of the circle in which it happened, km. Over 5 km it is "fire near, place uncertain". */
  @IsNumber() @Min(0) @Max(1_000) readonly precisionKm!: number;
}

/** A range; no `max`: no upper figure. */
export class CountBody {
  @IsInt() @Min(0) @Max(1_000_000) readonly min!: number;
  @IsOptional() @IsInt() @Min(0) @Max(1_000_000) @IsNotBelow('min') readonly max?: number | null;
}

/** Each count left out: not stated, which is not zero. */
export class CasualtiesBody {
  @IsOptional() @IsPart(() => CountBody) readonly killed?: CountBody | null;
  @IsOptional() @IsPart(() => CountBody) readonly injured?: CountBody | null;
  @IsOptional() @IsPart(() => CountBody) readonly childrenKilled?: CountBody | null;
  @IsOptional() @IsPart(() => CountBody) readonly childrenInjured?: CountBody | null;
  @IsOptional() @IsPart(() => CountBody) readonly missing?: CountBody | null;
  /** Of the people hit; left out: unknown. */
  @IsOptional() @IsIn(CASUALTY_STATUSES) readonly status?: Casualties['status'] | null;
}

export class ReportAttackBody {
  /** Made by the sender; it becomes the id of the attack. The same id with the same body is the same report, however often it arrives. */
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsName() readonly externalId?: string | null;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(ATTACK_TYPES.length) @ArrayUnique() @IsIn(ATTACK_TYPES, { each: true }) readonly types!: [
    AttackType,
    ...AttackType[],
  ];
  /** The modes it was about; left out: all. */
  @IsOptional() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MODES.length) @ArrayUnique() @IsIn(MODES, { each: true }) readonly modes?:
    Mode[] | null;
  /** Left out: no place is known; then only the named corridors are touched. */
  @IsOptional() @IsPart(() => AttackPlaceBody) readonly place?: AttackPlaceBody | null;
  /** When it happened. A time ahead of its receipt is kept, flagged, and counts from its receipt. */
  @IsOptional() @IsTime() readonly occurredAt?: Instant | null;
  /** When only the day is known. */
  @IsOptional() @IsDay() readonly occurredOn?: LocalDate | null;
  /** Zone of the day; left out: the zone of the first corridor named, else UTC. */
  @IsOptional() @IsZone() readonly zone?: Zone | null;
  /** The corridors that the report names. Others are found by its place. */
  @IsOptional() @IsArray() @ArrayMaxSize(100) @ArrayUnique() @IsCorridorRef({ each: true }) readonly corridorIds?: string[] | null;
  @IsOptional() @IsArray() @ArrayMaxSize(TARGET_TYPES.length) @ArrayUnique() @IsIn(TARGET_TYPES, { each: true }) readonly targets?:
    TargetType[] | null;
  @IsOptional() @IsPart(() => CasualtiesBody) readonly casualties?: CasualtiesBody | null;
  /** Where the word comes from: reports with the same origin count as one. Left out: the sender. */
  @IsOptional() @IsName() readonly originGroup?: string | null;
  @IsOptional() @IsIn(PROVENANCES) readonly provenance?: Provenance | null;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class GradeBody {
  /** Of the source, A (reliable) to E; F: not judged. */
  @IsIn(RELIABILITIES) readonly reliability!: Grade['reliability'];
  /** Of the information, 1 (confirmed) to 5 (improbable); 6: not judged. */
  @IsIn(CREDIBILITIES) readonly credibility!: Grade['credibility'];
}

function isGradable(word: Verification): word is GradeAttack['verification'] {
  return word !== 'discounted' && word !== 'withdrawn';
}

export class GradeAttackBody {
  @IsId() readonly commandId!: CommandId;
  @IsPart(() => GradeBody) readonly grade!: GradeBody;
  /** What takes a report out of the dangers is a discount or a retraction. */
  @IsIn(VERIFICATIONS.filter(isGradable)) readonly verification!: GradeAttack['verification'];
  @IsOptional() @IsText() readonly note?: string | null;
}

export class CorroborateAttackBody {
  @IsId() readonly commandId!: CommandId;
  /** The independent second origin. */
  @IsName() readonly originGroup!: string;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class DiscountAttackBody {
  @IsId() readonly commandId!: CommandId;
  @IsIn(DISCOUNTS) readonly effect!: Exclude<Attack['discount'], null>;
  /** Left out: every corridor that it touches and on which the sender decides. */
  @MayBeLeftOut()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsCorridorRef({ each: true })
  readonly corridorIds?: string[];
  @IsText() readonly reason!: string;
}

export class RetractAttackBody {
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsText() readonly reason?: string | null;
}

export class ReviseCountsBody {
  @IsId() readonly commandId!: CommandId;
  @IsPart(() => CasualtiesBody) readonly casualties!: CasualtiesBody;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class ListAttacksQuery extends PageQuery {
  /** Attacks that touch this corridor. */
  @MayBeLeftOut() @IsCorridorRef() readonly corridorId?: string;
  /** Received at or after. */
  @MayBeLeftOut() @IsTime() readonly since?: Instant;
  /** `west,south,east,north` in degrees; west > east crosses the antimeridian. */
  @MayBeLeftOut() @IsBox() readonly bbox?: string;
}

/** What a decision on an attack answers: which corridors it touches as far as the sender may see them. */
export interface AttackAnswer {
  readonly commandId: CommandId;
  /** Log time. */
  readonly recordedAt: Instant;
  readonly attackId: AttackId;
  readonly version: number;
  readonly corridorIds: CorridorId[];
}

type Seen = NonNullable<ReturnType<typeof attackAsSeen>>;

/** An attack as the reader may see it: members that they may not see are absent, places are exact or coarsened to a grid. */
export interface AttackView {
  readonly id: AttackId;
  readonly version: number;
  readonly types: AttackType[];
  readonly receivedAt: Instant;
  readonly zone: Zone;
  readonly verification?: Verification;
  readonly isDiscounted: boolean;
  readonly isRetracted: boolean;
  readonly provenance: Provenance;
  readonly place?: Seen['place'];
  readonly occurredAt?: Instant | null;
  readonly occurredOn?: LocalDate | null;
  /** What its age is counted from. */
  readonly countsFrom?: Instant;
  readonly isFutureDated?: boolean;
  readonly isAuthenticated?: boolean;
  readonly externalId?: string | null;
  readonly modes?: Mode[] | null;
  readonly targets?: TargetType[];
  readonly casualties?: Seen['casualties'];
  readonly touches?: Seen['touches'];
  readonly grade?: Seen['grade'];
}

export interface AttackList {
  readonly items: AttackView[];
  /** Null on the last page. */
  readonly next: string | null;
}
