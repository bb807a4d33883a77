import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import type { attackAsSeen } from '../domain/as-seen.js';
import type { BoardEvent, SeenBody, SeenStatus } from '../domain/audience.js';
import {
  DIRECTIONS,
  EXPOSURES,
  GEOMETRY_KINDS,
  MODES,
  PROVENANCES,
  PURPOSES,
  STANCES,
  WATCHES,
  type Attempt,
  type Corridor,
  type Direction,
  type Exposure,
  type GeometryKind,
  type Mode,
  type OpeningRequest,
  type Party,
  type Provenance,
  type Purpose,
  type Stance,
  type Watch,
} from '../domain/corridor.js';
import { PageQuery } from '../auth/people.dto.js';
import type { Dossier } from '../domain/dossier.js';
import type { Position } from '../domain/geometry.js';
import type { CommandId, CorridorCode, CorridorId, OrganisationId, SegmentId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { BoundContent } from '../domain/opening.js';
import { DISPLAYS, type Display } from '../domain/status.js';
import type { LocalDate, Zone } from '../domain/zone.js';
import {
  IsCorridorRef,
  IsCountry,
  IsDay,
  IsId,
  IsLine,
  IsName,
  IsPart,
  IsParty,
  IsPosition,
  IsText,
  IsZone,
  MayBeLeftOut,
} from '../platform/body-fields.js';

export class PlaceBody {
  @IsName() readonly name!: string;
  @IsPosition() readonly position!: Position;
  /** Radius of the circle in which the place lies, km. */
  @IsNumber() @Min(0) @Max(1_000) readonly precisionKm!: number;
}

export class SegmentBody {
  /** Made by the sender; keeps its meaning when the route changes. */
  @IsId() readonly id!: SegmentId;
  @IsName() readonly name!: string;
  /** In the order of travel. */
  @IsLine() readonly line!: Position[];
  /** Width of the road and its verges, metres. */
  @IsNumber() @Min(0) @Max(10_000) readonly widthM!: number;
  /** How it is watched. Only `manned_post`, `passage` and `seen_from` refresh evidence. */
  @IsIn(WATCHES) readonly watch!: Watch;
  /** `line`: front line or crossing; `fire_risk`: under fire risk; `quiet`. */
  @IsIn(EXPOSURES) readonly exposure!: Exposure;
  /** The party that controls it, or `contested`, `no_mans_land`, `unknown`. */
  @IsParty() readonly control!: string;
  @IsInt() @Min(0) @Max(100) readonly checkpoints!: number;
}

export class DeclareCorridorBody {
  /** Made by the sender; it becomes the id of the corridor. The same id with the same body is the same command, however often it arrives. */
  @IsId() readonly commandId!: CommandId;
  /** The record's name in the sender's own list. */
  @IsOptional() @IsName() readonly externalId?: string | null;
  @IsName() readonly name!: string;
  @IsIn(DIRECTIONS) readonly direction!: Direction;
  @IsIn(PURPOSES) readonly purpose!: Purpose;
  @IsZone() readonly zone!: Zone;
  /** Country it starts in. */
  @IsCountry() readonly country!: string;
  /** Country of the destination; left out: not known. */
  @IsOptional() @IsCountry() readonly destinationCountry?: string | null;
  /** The party to the conflict, or its ally, under whose control the destination lies; left out: none, or not known. */
  @IsOptional() @IsParty() readonly destinationParty?: Party | null;
  @IsPart(() => PlaceBody) readonly origin!: PlaceBody;
  @IsOptional() @IsPart(() => PlaceBody) readonly destination?: PlaceBody | null;
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsPart(() => PlaceBody, { each: true }) readonly via?: PlaceBody[] | null;
  /** Who declared it, as printed. */
  @IsArray() @ArrayMaxSize(20) @IsName({ each: true }) readonly declaredBy!: string[];
  /** Parties that control a segment or can hit it. Facilitators are not parties. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(20) @ArrayUnique() @IsParty({ each: true }) readonly relevantParties!: Party[];
  @IsArray() @ArrayMaxSize(MODES.length) @ArrayUnique() @IsIn(MODES, { each: true }) readonly permittedModes!: Mode[];
  /** `schematic`: the lines join named places and are not the road. */
  @IsIn(GEOMETRY_KINDS) readonly geometryKind!: GeometryKind;
  /** In the order of travel. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(100) @IsPart(() => SegmentBody, { each: true }) readonly segments!: SegmentBody[];
  @IsOptional() @IsArray() @ArrayMaxSize(20) @ArrayUnique() @IsCorridorRef({ each: true }) readonly alternativeIds?: string[] | null;
  /** `history` and `synthetic` say so wherever the record shows. */
  @IsOptional() @IsIn(PROVENANCES) readonly provenance?: Provenance | null;
}

export class ChangeRouteBody {
  @IsId() readonly commandId!: CommandId;
  @IsIn(GEOMETRY_KINDS) readonly geometryKind!: GeometryKind;
  /** The whole new route, in the order of travel. Segments that stay keep their id. */
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(100) @IsPart(() => SegmentBody, { each: true }) readonly segments!: SegmentBody[];
  @IsArray() @ArrayMaxSize(MODES.length) @ArrayUnique() @IsIn(MODES, { each: true }) readonly permittedModes!: Mode[];
}

/** A step that needs no more than a reason. */
export class DecisionBody {
  @IsId() readonly commandId!: CommandId;
  @IsOptional() @IsText() readonly reason?: string | null;
}

export class ListCorridorsQuery extends PageQuery {
  @MayBeLeftOut() @IsIn(STANCES) readonly stance?: Stance;
  @MayBeLeftOut() @IsIn(DISPLAYS) readonly display?: Display;
  @MayBeLeftOut() @IsIn(PURPOSES) readonly purpose?: Purpose;
  @MayBeLeftOut() @IsIn(DIRECTIONS) readonly direction?: Direction;
  /** Corridors named by a window that covers this day, in the window's zone. */
  @MayBeLeftOut() @IsDay() readonly windowDay?: LocalDate;
  @MayBeLeftOut() @IsName() readonly externalId?: string;
}

export class HistoryQuery {
  /** `next` of the page before. */
  @MayBeLeftOut() @IsName() readonly cursor?: string;
  @MayBeLeftOut() @Type(() => Number) @IsInt() @Min(1) @Max(500) readonly limit: number = 50;
}

/** What a decision on a corridor answers: when it was recorded, and what the corridor shows now. */
export interface CorridorAnswer {
  readonly commandId: CommandId;
  /** Log time. */
  readonly recordedAt: Instant;
  readonly corridorId: CorridorId;
  /** For radio and SMS; in the answer to a declaration. */
  readonly code?: CorridorCode;
  readonly version: number;
  readonly status: SeenStatus | null;
}

type Declared = SeenBody<'CorridorDeclared'>;

/** A corridor as the reader may see it: members that they may not see are absent. */
export interface CorridorView {
  readonly id: CorridorId;
  readonly version: number;
  /** For radio and SMS, accepted wherever the id is. */
  readonly code: CorridorCode;
  readonly name: string;
  readonly organisationId: OrganisationId;
  readonly direction: Direction;
  readonly purpose: Purpose;
  readonly zone: Zone;
  readonly country: string;
  readonly destinationCountry: string | null;
  readonly permittedModes: Mode[];
  readonly geometryKind: GeometryKind;
  readonly provenance: Provenance;
  readonly stance: Stance;
  readonly externalId?: string | null;
  readonly destinationParty?: Party | null;
  readonly origin?: Declared['origin'];
  readonly destination?: Declared['destination'];
  readonly via?: Declared['via'];
  readonly declaredBy?: string[];
  readonly relevantParties?: Party[];
  readonly segments?: Declared['segments'];
  readonly alternativeIds?: CorridorId[];
  /** The word that is shown, its reasons, and until when it holds; null before the first. */
  readonly status: SeenStatus | null;
}

export interface CorridorList {
  readonly items: CorridorView[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** An open request repeats the whole content that it is bound to; here its digest is enough. */
export type DossierCorridor = Omit<Corridor, 'attempt'> & {
  readonly attempt:
    (Omit<Attempt, 'openingRequests'> & { readonly openingRequests: readonly Omit<OpeningRequest, 'boundContent'>[] }) | null;
};

export interface DossierView {
  /** Of the corridor; `If-Match` of an approval. */
  readonly version: number;
  readonly corridor: DossierCorridor;
  readonly window: Dossier['window'];
  readonly otherWindows: Dossier['otherWindows'];
  /** Without who reported them, or after whom. */
  readonly attacks: NonNullable<ReturnType<typeof attackAsSeen>>[];
  readonly evidence: Dossier['evidence'];
  readonly status: SeenStatus | null;
  /** What an opening would be bound to now. */
  readonly boundContent: BoundContent;
  /** SHA-256 of the canonical JSON of `boundContent`. */
  readonly boundDigest: string;
  /** The free texts that it refers to, by their id; erased ones are absent. */
  readonly texts: Record<string, string>;
}

export interface CorridorHistory {
  readonly items: BoardEvent[];
  /** The free texts that the items refer to, by their id; erased ones are absent. */
  readonly texts: Record<string, string>;
  /** Null when there is no more yet. */
  readonly next: string | null;
}
