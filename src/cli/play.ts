import { join } from 'node:path';
import { Api } from './play/api.js';
import type { Account } from './play/commands.js';
import { countryFinder } from './play/countries.js';
import { readHistory } from './play/history.js';
import { Player } from './play/player.js';
import { NOTHING_SYNTHETIC, readSynthetic } from './play/synthetic.js';

/**
 * `node dist/src/cli/play.js`: plays a history on an exercise server, as a client of /v1 like any other (docs/history-player.md).
 * Settings come by the environment, since tokens have no place on a command line: PLAY_URL, PLAY_TOKENS (JSON: account → token),
 * PLAY_HISTORY and PLAY_SYNTHETIC (folders), PLAY_BEGIN (what came before is fed by steps), PLAY_RATE.
 */
async function play(signal: AbortSignal): Promise<void> {
  const url = need('PLAY_URL');
  const api = new Api(url, JSON.parse(need('PLAY_TOKENS')) as Partial<Record<Account, string>>, signal);
  const synthetic = process.env['PLAY_SYNTHETIC'];
  const player = new Player(api, {
    history: readHistory(need('PLAY_HISTORY')),
    synthetic: synthetic === undefined ? NOTHING_SYNTHETIC : readSynthetic(synthetic),
    countryOf: countryFinder(join(import.meta.dirname, '..', '..', '..', 'data', 'basemap')),
    onRefused: (refused) => process.stderr.write(`the player was refused: ${refused.message}\n`),
  });
  const begin = process.env['PLAY_BEGIN'];
  await player.catchUp();
  if (begin !== undefined && Date.parse((await api.clock()).now) < Date.parse(begin)) await player.step(begin);
  await player.begin(Number(process.env['PLAY_RATE'] ?? 60));
  await player.follow();
}

function need(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing`);
  return value;
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
  process.on(signal, () => {
    stopping.abort();
  });
}
await play(stopping.signal).catch((error: unknown) => {
  if (stopping.signal.aborted) return;
  process.stderr.write(`the player stopped: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
