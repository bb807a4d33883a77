import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';

/** A place in one group's stream. */
export interface Place {
  readonly epoch: string;
  readonly seq: number;
  /** Eight bytes that stand for the group (audience and filter), hexadecimal. */
  readonly group: string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PLAIN_BYTES = 16 + 8 + 8;
const SEALED_BYTES = NONCE_BYTES + PLAIN_BYTES + TAG_BYTES;

/**
 * Cursors: opaque, of fixed length, and deterministic, so that equal places are equal strings on every process and a cursor tells
 * neither how many events there are nor how many were hidden. AES-256-GCM; the nonce is an HMAC of the place itself, so that the same
 * nonce never meets another text. Bound to epoch and group: another audience's cursor does not open.
 */
export class Cursors {
  private readonly cipherKey: Buffer;
  private readonly nonceKey: Buffer;

  constructor(key: Buffer) {
    this.cipherKey = Buffer.from(hkdfSync('sha256', key, '', 'cursor cipher', 32));
    this.nonceKey = Buffer.from(hkdfSync('sha256', key, '', 'cursor nonce', 32));
  }

  seal(place: Place): string {
    const plain = Buffer.alloc(PLAIN_BYTES);
    plain.write(place.epoch.replaceAll('-', ''), 0, 'hex');
    plain.writeBigUInt64BE(BigInt(place.seq), 16);
    plain.write(place.group, 24, 'hex');
    const nonce = createHmac('sha256', this.nonceKey).update(plain).digest().subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.cipherKey, nonce);
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** @returns null for anything that we did not make */
  open(cursor: string): Place | null {
    if (!/^[A-Za-z0-9_-]{80}$/.test(cursor)) return null;
    const sealed = Buffer.from(cursor, 'base64url');
    if (sealed.length !== SEALED_BYTES) return null;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.cipherKey, sealed.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      const epoch = plain.subarray(0, 16).toString('hex');
      return {
        epoch: `${epoch.slice(0, 8)}-${epoch.slice(8, 12)}-${epoch.slice(12, 16)}-${epoch.slice(16, 20)}-${epoch.slice(20)}`,
        seq: Number(plain.readBigUInt64BE(16)),
        group: plain.subarray(24).toString('hex'),
      };
    } catch {
      return null;
    }
  }
}

/** The eight bytes that stand for a group in its cursors. */
export function groupMark(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
