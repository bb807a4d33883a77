import type { Instant } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';

export type SessionId = string & { readonly __brand: 'SessionId' };

/** How the token travels: in `Authorization: Bearer` (programs) or in an HttpOnly cookie (pages). */
export const CARRIERS = ['bearer', 'cookie'] as const;
export type Carrier = (typeof CARRIERS)[number];

/** What its person showed: a password, a one-time code, or nothing (`server`: a program of ours that runs inside). */
export const SIGN_INS = ['password', 'code', 'server'] as const;
export type SignedInBy = (typeof SIGN_INS)[number];

/** One sign-in that is alive, with the rights its person has now. */
export interface Session {
  readonly id: SessionId;
  readonly actor: Actor;
  readonly carrier: Carrier;
  readonly signedInBy: SignedInBy;
  readonly createdAt: Instant;
  /** Absolute end, in real time; 12 hours without use end it earlier. */
  readonly expiresAt: Instant;
}

/** The longest that a team in the field should be out of reach of a sign-in. */
export const ABSOLUTE_LIFETIME_MS = 72 * 3_600_000;
