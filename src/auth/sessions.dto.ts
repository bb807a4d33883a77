import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, ValidateIf } from 'class-validator';
import type { Permission, Role } from '../domain/permission.js';
import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './passwords.js';
import { CARRIERS, type Carrier } from './session.js';

/** Either a one-time code, or a sign-in name with its password. */
export class SignInBody {
  @IsOptional() @IsString() @Length(1, 100) readonly code?: string;
  @ValidateIf((body: SignInBody) => body.code === undefined) @IsString() @Length(1, 200) readonly signInName?: string;
  @ValidateIf((body: SignInBody) => body.code === undefined) @IsString() @Length(1, PASSWORD_MAX_LENGTH) readonly password?: string;
  /** `bearer`: the answer carries the token. `cookie`: the answer sets an HttpOnly cookie and no page ever sees the token. */
  @IsIn(CARRIERS) readonly carrier!: Carrier;
}

export class SetPasswordBody {
  /** Left out only by who has none yet, or has just signed in by a one-time code. */
  @IsOptional() @IsString() @Length(1, PASSWORD_MAX_LENGTH) readonly currentPassword?: string;
  @IsString() @Length(PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH) readonly newPassword!: string;
}

export class SignedInPersonView {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  readonly displayName!: string;
  readonly role!: Role;
}

export class OwnOrganisationView {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  readonly name!: string;
}

export class CurrentSessionView {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  readonly carrier!: Carrier;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  /** Ends then at the latest; earlier after 12 hours without use. */
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
  readonly person!: SignedInPersonView;
  readonly organisation!: OwnOrganisationView;
  /** Assigned (field roles) or shared (partners). */
  @ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' } }) readonly corridorIds!: string[];
  /** What this role may ever do; each object is asked for itself. */
  readonly permissions!: Permission[];
}

export class SignedInView extends CurrentSessionView {
  /** Only for `bearer`, and only here: send it as `Authorization: Bearer`. */
  readonly token?: string;
}

export class SessionView {
  @ApiProperty({ format: 'uuid' }) readonly id!: string;
  readonly carrier!: Carrier;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly lastUsedAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly expiresAt!: string;
  readonly isCurrent!: boolean;
}

export class SessionList {
  readonly items!: SessionView[];
  /** Null on the last page. */
  readonly next!: string | null;
}
