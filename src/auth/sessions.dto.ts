import { IsIn, IsString, Length, ValidateIf } from 'class-validator';
import type { CorridorId, OrganisationId, PersonId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { Permission, Role } from '../domain/permission.js';
import { MayBeLeftOut } from '../platform/body-fields.js';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './passwords.js';
import { CARRIERS, type Carrier, type SessionId } from './session.js';

/** Either a one-time code, or a sign-in name with its password. */
export class SignInBody {
  @MayBeLeftOut() @IsString() @Length(1, 100) readonly code?: string;
  @ValidateIf(isAsked) @IsString() @Length(1, 200) readonly signInName?: string;
  @ValidateIf(isAsked) @IsString() @Length(1, PASSWORD_MAX_LENGTH) readonly password?: string;
  /** `bearer`: the answer carries the token. `cookie`: the answer sets an HttpOnly cookie and no page ever sees the token. */
  @IsIn(CARRIERS) readonly carrier!: Carrier;
}

function isAsked(body: SignInBody, given: unknown): boolean {
  return body.code === undefined || given !== undefined;
}

export class SetPasswordBody {
  /** Left out only by who has none yet, or has just signed in by a one-time code. */
  @MayBeLeftOut() @IsString() @Length(1, PASSWORD_MAX_LENGTH) readonly currentPassword?: string;
  @IsString() @Length(PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH) readonly newPassword!: string;
}

export interface SignedInPersonView {
  readonly id: PersonId;
  readonly displayName: string;
  readonly role: Role;
}

export interface OwnOrganisationView {
  readonly id: OrganisationId;
  readonly name: string;
}

export interface CurrentSessionView {
  readonly id: SessionId;
  readonly carrier: Carrier;
  readonly createdAt: Instant;
  /** Ends then at the latest; earlier after 12 hours without use. */
  readonly expiresAt: Instant;
  readonly person: SignedInPersonView;
  readonly organisation: OwnOrganisationView;
  /** Assigned (field roles) or shared (partners). */
  readonly corridorIds: CorridorId[];
  /** What this role may ever do; each object is asked for itself. */
  readonly permissions: Permission[];
}

export interface SignedInView extends CurrentSessionView {
  /** Only for `bearer`, and only here: send it as `Authorization: Bearer`. */
  readonly token?: string;
}

export interface SessionView {
  readonly id: SessionId;
  readonly carrier: Carrier;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly expiresAt: Instant;
  readonly isCurrent: boolean;
}

export interface SessionList {
  readonly items: SessionView[];
  /** Null on the last page. */
  readonly next: string | null;
}
