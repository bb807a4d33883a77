import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Board } from '../../src/domain/board.js';
import { addMs, HOUR_MS, type Instant } from '../../src/domain/instant.js';
import { declared, newCell, type Cell, type Declared } from '../support/api.js';
import { NINE_MARCH } from '../support/database.js';
import { startServer, type TestServer } from '../support/server.js';

let server: TestServer;
let cell: Cell;
let way: Declared;
beforeAll(async () => {
  server = await startServer();
  cell = await newCell(server);
  way = await declared(cell.first);
});
afterAll(() => server.end());

interface AsKnown {
  readonly then: Board;
  readonly now: { readonly attacks: readonly { readonly id: string }[]; readonly windows: readonly unknown[] };
}
const asOf = async (instant: Instant, more = ''): Promise<AsKnown> =>
  (await cell.first.get(`/v1/board?asOf=${instant}${more}`)).body.asKnown as AsKnown;
const boardNow = async (): Promise<Board> => (await cell.first.get('/v1/board')).body.board as Board;
const goTo = (instant: Instant) => cell.first.post('/v1/exercise/clock/steps', { to: instant });
const strike = (occurredAt: Instant) =>
  cell.first.post('/v1/attacks', {
    types: ['shelling_artillery_mortar'],
    place: { position: [35.28, 47.44], precisionKm: 0.2 },
    occurredAt,
  });

describe('the board as of an instant', () => {
  it('is the board that was seen then, whatever is asked at once and written meanwhile', async () => {
    const seen = new Map<Instant, Board>();
    for (let hour = 1; hour <= 6; hour += 1) {
      const at = addMs(NINE_MARCH, hour * HOUR_MS);
      await goTo(at);
      await strike(addMs(at, -1));
      await cell.first.post(`${way.path}/holds`, { reason: 'crowd' });
      seen.set(at, await boardNow());
    }
    await goTo(addMs(NINE_MARCH, 7 * HOUR_MS));
    const asked = [...seen.keys(), ...seen.keys()].map((at) => asOf(at));
    const written = Array.from({ length: 5 }, () => cell.first.post(`${way.path}/holds`, { reason: 'weather' }));
    const boards = (await Promise.all(asked)).map(({ then }) => then);
    expect(boards).toEqual([...seen.values(), ...seen.values()]);
    expect((await Promise.all(written)).map(({ status }) => status)).toEqual(Array(5).fill(201));
    expect((await asOf(addMs(NINE_MARCH, 8 * HOUR_MS))).then).toEqual(await boardNow());
  });

  it('tells apart what was known then and what has been entered since about it', async () => {
    const at = addMs(NINE_MARCH, 9 * HOUR_MS);
    await goTo(at);
    await goTo(addMs(at, HOUR_MS));
    const { body } = await strike(addMs(at, -HOUR_MS)); // entered an hour after the instant, about an hour before it
    const late = body.attackId as string;
    const known = await asOf(at);
    expect(known.then.attacks).not.toHaveProperty(late);
    expect(known.now.attacks.map(({ id }) => id)).toEqual([late]);
    expect((await asOf(addMs(at, HOUR_MS))).then.attacks).toHaveProperty(late);
  });

  it('takes the same filter as the board of now', async () => {
    const other = await declared(cell.second, { name: 'Another way' });
    const { then } = await asOf(addMs(NINE_MARCH, 24 * HOUR_MS), `&corridorIds=${other.id}&kinds=corridor`);
    expect(Object.keys(then.corridors)).toEqual([other.id]);
    expect(then.corridors[other.id]?.status).toBeNull();
    expect([then.windows, then.attacks]).toEqual([{}, {}]);
  });

  it('is for the cell alone', async () => {
    const field = await cell.as('field_lead', [way.id]);
    const { status, body } = await field.get(`/v1/board?asOf=${NINE_MARCH}`);
    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});
