// The whole history of 2022, played through /v1 in order of time as the acceptance tests play it: one request after another, as two
// coordinators and one who reports, on an exercise database whose clock is stepped from one instant to the next.
import { join } from 'node:path';
import pg from 'pg';
import { Api } from '../dist/src/cli/play/api.js';
import { countryFinder } from '../dist/src/cli/play/countries.js';
import { readHistory } from '../dist/src/cli/play/history.js';
import { Player } from '../dist/src/cli/play/player.js';
import { NOTHING_SYNTHETIC } from '../dist/src/cli/play/synthetic.js';
import { SERVER_FLAGS } from '../scripts/server-flags.mjs';
import { cpuMs, startServer } from './child.mjs';
import { number, printTable } from './figures.mjs';
import { ourDatabase, signInPeople } from './subjects.mjs';

const DATA = join(import.meta.dirname, '..', 'data');
const ENDS_AT = '2023-06-30T00:00:00Z';

export async function run({ postgres }) {
  const env = await ourDatabase(postgres, 'history');
  const server = await startServer([...SERVER_FLAGS, 'dist/src/main.js', '--no-demo'], { ...env, PORT: '0', LOG_LEVEL: 'warn' });
  try {
    const [first, second, reports] = await signInPeople(server.port, env, ['coordinator', 'coordinator', 'observer']);
    const history = readHistory(join(DATA, 'ukraine-2022'));
    const player = new Player(new Api(`http://127.0.0.1:${server.port}`, { first, second, reports }), {
      history,
      synthetic: NOTHING_SYNTHETIC,
      countryOf: countryFinder(join(DATA, 'basemap')),
      onRefused: (refusal) => console.error(`refused: ${refusal.message}`),
    });
    const [startedAt, cpuBefore] = [performance.now(), cpuMs(server.pid)];
    await player.step(ENDS_AT);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuSeconds = (cpuMs(server.pid) - cpuBefore) / 1000;
    const events = await countEvents(env);
    printTable(
      'The whole history through the doors',
      ['records', 'events', 'seconds', 'server CPU s', 'events/s'],
      [[history.records.length, number(events), number(seconds, 1), number(cpuSeconds, 1), number(events / seconds)]],
    );
  } finally {
    await server.stop();
  }
}

async function countEvents({ DATABASE_OWNER_URL: connectionString }) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS count FROM events');
  await client.end();
  return rows[0].count;
}
