import { resolve } from 'node:path';
import { log } from './logging.js';
import { canReach, unprivileged } from './unprivileged.js';

const FOR_ROOT = '/var/lib/safe-passage';

/** Where the embedded PostgreSQL keeps its data: VAR_DIR, else `./var`, or where root's deputy can't reach that, a folder of the system. */
export function dataFolder({ VAR_DIR: chosen }: { readonly VAR_DIR?: string }): string {
  if (chosen !== undefined) return resolve(chosen);
  const beside = resolve('var');
  if (canReach(beside, unprivileged())) return beside;
  log.warn({ folder: FOR_ROOT }, `started as root, PostgreSQL runs as another user, who can't reach ${beside}: its data lies elsewhere`);
  return FOR_ROOT;
}
