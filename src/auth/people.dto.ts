import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayUnique, IsBoolean, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { IsId, IsName, MayBeLeftOut } from '../platform/body-fields.js';
import type { CommandId, CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import { GRANTABLE_ROLES, type Role } from '../domain/permission.js';

export class PageQuery {
  /** At most this many items. */
  @MayBeLeftOut() @Type(() => Number) @IsInt() @Min(1) @Max(500) readonly limit: number = 50;
  /** `next` of the page before. */
  @MayBeLeftOut() @Matches(/^[A-Za-z0-9_-]{22}$/) readonly cursor?: string;
}

export class ListPeopleQuery extends PageQuery {
  @MayBeLeftOut() @IsId() readonly organisationId?: OrganisationId;
}

export class RegisterOrganisationBody {
  /** Made by the sender; the new organisation's id as well. */
  @IsId() readonly commandId!: CommandId;
  @IsName() readonly name!: string;
}

export class ChangeOrganisationBody {
  @IsId() readonly commandId!: CommandId;
  @MayBeLeftOut() @IsName() readonly name?: string;
  /** False: all its people are signed out within 5 s, and can't sign in. */
  @MayBeLeftOut() @IsBoolean() readonly isActive?: boolean;
}

export class ShareCorridorsBody {
  @IsId() readonly commandId!: CommandId;
  /** All of your organisation's corridors that it may see from now on. */
  @ArrayMaxSize(1000) @ArrayUnique() @IsId({ each: true }) readonly corridorIds!: CorridorId[];
}

export class AddPersonBody {
  /** Made by the sender; the new person's id as well. */
  @IsId() readonly commandId!: CommandId;
  @IsId() readonly organisationId!: OrganisationId;
  @IsIn(GRANTABLE_ROLES) readonly role!: Role;
  /** An e-mail address or another name of their own; capitals don't matter. */
  @IsName() readonly signInName!: string;
  @IsName() readonly displayName!: string;
}

export class ChangePersonBody {
  @IsId() readonly commandId!: CommandId;
  @MayBeLeftOut() @IsIn(GRANTABLE_ROLES) readonly role?: Role;
  @MayBeLeftOut() @IsName() readonly displayName?: string;
  /** False: signed out within 5 s, everywhere. */
  @MayBeLeftOut() @IsBoolean() readonly isActive?: boolean;
}

export class AssignCorridorsBody {
  @IsId() readonly commandId!: CommandId;
  /** All the corridors of their organisation on which this person acts from now on. */
  @ArrayMaxSize(1000) @ArrayUnique() @IsId({ each: true }) readonly corridorIds!: CorridorId[];
}

export class IssueSignInCodeBody {
  /** Sent again, it makes a new code in the place of the lost one. */
  @IsId() readonly commandId!: CommandId;
  @MayBeLeftOut() @IsInt() @Min(5) @Max(7 * 24 * 60) readonly validMinutes: number = 24 * 60;
}

export interface OrganisationView {
  readonly id: OrganisationId;
  readonly name: string;
  readonly isActive: boolean;
  /** Corridors that its partners may see. */
  readonly sharedCorridorIds: CorridorId[];
  readonly version: number;
  readonly createdAt: Instant;
}

export interface OrganisationList {
  readonly items: OrganisationView[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface PersonView {
  readonly id: PersonId;
  readonly organisationId: OrganisationId;
  readonly role: Role;
  readonly signInName: string;
  readonly displayName: string;
  readonly hasPassword: boolean;
  readonly isActive: boolean;
  /** Assigned; they count for field roles only. */
  readonly corridorIds: CorridorId[];
  readonly version: number;
  readonly createdAt: Instant;
}

export interface PersonList {
  readonly items: PersonView[];
  /** Null on the last page. */
  readonly next: string | null;
}

export interface PersonNameView {
  readonly id: PersonId;
  readonly displayName: string;
}

export interface PersonNameList {
  readonly items: PersonNameView[];
}

export interface SignInCodeView {
  /** On the address of this server. Give it to the person alone: it opens a page whose button signs in; once, and before `expiresAt`. */
  readonly link: string;
  readonly expiresAt: Instant;
}
