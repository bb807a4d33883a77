import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { idOf } from '../../src/cli/play/commands.js';
import { readSynthetic } from '../../src/cli/play/synthetic.js';
import type { Board } from '../../src/domain/board.js';
import type { CorridorId } from '../../src/domain/ids.js';
import type { Display, Status } from '../../src/domain/status.js';
import { DATA, startStage, UKRAINE_2022, type Stage } from '../support/playing.js';

const BEGIN = '2022-03-08T21:00:00Z';
const WATCHED = ['ua-enerhodar-zaporizhzhia', 'ua-sumy-poltava', 'ua-bucha-cluster-kyiv'].map((id) => idOf(id) as CorridorId);

let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ startsAt: BEGIN, watched: WATCHED });
  // What came before this day is shown elsewhere; the attack of the 6th on the way from Bucha is part of this one.
  const records = UKRAINE_2022.records
    .filter((record) => record.at < '2022-03-10' && (record.at >= BEGIN || record.type === 'incident_reported'))
    .map((record) => (record.at < BEGIN ? { ...record, at: BEGIN } : record));
  const player = stage.player({
    history: { ...UKRAINE_2022, records },
    synthetic: readSynthetic(join(DATA, 'ukraine-2022-synthetic')),
  });
  await player.step('2022-03-09T20:30:00Z');
}, 600_000);
afterAll(() => stage.end());

async function statusAt(corridor: string, time: string): Promise<Status> {
  const { asKnown } = await stage.read<{ readonly asKnown: { readonly then: Board } }>(`/v1/board?asOf=2022-03-09T${time}:00Z`);
  return asKnown.then.corridors[idOf(corridor) as CorridorId]?.status as Status;
}

describe('the morning of the demo', () => {
  it('is fed without one refusal', () => {
    expect(stage.refused).toEqual([]);
  });

  it.each<[string, string, Display, string]>([
    ['ua-enerhodar-zaporizhzhia', '06:55', 'planned', 'starts_later'],
    ['ua-enerhodar-zaporizhzhia', '07:30', 'open', 'agreed_and_checked'],
    ['ua-enerhodar-zaporizhzhia', '11:00', 'open', 'agreed_and_checked'],
    ['ua-enerhodar-zaporizhzhia', '11:30', 'limited', 'some_modes_only'],
    ['ua-enerhodar-zaporizhzhia', '12:15', 'hold', 'last_departure_passed'],
    ['ua-enerhodar-zaporizhzhia', '19:30', 'closed', 'window_expired'],
    ['ua-sumy-poltava', '07:30', 'open', 'agreed_and_checked'],
    ['ua-sumy-poltava', '10:30', 'unknown', 'evidence_stale'],
    ['ua-sumy-poltava', '12:10', 'hold', 'hold'],
    ['ua-sumy-poltava', '12:40', 'suspended', 'suspended'],
    ['ua-bucha-cluster-kyiv', '07:30', 'limited', 'limit'],
    ['ua-bucha-cluster-kyiv', '10:30', 'limited', 'some_modes_only'],
    ['ua-demydiv-kyiv', '07:30', 'danger', 'danger'],
    ['ua-demydiv-kyiv', '10:30', 'suspended', 'older_danger'],
    ['ua-izium-lozova', '07:30', 'hold', 'not_yet_opened'],
  ])('%s at %sZ is %s because of %s', async (corridor, time, display, why) => {
    const status = await statusAt(corridor, time);
    expect({ display: status.display, reasons: status.reasons.map((reason) => reason.code) }).toEqual({
      display,
      reasons: expect.arrayContaining([why]) as unknown,
    });
  });

  it('keeps the green lights of Enerhodar fresh, so that who stopped it can open it again', async () => {
    const { consents } = await statusAt('ua-enerhodar-zaporizhzhia', '11:00');
    expect(consents.map(({ party, consent, since }) => [party, consent, since])).toEqual([
      ['ukraine', 'green_light', '2022-03-09T10:40:00.000Z'],
      ['russia', 'green_light', '2022-03-09T10:40:00.000Z'],
    ]);
  });

  it('says beside every word that rests on invented reports that it does', async () => {
    expect((await statusAt('ua-enerhodar-zaporizhzhia', '07:30')).beside.map((note) => note.code)).toContain('synthetic_reports');
    expect((await statusAt('ua-demydiv-kyiv', '07:30')).beside.map((note) => note.code)).not.toContain('synthetic_reports');
  });
});
