import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from '../../src/cli/play/api.js';
import { idOf } from '../../src/cli/play/commands.js';
import { countryFinder } from '../../src/cli/play/countries.js';
import { readHistory } from '../../src/cli/play/history.js';
import { Player } from '../../src/cli/play/player.js';
import { NOTHING_SYNTHETIC } from '../../src/cli/play/synthetic.js';
import type { Board, BoardAttack, BoardWindow } from '../../src/domain/board.js';
import { parseInstant, type Instant } from '../../src/domain/instant.js';
import type { Display, Status } from '../../src/domain/status.js';
import { parseZone, wallClock, type Zone } from '../../src/domain/zone.js';
import { newOrganisation, signedIn, type Account } from '../support/accounts.js';
import { startServer, type TestServer } from '../support/server.js';

const DATA = join(import.meta.dirname, '..', '..', 'data');
const HISTORY = join(DATA, 'ukraine-2022');

interface Check {
  readonly case: number;
  readonly title: string;
  readonly corridor: string | null;
  readonly at: string;
  readonly asKnown: 'then' | 'now';
  readonly allowed?: readonly Display[];
  readonly forbidden?: readonly Display[];
  readonly reasons?: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly later?: boolean;
}
interface AsOf {
  readonly asKnown: {
    readonly then: Board;
    readonly now: { readonly attacks: readonly BoardAttack[]; readonly windows: readonly BoardWindow[] };
  };
}

const history = readHistory(HISTORY);
const { checks } = JSON.parse(readFileSync(join(HISTORY, 'acceptance.json'), 'utf8')) as { readonly checks: readonly Check[] };
const now = checks.filter((check) => check.later !== true);

let server: TestServer;
let first: Account;
const then = new Map<Check, AsOf>();
const refused: string[] = [];
let played = { events: 0, seconds: 0 };

beforeAll(async () => {
  server = await startServer({ startsAt: '2022-02-26T00:00:00.000Z' as Instant });
  const organisationId = await newOrganisation(server.app);
  first = await signedIn(server.app, 'coordinator', { organisationId });
  const second = await signedIn(server.app, 'coordinator', { organisationId });
  const reports = await signedIn(server.app, 'observer', { organisationId });
  const api = new Api(server.url, { first: first.token, second: second.token, reports: reports.token });
  const player = new Player(api, {
    history,
    synthetic: NOTHING_SYNTHETIC,
    countryOf: countryFinder(join(DATA, 'basemap')),
    onRefused: (refusal) => refused.push(refusal.message),
  });
  const startedAt = performance.now();
  await player.step('2023-06-30T00:00:00Z');
  played = { events: 0, seconds: (performance.now() - startedAt) / 1000 };
  const [{ count }] = (await server.database.asOwner<{ count: string }>('SELECT count(*)::text AS count FROM events')) as [
    { count: string },
  ];
  played = { events: Number(count), seconds: played.seconds };
  process.stdout.write(`the whole history: ${String(played.events)} events in ${played.seconds.toFixed(1)} s\n`);
  const boards = new Map<string, AsOf>();
  for (const check of now) {
    const asOf = boards.get(check.at) ?? (await read<AsOf>(`/v1/board?asOf=${check.at}`));
    boards.set(check.at, asOf);
    then.set(check, asOf);
  }
}, 900_000);
afterAll(async () => {
  await server.end();
});

async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, { headers: first.headers });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

describe('the history of 2022, played through the doors', () => {
  it('is fed without one refusal', () => {
    expect(refused).toEqual([]);
    expect(played.events).toBeGreaterThan(history.records.length);
  });

  it.each(
    now.map(
      (check, index) =>
        [
          `${String(index + 1)}. case ${String(check.case)}, ${check.at} ${check.corridor ?? ''} as known ${check.asKnown}: ${check.title}`,
          check,
        ] as const,
    ),
  )('%s', (_name, check) => {
    const asOf = then.get(check);
    if (asOf === undefined) throw new Error('not read');
    const status = check.corridor === null ? null : statusOf(asOf, check.corridor);
    if (check.allowed !== undefined) expect(check.allowed).toContain(status?.display);
    for (const word of check.forbidden ?? []) expect(status?.display).not.toBe(word);
    for (const named of check.reasons ?? []) expect(JSON.stringify(status?.reasons)).toContain(named);
    for (const [key, expected] of Object.entries(check.facts ?? {})) {
      const fact = FACTS[key];
      // Numbers of people moved come with movements, an issue of its own.
      if (fact === 'movements come later') continue;
      if (fact === undefined) throw new Error(`no reading of the fact ${key}`);
      expect({ [key]: fact({ asOf, check, status, expected }) }).toEqual({ [key]: expected });
    }
  });
});

