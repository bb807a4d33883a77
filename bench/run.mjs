// `npm run bench`: every table, one after another, on one PostgreSQL that really waits for the disk. `npm run bench -- writes` prints one.
// Needs Linux: it reads /proc, and connects from many addresses of 127.0.0.0/8.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as burst from './burst.mjs';
import { startPostgres } from './child.mjs';
import * as history from './history.mjs';
import * as idle from './idle.mjs';
import * as screens from './screens.mjs';
import * as start from './start.mjs';
import { startSubjects } from './subjects.mjs';
import * as writes from './writes.mjs';

/** Ours beside the neighbour and the floor; memory first, while the servers are as they started. */
const COMPARED = { idle, writes, screens, burst };
/** Ours alone. */
const ALONE = { history, start };

const names = Object.keys({ ...COMPARED, ...ALONE });
const asked = process.argv.length > 2 ? process.argv.slice(2) : names;
if (asked.some((name) => !names.includes(name))) {
  console.error(`There are these tables: ${names.join(', ')}`);
  process.exit(1);
}
const wanted = (tables) => Object.entries(tables).flatMap(([name, table]) => (asked.includes(name) ? [table] : []));

const folder = mkdtempSync(join(tmpdir(), 'safe-passage-bench-'));
const postgres = await startPostgres(folder);
const subjects = [];
try {
  if (wanted(COMPARED).length > 0) subjects.push(...(await startSubjects(postgres)));
  for (const table of wanted(COMPARED)) await table.run({ subjects, postgres });
  for (const subject of subjects) await subject.stop();
  for (const table of wanted(ALONE)) await table.run({ postgres });
} finally {
  for (const subject of subjects) await subject.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
