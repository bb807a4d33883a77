import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHistory, type HistoryRecord } from '../../src/cli/play/history.js';
import { eventually } from '../support/eventually.js';
import { DATA, startStage, type Stage } from '../support/playing.js';

const BEGIN = '2022-03-04T22:00:00Z';
const END = '2022-05-06T16:00:00Z';
/** Agreements, a seizure with a stop, two cancellations, windows that wait for the one before them. */
const DAYS = /^2022-(03-05|03-22|04-21|05-0[456])/;
const PLAY = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'play.js');

let folder: string;
let undisturbed: readonly string[];

beforeAll(async () => {
  folder = historyOf(DAYS);
  const stage = await startStage({ startsAt: BEGIN });
  await stage.player({ history: readHistory(folder) }).step(END);
  undisturbed = await logOf(stage);
  await stage.end();
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a player that dies', () => {
  let stage: Stage;
  let line: Server;
  /** What has reached the server once; the player dies before it hears the answer. */
  const done = new Set<string>();
  let cut = new AbortController();
  beforeAll(async () => {
    stage = await startStage({ startsAt: BEGIN });
    line = lineTo(stage.url, (key) => {
      if (done.has(key)) return false;
      done.add(key);
      cut.abort();
      return true;
    });
    line.listen(0, '127.0.0.1');
    await once(line, 'listening');
  });
  afterAll(async () => {
    line.close();
    await stage.end();
  });

  it('after each of its steps leaves the same log as one that never did', async () => {
    const url = `http://127.0.0.1:${String((line.address() as AddressInfo).port)}`;
    const live = async (): Promise<boolean> => {
      cut = new AbortController();
      const player = stage.player({ history: readHistory(folder), url, signal: cut.signal });
      try {
        await player.catchUp();
        await player.step(END);
        return true;
      } catch (error) {
        if (!cut.signal.aborted) throw error;
        return false;
      }
    };
    let lives = 1;
    while (!(await live())) lives += 1;
    expect(await logOf(stage)).toEqual(undisturbed);
    expect(lives).toBe(done.size + 1);
    expect(stage.refused).toEqual([]);
  }, 180_000);
});

describe('a player process that is killed', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ startsAt: BEGIN });
  });
  afterAll(() => stage.end());

  it('again and again leaves the same log as one that never was', async () => {
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
      await playUntil(() => hasLogged(stage, share * undisturbed.length));
    }
    await playUntil(() => isRunning(stage));
    expect(await logOf(stage)).toEqual(undisturbed);
  }, 120_000);

  /** Starts the player as the demo does, and kills it when the condition holds. */
  async function playUntil(condition: () => Promise<void>): Promise<void> {
    const player = fork(PLAY, {
      stdio: 'ignore',
      env: {
        ...process.env,
        PLAY_URL: stage.url,
        PLAY_TOKENS: JSON.stringify(stage.tokens),
        PLAY_HISTORY: folder,
        PLAY_BEGIN: END,
        PLAY_RATE: '0.1',
      },
    });
    const ended = once(player, 'exit');
    try {
      await eventually(condition, { withinMs: 60_000 });
    } finally {
      player.kill('SIGKILL');
      await ended;
    }
  }
});

/** Some days of the history as a folder of its own; the window of 6 May is cancelled while it waits. */
function historyOf(days: RegExp): string {
  const target = mkdtempSync(join(tmpdir(), 'safe-passage-history-'));
  for (const file of ['corridors.json', 'player-map.json'])
    writeFileSync(join(target, file), readFileSync(join(DATA, 'ukraine-2022', file)));
  const records = readFileSync(join(DATA, 'ukraine-2022', 'timeline.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryRecord)
    .filter((record) => days.test(record.at))
    .map(cancelledWhileItWaits);
  writeFileSync(join(target, 'timeline.ndjson'), records.map((record) => JSON.stringify(record)).join('\n'));
  return target;
}

function cancelledWhileItWaits(record: HistoryRecord): HistoryRecord {
  if (record.type !== 'window_outcome' || record.payload.window_id !== 'w-20220506-azovstal') return record;
  return { ...record, at: '2022-05-05T12:00:00Z', payload: { ...record.payload, outcome: 'cancelled', violation_kind: null } };
}

/** A way to the server on which an answer gets lost when `isLost` says so of what was asked. */
function lineTo(url: string, isLost: (key: string) => boolean): Server {
  return createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const onward = request(`${url}${asked.url ?? ''}`, { method: asked.method, headers: asked.headers }, (answered) => {
        if (asked.method !== 'GET' && isLost(keyOf(asked.url ?? '', body))) {
          answer.destroy();
          answered.resume();
          return;
        }
        answer.writeHead(answered.statusCode ?? 502, answered.headers);
        answered.pipe(answer);
      });
      onward.end(body);
    });
  });
}

/** A touch of the clock is told by where it goes, since its commandId is new each time. */
function keyOf(path: string, body: Buffer): string {
  const { commandId, to, at } = JSON.parse(body.toString()) as { readonly commandId: string; readonly to?: string; readonly at?: string };
  return `${path} ${to ?? at ?? commandId}`;
}

/** The log up to the end, without what chance gives: codes, ids of texts, people. At one instant the order between things is free. */
async function logOf(stage: Stage): Promise<readonly string[]> {
  const rows = await stage.database.asOwner<{ at: string; type: string; id: string; version: number; body: string }>(
    `SELECT recorded_at::text AS at, type, entity_id::text AS id, version, body FROM events WHERE recorded_at <= $1`,
    [END],
  );
  const people = new Set(stage.people);
  const given = (key: string, value: unknown): unknown =>
    ['code', 'textId', 'digest'].includes(key) || people.has(value as string) ? undefined : value;
  return rows.map(({ body, ...row }) => JSON.stringify({ ...row, body: JSON.parse(body, given) as unknown })).sort();
}

async function hasLogged(stage: Stage, count: number): Promise<void> {
  expect((await logOf(stage)).length).toBeGreaterThanOrEqual(count);
}

async function isRunning(stage: Stage): Promise<void> {
  expect(await stage.read('/v1/exercise/clock')).toMatchObject({ isPaused: false });
}
