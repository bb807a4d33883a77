import { Injectable } from '@nestjs/common';
import { createCipheriv, createDecipheriv, createHmac, randomBytes, scryptSync } from 'node:crypto';
import { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import type { TextRef } from '../domain/event.js';
import type { PersonId, TextId } from '../domain/ids.js';
import { readSetting } from '../platform/settings.js';

/** A free text on its way to `erasable_texts`, in the transaction of the fact that refers to it. */
export interface TextDraft {
  readonly textId: TextId;
  readonly subjectId: PersonId;
  readonly sealed: Buffer;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Free text never lies in the log. It is sealed (AES-256-GCM) under the key of its subject, who wrote it; the log has its id and an HMAC
 * under the same key. Destroying the key erases the text and the meaning of the digest, and the chain still verifies.
 * An erased subject never gets a new key by itself: texts after that are refused.
 */
@Injectable()
export class Texts {
  private readonly keys = new Map<PersonId, Buffer>();
  private readonly wrapping: Buffer | null;

  constructor(private readonly database: DataSource) {
    const secret = readSetting(process.env, 'KEY_SECRET');
    this.wrapping = secret === undefined ? null : scryptSync(secret, 'safe-passage subject keys', 32);
  }

  /** Seals a text for the log. Makes the subject's key when it has none yet. */
  async draft(content: string, subjectId: PersonId): Promise<{ readonly ref: TextRef; readonly draft: TextDraft }> {
    const key = await this.keyOf(subjectId);
    const textId = v7() as TextId;
    const digest = createHmac('sha256', key).update(content).digest('base64url');
    return { ref: { textId, digest }, draft: { textId, subjectId, sealed: seal(key, content, textId) } };
  }

  /** The same for a text that may be left out. */
  async draftIfAny(content: string | null | undefined, subjectId: PersonId): Promise<Awaited<ReturnType<Texts['draft']>> | null> {
    return content == null ? null : this.draft(content, subjectId);
  }

  /** The texts that still can be read; erased ones are absent. */
  async read(ids: readonly TextId[]): Promise<Readonly<Record<TextId, string>>> {
    if (ids.length === 0) return {};
    const rows = await this.database.query<{ id: TextId; sealed: Buffer; wrapped: Buffer | null }[]>(
      `SELECT t.id, t.sealed, k.wrapped FROM erasable_texts t JOIN subject_keys k USING (subject_id) WHERE t.id = ANY($1)`,
      [ids],
    );
    const readable = rows.filter((row) => row.wrapped !== null);
    return Object.fromEntries(readable.map((row) => [row.id, open(this.unwrap(row.wrapped as Buffer), row.sealed, row.id)]));
  }

  /** Forgets a subject: their texts can never be read again. */
  async erase(subjectId: PersonId): Promise<void> {
    await this.database.query(`UPDATE subject_keys SET wrapped = NULL, erased_at = now() WHERE subject_id = $1 AND wrapped IS NOT NULL`, [
      subjectId,
    ]);
    this.keys.delete(subjectId);
  }

  private async keyOf(subjectId: PersonId): Promise<Buffer> {
    const known = this.keys.get(subjectId);
    if (known !== undefined) return known;
    await this.database.query(`INSERT INTO subject_keys (subject_id, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
      subjectId,
      this.wrap(randomBytes(32)),
    ]);
    const [row] = await this.database.query<{ wrapped: Buffer | null }[]>(`SELECT wrapped FROM subject_keys WHERE subject_id = $1`, [
      subjectId,
    ]);
    if (row?.wrapped == null) throw new Error(`subject ${subjectId} was erased`);
    const key = this.unwrap(row.wrapped);
    this.keys.set(subjectId, key);
    return key;
  }

  private wrap(key: Buffer): Buffer {
    return this.wrapping === null ? key : seal(this.wrapping, key.toString('base64'), 'subject key');
  }

  private unwrap(wrapped: Buffer): Buffer {
    return this.wrapping === null ? wrapped : Buffer.from(open(this.wrapping, wrapped, 'subject key'), 'base64');
  }
}

/** The texts that a value refers to, wherever in it. */
export function textIdsIn(value: unknown): readonly TextId[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('textId' in value && typeof value.textId === 'string') return [value.textId as TextId];
  return Object.values(value).flatMap(textIdsIn);
}

function seal(key: Buffer, content: string, label: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
  return Buffer.concat([nonce, cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, sealed: Buffer, label: string): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(label));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
}
