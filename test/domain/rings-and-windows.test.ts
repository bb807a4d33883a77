import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ATTACK_TYPES, EFFECT_OF, countsFrom, touchOf, type Attack } from '../../src/domain/attack.js';
import { distanceKm, distanceToLineKm } from '../../src/domain/geometry.js';
import { covers, windowTimes, type Claim } from '../../src/domain/window.js';
import type { LocalDate, Zone } from '../../src/domain/zone.js';
import { K7, at, claim, corridorDeclared, segment, windowAnnounced } from '../support/facts.js';
import { given } from '../support/given.js';

const KYIV = 'Europe/Kyiv' as Zone;

describe('an attack touches a corridor', () => {
  // Along the 50th parallel, a hundredth of a degree of latitude is 1.112 km.
  const road = segment({
    line: [
      [30, 50],
      [30.5, 50],
    ],
    widthM: 0,
  });
  const touch = (kmNorth: number, precisionKm: number, types: Attack['types'] = ['shelling_artillery_mortar'], isNamed = false) =>
    touchOf({ types, place: { name: null, position: [30.25, 50 + kmNorth / 111.23], precisionKm } }, { id: K7, segments: [road] }, isNamed)
      ?.how ?? null;

  it('in the stop ring up to 2 km for shelling, to the edge of its precision circle', () => {
    expect(touch(1.9, 0)).toBe('stop');
    expect(touch(4.4, 2.5)).toBe('stop');
    expect(touch(2.2, 0)).toBe('watch');
  });

  it('by a circle of more than 5 km only uncertainly, unless the report names it', () => {
    expect(touch(1, 6)).toBe('uncertain');
    expect(touch(1, 6, ['shelling_artillery_mortar'], true)).toBe('named');
  });

  it('from further away when it comes from the air, and from nearer by small arms', () => {
    expect(touch(2.8, 0, ['airstrike'])).toBe('stop');
    expect(touch(1.5, 0, ['small_arms'])).toBe('watch');
    expect(touch(11, 0)).toBeNull();
  });

  it('without a place only by its name', () => {
    const nowhere = { types: ['missile'] as const, place: null };
    expect(touchOf(nowhere, { id: K7, segments: [road] }, true)).toMatchObject({ how: 'named', segmentIds: [] });
    expect(touchOf(nowhere, { id: K7, segments: [road] }, false)).toBeNull();
  });

  it('with an effect for every type there is', () => {
    expect(Object.keys(EFFECT_OF)).toEqual(ATTACK_TYPES);
    expect(EFFECT_OF).toMatchObject({
      other: 'danger',
      unknown: 'danger',
      accident: 'danger',
      mine_uxo_ied: 'ordnance',
      looting: 'obstruction',
    });
  });
});

describe('the age of an attack counts', () => {
  const known = { occurredOn: null, zone: KYIV, receivedAt: at('09:00') };

  it('from when it happened', () => {
    expect(countsFrom({ ...known, occurredAt: at('07:30') })).toEqual({ at: at('07:30'), isFutureDated: false });
  });

  it('from its receipt when it says it lies ahead, and more than two minutes are flagged', () => {
    expect(countsFrom({ ...known, occurredAt: at('09:02') })).toEqual({ at: at('09:00'), isFutureDated: false });
    expect(countsFrom({ ...known, occurredAt: at('09:03') })).toEqual({ at: at('09:00'), isFutureDated: true });
  });

  it('from its receipt when its hour of that day is not known', () => {
    expect(countsFrom({ ...known, occurredAt: null, occurredOn: '2022-03-09' as LocalDate })).toEqual({
      at: at('09:00'),
      isFutureDated: false,
    });
    expect(countsFrom({ ...known, occurredAt: null }).at).toBe(at('09:00'));
  });
});

describe('distances', () => {
  it('cross the antimeridian and the pole by the short way', () => {
    expect(distanceKm([179.9, 0], [-179.9, 0])).toBeCloseTo(22.264, 2);
    expect(distanceKm([0, 89.9], [180, 89.9])).toBeCloseTo(22.339, 2);
  });

  it('to a line run to its nearest point, not to its ends', () => {
    expect(
      distanceToLineKm(
        [0, 1],
        [
          [-1, 0],
          [1, 0],
        ],
      ),
    ).toBeCloseTo(110.574, 2);
  });

  const position = fc.tuple(fc.double({ min: 30, max: 34, noNaN: true }), fc.double({ min: 48, max: 51, noNaN: true }));
  it('to a line are the same when only near lines are asked for, and never too small', () => {
    fc.assert(
      fc.property(
        position,
        fc.array(position, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 300, noNaN: true }),
        (point, line, km) => {
          const exact = distanceToLineKm(point, line);
          const asked = distanceToLineKm(point, line, km);
          expect(asked).toBeGreaterThanOrEqual(exact);
          expect(asked <= km ? asked : null).toBe(exact <= km ? exact : null);
        },
      ),
    );
  });
});

describe('what is claimed of a window', () => {
  const times = (claims: readonly Claim[]) => windowTimes({ claims, zone: KYIV });
  const instant = (about: Claim['about'], time: string, who: string): Claim => claim(about, { kind: 'instant', at: at(time) }, who);
  const day = (about: Claim['about'], date: string): Claim => claim(about, { kind: 'day', date: date as LocalDate });

  it('counts from the latest start to the earliest end for departures, and to the latest end for its close', () => {
    const claims = [
      instant('start', '07:00', 'ukraine'),
      instant('start', '08:00', 'russia'),
      instant('end', '18:00', 'russia'),
      instant('end', '19:00', 'ukraine'),
    ];
    expect(times(claims)).toMatchObject({ startsAt: at('08:00'), firstEndAt: at('18:00'), lastEndAt: at('19:00'), hasBothInstants: true });
  });

  it('stands for the whole local day where only the day is known, 23 hours of it when the clocks change', () => {
    expect(times([day('start', '2022-03-27'), day('end', '2022-03-27')])).toMatchObject({
      startsAt: '2022-03-26T22:00:00.000Z',
      firstEndAt: null,
      lastEndAt: '2022-03-27T21:00:00.000Z',
      hasBothInstants: false,
    });
  });

  it('is never midnight where nobody stated it', () => {
    expect(times([instant('start', '07:00', 'ukraine'), claim('end', { kind: 'not_stated' })])).toMatchObject({
      firstEndAt: null,
      lastEndAt: null,
      hasBothInstants: false,
    });
  });

  it('supports no opening beside an edge of a kind that this version does not know (S14); one that nobody stated says nothing', () => {
    const both = [instant('start', '07:00', 'ukraine'), instant('end', '19:00', 'ukraine')];
    expect(times([...both, claim('end', { kind: 'unheard-of' as never }, 'russia')]).hasBothInstants).toBe(false);
    expect(times([...both, claim('end', { kind: 'not_stated' }, 'russia')]).hasBothInstants).toBe(true);
  });

  it('covers its start and not its end', () => {
    const { otherWindows } = given(corridorDeclared(), windowAnnounced()).dossier;
    const [window] = otherWindows;
    expect([at('06:59'), at('07:00'), at('18:59'), at('19:00')].map((now) => covers(window as never, now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