interface Asked {
  readonly asOf: AsOf;
  readonly check: Check;
  readonly status: Status | null;
  readonly expected: unknown;
}
type Fact = (asked: Asked) => unknown;

function statusOf({ asKnown }: AsOf, corridor: string): Status | null {
  return (asKnown.then.corridors[idOf(corridor) as never]?.status ?? null) as Status | null;
}

function attemptWindow({ asOf, status }: Asked): BoardWindow | undefined {
  const id = status?.attempt?.windowId;
  return id == null ? undefined : asOf.asKnown.then.windows[id];
}

/** What the check asks as known now: then, and what has been entered since. */
function known({ asOf, check }: Asked): { readonly attacks: readonly BoardAttack[]; readonly windows: readonly BoardWindow[] } {
  const { then: before, now: since } = asOf.asKnown;
  const [attacks, windows] = [Object.values(before.attacks), Object.values(before.windows)];
  return check.asKnown === 'then'
    ? { attacks, windows }
    : { attacks: [...since.attacks, ...attacks], windows: [...since.windows, ...windows] };
}

function attackOf(asked: Asked, id: string): BoardAttack | undefined {
  return known(asked).attacks.find((attack) => attack.id === idOf(id));
}

function short(instants: readonly Instant[] | undefined): readonly string[] {
  return (instants ?? []).map((instant) => instant.replace('.000Z', 'Z'));
}

function outcomeOf(asked: Asked, window: string): string | null {
  return known(asked).windows.find((candidate) => candidate.id === idOf(window))?.outcome ?? null;
}

