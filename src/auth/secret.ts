import { createHash, randomBytes } from 'node:crypto';

/** A session token or one-time code: 256 random bits as 43 characters that are safe in a header, a cookie and a link. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function isSecret(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** What the database keeps of a secret. A fast hash is right here: nobody guesses 256 bits. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
