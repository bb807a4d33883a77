// `npm run bench`: every table, one after another, on one PostgreSQL that really waits for the disk. `npm run bench -- writes` prints one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../dist/src/platform/embedded-postgres.js';
import * as burst from './burst.mjs';
import * as idle from './idle.mjs';
import * as screens from './screens.mjs';
import { startSubjects } from './subjects.mjs';
import * as writes from './writes.mjs';

const TABLES = { writes, screens, burst, idle };

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in TABLES));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: there are ${Object.keys(TABLES).join(', ')}`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'safe-passage-bench-'));
const postgres = await startEmbeddedPostgres({ folder });
const subjects = [];
try {
  subjects.push(...(await startSubjects(postgres)));
  for (const [name, table] of Object.entries(TABLES)) {
    if (asked.length === 0 || asked.includes(name)) await table.run({ subjects, postgres });
  }
} finally {
  for (const subject of subjects) await subject.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