const FACTS: Readonly<Record<string, Fact | 'movements come later'>> = {
  attemptWindow: (asked) => attemptWindow(asked)?.externalId ?? null,
  claimedStarts: ({ status }) => short(status?.window?.startClaims),
  claimedEnds: ({ status }) => short(status?.window?.endClaims),
  startShown: ({ status }) => (status?.window?.startClaims.length === 0 ? 'not stated' : 'stated'),
  startLocal: ({ status }) => wallClock(status?.window?.startClaims[0] as Instant, status?.window?.zone as Zone).time,
  zone: ({ status }) => parseZone(status?.window?.zone ?? ''),
  lifecycle: ({ status }) => status?.attempt?.lifecycle,
  basis: ({ status }) => status?.window?.basis ?? null,
  stance: ({ status }) => status?.stance,
  consents: ({ status }) => Object.fromEntries((status?.consents ?? []).map(({ party, consent }) => [party, consent])),
  holds: ({ status, expected }) => (expected as readonly string[]).filter((why) => status?.holds.some((hold) => hold.reason === why)),
  holdModes: ({ status }) => [...new Set(status?.holds.flatMap((hold) => hold.modes ?? []))],
  modes: ({ status, expected }) =>
    Object.fromEntries(Object.keys(expected as object).map((mode) => [mode, status?.passability[mode as never]])),
  flags: ({ status, expected }) => (expected as readonly string[]).filter((flag) => status?.beside.some((note) => note.code === flag)),
  flagsAbsent: ({ status, expected }) =>
    (expected as readonly string[]).filter((flag) => !status?.beside.some((note) => note.code === flag)),
  // A list of ways out holds supported corridors only, and none whose destination lies abroad.
  inListOfWaysOut: ({ status }) => status?.stance === 'supported',
  protectionAlarm: ({ status }) => status?.beside.some((note) => note.code === 'protection_alarm'),
  outcome: (asked) => {
    const { window: id } = asked.expected as { window: string };
    const window = known(asked).windows.find((candidate) => candidate.id === idOf(id));
    return { window: id, outcome: window?.outcome, violationKind: window?.violationKind };
  },
  outcomes: (asked) => Object.fromEntries(Object.keys(asked.expected as object).map((window) => [window, outcomeOf(asked, window)])),
  windowCancelled: (asked) => {
    const window = known(asked).windows.find((candidate) => candidate.id === idOf(asked.expected as string));
    return window?.cancelledAt == null ? null : window.externalId;
  },
  contradictions: (asked) =>
    (asked.expected as readonly string[]).filter((id) => {
      const window = known(asked).windows.find((candidate) => candidate.id === idOf(id));
      return window?.claims?.some((claim) => claim.about === 'announcement');
    }),
  violationsOf: (asked) =>
    Object.fromEntries(
      Object.keys(asked.expected as object).map((id) => [
        id,
        known(asked).windows.find((window) => window.id === idOf(id))?.violationCount,
      ]),
    ),
  // No member of an attack or a window holds one.
  partyStatedAsGuilty: (asked) => JSON.stringify(known(asked)).includes('"perpetrator"'),
  precisionKm: (asked) => newestAttack(asked)?.place?.precisionKm,
  drawnAs: (asked) => ((newestAttack(asked)?.place?.precisionKm ?? 0) > 5 ? 'area' : 'circle'),
  counts: (asked) => {
    const { incident } = asked.expected as { incident: string };
    const casualties = attackOf(asked, incident)?.casualties;
    const civilians = casualties?.status === 'combatant' ? { killedCivilians: 0 } : {};
    const all: Readonly<Record<string, unknown>> = {
      incident,
      killed: casualties?.killed,
      injured: casualties?.injured,
      childrenInjured: casualties?.childrenInjured?.max,
      status: casualties?.status,
      ...civilians,
    };
    return Object.fromEntries(Object.keys(asked.expected as object).map((key) => [key, all[key]]));
  },
  attack: (asked) => {
    const { id } = asked.expected as { id: string };
    const attack = attackOf(asked, id);
    const all: Readonly<Record<string, unknown>> = {
      id: attack === undefined ? null : id,
      occurredAt: instantText(attack?.occurredAt ?? attack?.countsFrom),
      occurredOn: attack?.occurredOn,
      recordedAt: instantText(attack?.recordedAt),
      grade: attack?.grade === undefined ? undefined : `${String(attack.grade.reliability)}${String(attack.grade.credibility)}`,
      verified: attack?.verification === 'confirmed' || attack?.verification === 'corroborated',
    };
    return Object.fromEntries(Object.keys(asked.expected as object).map((key) => [key, all[key]]));
  },
  attacksAbsent: (asked) => (asked.expected as readonly string[]).filter((id) => attackOf(asked, id) === undefined),
  routesAnnouncedOfDay: (asked) => {
    const { date } = asked.expected as { date: string };
    const standing = known(asked).windows.filter((window) => window.cancelledAt === null && isOn(window, date));
    return { date, value: new Set(standing.flatMap((window) => window.corridorIds ?? [])).size };
  },
  movement: 'movements come later',
  peopleMovedShown: 'movements come later',
};

function newestAttack(asked: Asked): BoardAttack | undefined {
  const id = idOf(asked.check.corridor ?? '');
  return known(asked)
    .attacks.filter((attack) => attack.touches?.some((touch) => touch.corridorId === id))
    .toSorted((a, b) => (a.recordedAt < b.recordedAt ? 1 : -1))[0];
}

function isOn(window: BoardWindow, date: string): boolean {
  return (window.claims ?? []).some(({ edge }) => {
    if (edge?.kind === 'day') return edge.date === date;
    return (
      edge?.kind === 'instant' && edge.at !== undefined && wallClock(parseInstant(edge.at) as Instant, window.zone as Zone).date === date
    );
  });
}

function instantText(instant: Instant | null | undefined): string | undefined {
  return instant?.replace('.000Z', 'Z');
}
