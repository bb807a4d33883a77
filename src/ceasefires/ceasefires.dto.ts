import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsOptional, ValidateIf } from 'class-validator';
import { PageQuery } from '../auth/people.dto.js';
import type { windowAsSeen } from '../domain/as-seen.js';
import { PROVENANCES, type Party, type Provenance } from '../domain/corridor.js';
import type { CommandId, CorridorId, OrganisationId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import {
  BASES,
  CLAIM_ABOUT,
  CONSENTS,
  OUTCOMES,
  OUTCOME_VIOLATIONS,
  VIOLATION_KINDS,
  WINDOW_KINDS,
  type Basis,
  type Claim,
  type Consent,
  type Edge,
  type Outcome,
  type OutcomeViolation,
  type ViolationKind,
  type WindowKind,
} from '../domain/window.js';
import type { LocalDate, Zone } from '../domain/zone.js';
import { IsCorridorRef, IsDay, IsId, IsName, IsPart, IsParty, IsText, IsTime, IsZone, MayBeLeftOut } from '../platform/body-fields.js';

const EDGE_KINDS: readonly Edge['kind'][] = ['instant', 'day', 'not_stated'];

/** Start or end of a window, as somebody claims it. Never guessed: what was not stated is `not_stated`. */
export class EdgeBody {
  @IsIn(EDGE_KINDS) readonly kind!: Edge['kind'];
  /** For `instant`. */
  @ValidateIf((edge: EdgeBody) => edge.kind === 'instant' || edge.at !== undefined) @IsTime() readonly at?: Instant;
  /** For `day`: a day in the zone of the window. */
  @ValidateIf((edge: EdgeBody) => edge.kind === 'day' || edge.date !== undefined) @IsDay() readonly date?: LocalDate;
}

export class EndClaimBody {
  @IsPart(() => EdgeBody) readonly edge!: EdgeBody;
  /** Who says so. */
  @IsName() readonly claimedBy!: string;
  /** In whose words. */
  @IsOptional() @IsText() readonly wording?: string | null;
}

export class ClaimBody extends EndClaimBody {
  /** `announcement`: a statement that contradicts another; its edge is `not_stated`. */
  @IsIn(CLAIM_ABOUT) readonly about!: Claim['about'];
}

export class AnnounceWindowBody {
  /** Made by the sender; it becomes the id of the window. The same id with the same body is the same command, however often it arrives. */
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsName() readonly externalId?: string | null;
  @IsIn(WINDOW_KINDS) readonly kind!: WindowKind;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(200) @ArrayUnique() @IsCorridorRef({ each: true }) readonly corridorIds!: string[];
  @IsZone() readonly zone!: Zone;
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(20) @IsName({ each: true }) readonly announcedBy!: string[];
  @IsOptional() @IsIn(BASES) readonly basis?: Basis | null;
  @IsOptional() @IsArray() @ArrayMaxSize(20) @IsPart(() => ClaimBody, { each: true }) readonly claims?: ClaimBody[] | null;
  @IsOptional() @IsIn(PROVENANCES) readonly provenance?: Provenance | null;
}

export class MakeClaimBody {
  /** Made by the sender; it becomes the id of the claim. */
  @IsId() readonly commandId!: CommandId;
  @IsPart(() => ClaimBody) readonly claim!: ClaimBody;
}

export class RecordConsentBody {
  @IsId() readonly commandId!: CommandId;
  @IsParty() readonly party!: Party;
  @IsIn(CONSENTS) readonly consent!: Consent;
  /** Who said it for the party, on which line. */
  @IsOptional() @IsText() readonly voice?: string | null;
}

export class AnswerHotlineBody {
  @IsId() readonly commandId!: CommandId;
  @IsParty() readonly party!: Party;
}

export class SetBasisBody {
  @IsId() readonly commandId!: CommandId;
  /** Null: not known what it rests on. */
  @ValidateIf((body: SetBasisBody) => body.basis !== null) @IsIn(BASES) readonly basis!: Basis | null;
}

export class ExtendWindowBody {
  /** Made by the sender; it becomes the id of the claim. */
  @IsId() readonly commandId!: CommandId;
  /** The later end. */
  @IsPart(() => EndClaimBody) readonly claim!: EndClaimBody;
}

export class ShortenWindowBody {
  /** Made by the sender; it becomes the id of the claim. */
  @IsId() readonly commandId!: CommandId;
  /** The earlier end. */
  @IsPart(() => EndClaimBody) readonly claim!: EndClaimBody;
  @IsOptional() @IsText() readonly reason?: string | null;
}

/** A step that needs no more than a reason. */
export class WindowStepBody {
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsText() readonly reason?: string | null;
}

export class RecordViolationBody {
  /** Made by the sender; it becomes the id of the violation. */
  @IsId() readonly commandId!: CommandId;
  @IsIn(VIOLATION_KINDS) readonly kind!: ViolationKind;
  /** The corridors that were hit; the others of the window are held until reconfirmed. */
  @IsOptional() @IsArray() @ArrayMaxSize(200) @ArrayUnique() @IsCorridorRef({ each: true }) readonly hitCorridorIds?: string[] | null;
  @IsOptional() @IsText() readonly note?: string | null;
}

export class RecordOutcomeBody {
  @IsId() readonly commandId!: CommandId;
  @IsIn(OUTCOMES) readonly outcome!: Outcome;
  /** How it was violated. */
  @IsOptional() @IsIn(OUTCOME_VIOLATIONS) readonly violationKind?: OutcomeViolation | null;
  @IsOptional() @IsText() readonly detail?: string | null;
}

export class ListWindowsQuery extends PageQuery {
  @MayBeLeftOut() @IsCorridorRef() readonly corridorId?: string;
  /** Windows announced, or with an edge, on this day of their zone. */
  @MayBeLeftOut() @IsDay() readonly day?: LocalDate;
}

/** What a decision on a window answers. What it did to the corridors shows on the board at once. */
export interface WindowAnswer {
  readonly commandId: CommandId;
  /** Log time. */
  readonly recordedAt: Instant;
  readonly windowId: WindowId;
  readonly version: number;
}

type Seen = NonNullable<ReturnType<typeof windowAsSeen>>;

/** A window as the reader may see it: members that they may not see are absent. */
export interface WindowView {
  readonly id: WindowId;
  readonly version: number;
  readonly kind: WindowKind;
  readonly zone: Zone;
  /** Corridors of the window that the reader may see. */
  readonly corridorIds: CorridorId[];
  readonly announcedAt: Instant;
  readonly announcedBy?: string[];
  readonly externalId?: string | null;
  readonly organisationId?: OrganisationId;
  readonly basis?: Basis | null;
  readonly claims?: Seen['claims'];
  /** By party. */
  readonly consents?: Seen['consents'];
  readonly cancelledAt: Instant | null;
  readonly violations: Seen['violations'];
  readonly outcome: Seen['outcome'];
  readonly provenance: Provenance;
  /** Free texts of the window by their id, for its own organisation. */
  readonly texts?: Record<string, string>;
}

export interface WindowList {
  readonly items: WindowView[];
  /** Null on the last page. */
  readonly next: string | null;
}
