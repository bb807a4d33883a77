import { join } from 'node:path';
import { Api } from '../../src/cli/play/api.js';
import type { Account as PlayingAccount } from '../../src/cli/play/commands.js';
import { countryFinder } from '../../src/cli/play/countries.js';
import { readHistory, type History } from '../../src/cli/play/history.js';
import { Player } from '../../src/cli/play/player.js';
import { NOTHING_SYNTHETIC, type Synthetic } from '../../src/cli/play/synthetic.js';
import type { CorridorId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { newOrganisation, signedIn, type Account } from './accounts.js';
import { startServer, type TestServer } from './server.js';

export const DATA = join(import.meta.dirname, '..', '..', 'data');
export const UKRAINE_2022 = readHistory(join(DATA, 'ukraine-2022'));

/** What is played, and over which line. */
interface Script {
  readonly history: History;
  readonly synthetic?: Synthetic;
  /** Another way to the server. */
  readonly url?: string;
  /** Aborted: the player stops at once, wherever it is. */
  readonly signal?: AbortSignal;
}

/** A server with the accounts that play a history. */
export interface Stage extends TestServer {
  readonly coordinator: Account;
  readonly tokens: Readonly<Record<PlayingAccount, string>>;
  /** Ids of the people behind them, and of their organisation. */
  readonly people: readonly string[];
  /** What the server refused to the players. */
  readonly refused: readonly string[];
  readonly player: (script: Script) => Player;
  readonly read: <Answer>(path: string) => Promise<Answer>;
}

export async function startStage(options: { readonly startsAt: string; readonly watched?: readonly CorridorId[] }): Promise<Stage> {
  const server = await startServer({ startsAt: options.startsAt as Instant });
  const organisationId = await newOrganisation(server.app);
  const first = await signedIn(server.app, 'coordinator', { organisationId });
  const second = await signedIn(server.app, 'coordinator', { organisationId });
  const reports = await signedIn(server.app, 'observer', { organisationId });
  const team = await signedIn(server.app, 'field_lead', { organisationId, corridorIds: options.watched ?? [] });
  const assessor = await signedIn(server.app, 'ordnance_assessor', { organisationId });
  const tokens = { first: first.token, second: second.token, reports: reports.token, team: team.token, assessor: assessor.token };
  const refused: string[] = [];
  return {
    ...server,
    coordinator: first,
    tokens,
    people: [organisationId, ...[first, second, reports, team, assessor].map((account) => account.personId)],
    refused,
    player: ({ history, synthetic = NOTHING_SYNTHETIC, url = server.url, signal = new AbortController().signal }) =>
      new Player(new Api(url, tokens, signal), {
        history,
        synthetic,
        countryOf: countryFinder(join(DATA, 'basemap')),
        onRefused: (refusal) => refused.push(refusal.message),
      }),
    read: async (path) => {
      const response = await fetch(`${server.url}${path}`, { headers: first.headers });
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
      return (await response.json()) as never;
    },
  };
}
