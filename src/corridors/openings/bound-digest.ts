import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Dossier } from '../../domain/dossier.js';
import { boundContent } from '../../domain/opening.js';

/** SHA-256 of what decides, as canonical JSON: what the requester saw, and what the approval is held against. */
export function boundDigest(dossier: Dossier): string {
  return createHash('sha256')
    .update(canonicalJson(boundContent(dossier)))
    .digest('hex');
}
