import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extendWindow, shortenWindow } from '../../src/domain/ceasefire.js';
import type { Mode } from '../../src/domain/corridor.js';
import { lastDeparture } from '../../src/domain/departure.js';
import type { CommandId, PersonId } from '../../src/domain/ids.js';
import { HOUR_MS, MINUTE_MS, addMs, msBetween, type Instant } from '../../src/domain/instant.js';
import { act, windowOf, type Act } from '../support/acts.js';
import {
  FIRST,
  K7,
  SECOND,
  WINDOW,
  at,
  claim,
  corridorDeclared,
  fact,
  hotlineAnswered,
  openCorridor,
  scheduledCorridor,
  segment,
  watched,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

/** The window is open from 07:00 to 19:00; buses and cars both need an hour where nothing else is said. */
const open = (...more: readonly Fact[]): History => given(...openCorridor(), ...more);

function slow(mode: Mode, slowMinutes: number): Fact {
  return fact('TransitTimeSet', at('08:50'), { corridorId: K7, mode, slowMinutes, basis: 'measured' });
}
function evening(times: { readonly lastLightAt?: Instant; readonly curfewFrom?: Instant }): Fact {
  return fact('LightAndCurfewSet', at('08:50'), { corridorId: K7, lastLightAt: null, curfewFrom: null, curfewTo: null, ...times });
}
function claimed(about: 'start' | 'end', time: string): Fact {
  return fact('ClaimMade', at('08:50'), { windowId: WINDOW, claim: claim(about, { kind: 'instant', at: at(time) }, 'russia') });
}
/** Seen and answered a few minutes before. */
function fresh(time: string): readonly Fact[] {
  return [...watched(at(time)), hotlineAnswered('ukraine', at(time)), hotlineAnswered('russia', at(time))];
}

describe('the last safe departure (1.5): the end − the slow transit − max(30 min, 20 %)', () => {
  const transits: readonly (readonly [number, string, string])[] = [
    [1, '18:29', '30 min are the least'],
    [60, '17:30', '30 min are the least'],
    [150, '16:00', '20 % are 30 min'],
    [151, '15:58:48', '20 % of 151 min are 30 min 12 s'],
    [300, '13:00', '20 % are an hour'],
  ];
  it.each(transits)('for a transit of %d min is at %s: %s', (slowMinutes, time) => {
    expect(lastDeparture(open(slow('bus', slowMinutes)).dossier, 'bus')).toBe(at(time));
  });

  const ends: readonly (readonly [string, readonly Fact[], string])[] = [
    ['the window’s end', [evening({ curfewFrom: at('19:01'), lastLightAt: at('19:01') })], '17:30'],
    ['the start of the curfew, where that comes first', [evening({ curfewFrom: at('18:00'), lastLightAt: at('18:30') })], '16:30'],
    ['the last light, where that comes first', [evening({ curfewFrom: at('18:30'), lastLightAt: at('17:45') })], '16:15'],
    ['the earliest end that anybody claims', [claimed('end', '16:00')], '14:30'],
  ];
  it.each(ends)('counts back from %s', (_what, facts, time) => {
    expect(lastDeparture(open(...facts).dossier, 'bus')).toBe(at(time));
  });

  it('leaves everybody the transit and its margin before each of the three, whatever they are', () => {
    const instant = fc.integer({ min: 0, max: 16 * 60 }).map((minutes) => addMs(at('07:00'), minutes * MINUTE_MS));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), instant, instant, (slowMinutes, curfewFrom, lastLightAt) => {
        const { dossier } = open(slow('bus', slowMinutes), evening({ curfewFrom, lastLightAt }));
        const leaves = lastDeparture(dossier, 'bus') as Instant;
        for (const mustBeOutBy of [at('19:00'), curfewFrom, lastLightAt]) {
          const left = msBetween(leaves, mustBeOutBy) - slowMinutes * MINUTE_MS;
          expect(left).toBeGreaterThanOrEqual(30 * MINUTE_MS);
          expect(left).toBeGreaterThanOrEqual(0.2 * slowMinutes * MINUTE_MS - 1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('can’t be worked out without an attempt, or where no end is known as an instant', () => {
    expect(lastDeparture(given(corridorDeclared()).dossier, 'bus')).toBeNull();
    const noEnd = openCorridor().map((known) =>
      known.body.type === 'WindowAnnounced' ? { ...known, body: { ...known.body, claims: known.body.claims.slice(0, 1) } } : known,
    );
    const history = given(...noEnd, evening({ curfewFrom: at('18:00') }));
    expect(lastDeparture(history.dossier, 'bus')).toBeNull();
    expect(history.statusAt(at('09:00'))).toMatchObject({ display: 'hold', lastDepartureAt: null });
  });
});

describe('an unknown transit (1.5): 25 km/h and 30 min for each checkpoint are shown, and never OPEN', () => {
  /** 25 km along the equator, where a degree of longitude is 111.3195 km: an hour at 25 km/h. */
  const anHourAway = (checkpoints: number): History => {
    const line = [
      [0, 0],
      [25 / 111.3195, 0],
    ] as const;
    const facts = openCorridor({ segments: [segment({ line, checkpoints })], permittedModes: ['bus'] });
    return given(...facts.filter(({ body }) => body.type !== 'TransitTimeSet'));
  };

  const columns: readonly (readonly [number, string])[] = [
    [0, '17:30'], // 60 min, margin 30
    [1, '17:00'], // 90 min, margin 30
    [3, '16:00'], // 150 min, margin 30
    [6, '14:12'], // 240 min, margin 48
  ];
  it.each(columns)('with %d checkpoints, an hour of road: at %s', (checkpoints, time) => {
    const guessed = lastDeparture(anHourAway(checkpoints).dossier, 'bus') as Instant;
    expect(Math.abs(msBetween(at(time), guessed))).toBeLessThan(1_000);
  });

  it('is UNKNOWN until people say how long it takes', () => {
    expect(anHourAway(1).statusAt(at('09:00'))).toMatchObject({
      display: 'unknown',
      reasons: [{ code: 'transit_time_missing', inputs: { mode: 'bus' } }],
    });
    expect(anHourAway(1).and(slow('bus', 90)).statusAt(at('09:00')).display).toBe('open');
  });

  it('overridden by an opening is LIMITED, with an end', () => {
    const until = at('10:00');
    const overridden = openCorridor()
      .filter(({ body }) => body.type !== 'TransitTimeSet')
      .map((known) => {
        const overrides = (['bus', 'car'] as const).map((subject) => ({ what: 'transit_time' as const, subject, until }));
        return known.body.type === 'CorridorOpened' ? { ...known, body: { ...known.body, overrides } } : known;
      });
    const history = given(...overridden, ...fresh('09:45'));
    expect(history.statusAt(at('09:59')).display).toBe('limited');
    expect(history.statusAt(until).display).toBe('unknown');
  });

  it('of nobody in particular is guessed too: a corridor without a permitted mode is never OPEN', () => {
    const nobody = given(...openCorridor({ permittedModes: [] }));
    expect(nobody.statusAt(at('09:00'))).toMatchObject({ display: 'unknown', reasons: [{ code: 'transit_time_missing' }] });
    expect(lastDeparture(nobody.dossier, null)).not.toBeNull();
  });
});

describe('row 8, each mode by itself', () => {
  const slowBuses = [...openCorridor(), slow('bus', 240)]; // buses until 14:12, cars until 17:30

  it('goes to HOLD at its last departure, to the millisecond', () => {
    const history = given(...slowBuses, ...fresh('14:00'));
    const wordOf = (mode: Mode, now: Instant): string | undefined =>
      history.statusAt(now).modes.find((found) => found.mode === mode)?.display;
    expect([wordOf('bus', at('14:11:59.999')), wordOf('bus', at('14:12'))]).toEqual(['open', 'hold']);
    expect(wordOf('car', at('14:12'))).toBe('open');
  });

  it('then leaves the corridor LIMITED to the others', () => {
    expect(given(...slowBuses, ...fresh('14:00')).statusAt(at('14:12'))).toMatchObject({
      display: 'limited',
      reasons: [
        { code: 'some_modes_only', inputs: { modes: 'car' } },
        { code: 'last_departure_passed', inputs: { mode: 'bus', lastDepartureAt: at('14:12') } },
      ],
    });
  });

  it('“time left” is that of the first usable mode to go', () => {
    expect(given(...slowBuses, ...fresh('14:00')).statusAt(at('14:11')).lastDepartureAt).toBe(at('14:12'));
    expect(given(...slowBuses, ...fresh('14:00')).statusAt(at('14:12')).lastDepartureAt).toBe(at('17:30'));
  });

  it('holds the word no longer than until the last departure', () => {
    expect(given(...slowBuses, ...fresh('14:00')).statusAt(at('14:05')).validUntil).toBe(at('14:12'));
  });

  it('says “window too short for buses” where it lies before the start', () => {
    // 19:00 − 10 h − 2 h is the start itself.
    const passed = open(slow('bus', 600)).statusAt(at('09:00'));
    expect(passed.reasons).toContainEqual(expect.objectContaining({ code: 'last_departure_passed', modes: ['bus'] }));
    const tooShort = open(slow('bus', 601)).statusAt(at('09:00'));
    expect(tooShort).toMatchObject({
      display: 'limited',
      reasons: [{ code: 'some_modes_only' }, { code: 'window_too_short', modes: ['bus'] }],
    });
  });

  it('shows it already while the start lies ahead', () => {
    const scheduled = given(
      ...scheduledCorridor(),
      fact('TransitTimeSet', at('06:50'), { corridorId: K7, mode: 'bus', slowMinutes: 900, basis: 'estimated' }),
    );
    expect(scheduled.statusAt(at('06:55'))).toMatchObject({ display: 'planned' });
    expect(scheduled.statusAt(at('06:55')).modes.find(({ mode }) => mode === 'bus')?.lastDepartureAt).toBe(at('01:00'));
  });
});

describe('another end of the window', () => {
  const edge = (time: string): { edge: { kind: 'instant'; at: Instant }; claimedBy: string; wording: null } => ({
    edge: { kind: 'instant', at: at(time) },
    claimedBy: 'russia',
    wording: null,
  });
  const shorten = (time: string): Act => act(FIRST, (dossier, step) => shortenWindow(windowOf(dossier), { ...step, claim: edge(time) }));
  const extend = (time: string, approvedBy: PersonId | null): Act =>
    act(FIRST, (dossier, step) => extendWindow(windowOf(dossier), { ...step, claim: edge(time), approvedBy }));
  const after = (what: Act): Instant | null => lastDeparture(what(open(), at('09:00')).dossier, 'bus');

  it('earlier, said by one person, counts at once', () => {
    expect(after(shorten('16:00'))).toBe(at('14:30'));
  });

  it('later, said by one person, helps no departure', () => {
    expect(after(extend('22:00', null))).toBe(at('17:30'));
  });

  it('later, approved by a second person, does', () => {
    expect(after(extend('22:00', SECOND.id))).toBe(at('20:30'));
  });

  it('later, is not approved by the person who says it', () => {
    const alone = { commandId: 'c' as CommandId, actor: FIRST, claim: edge('22:00'), approvedBy: FIRST.id, reason: null };
    open()
      .when((dossier, told: typeof alone) => extendWindow(windowOf(dossier), told), alone, at('09:00'))
      .expectRefusal('same-person', { firstBy: FIRST.id });
  });

  it('is no end at all before the start', () => {
    const early = { commandId: 'c' as CommandId, actor: FIRST, claim: edge('06:00'), approvedBy: SECOND.id, reason: null };
    open()
      .when((dossier, told: typeof early) => extendWindow(windowOf(dossier), told), early, at('09:00'))
      .expectRefusal('edge-not-ordered', { startsAt: at('07:00'), endsAt: at('06:00') });
  });

  it('with less than a transit between it and the start leaves no departure', () => {
    const short = shorten('08:15')(open(), at('07:30'));
    expect(lastDeparture(short.dossier, 'bus')).toBe(addMs(at('08:15'), -1.5 * HOUR_MS));
    expect(short.statusAt(at('07:30'))).toMatchObject({
      display: 'hold',
      reasons: [{ code: 'window_too_short' }, { code: 'window_too_short' }],
    });
  });
});
