import { describe, expect, it } from '@jest/globals';
import { K7, NORTH, SOUTH, at, attackReported, hotlineAnswered, observed, openCorridor, watched } from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

/** Open all day; both hotlines answered and every segment seen quiet at 08:50, and again a quarter of an hour after `facts`. */
function seenAgain(when: string, ...facts: readonly Fact[]): History {
  return given(
    ...openCorridor(),
    ...facts,
    ...watched(at(when)),
    hotlineAnswered('ukraine', at(when)),
    hotlineAnswered('russia', at(when)),
  );
}

const codesOf = (history: History, now: string): readonly string[] => history.statusAt(at(now)).reasons.map(({ code }) => code);

describe('a late "passable"', () => {
  const difficult = observed(NORTH, at('08:51'), { passability: { bus: 'passable_difficult' } });
  const fire = observed(NORTH, at('08:55'), { condition: 'fire_heard' });
  const passable = (seen: string): Fact => observed(NORTH, at('08:57'), { observedAt: at(seen), passability: { bus: 'passable' } });

  it('seen after "difficult" and before newer fire does not take "difficult" away when it is quiet again', () => {
    expect(codesOf(seenAgain('09:05', difficult, fire), '09:06')).toEqual(['passable_difficult']);
    expect(codesOf(seenAgain('09:05', difficult, fire, passable('08:53')), '09:06')).toEqual(['passable_difficult']);
  });

  it('seen after the fire does', () => {
    expect(codesOf(seenAgain('09:05', difficult, fire, passable('08:56')), '09:06')).toEqual(['agreed_and_checked']);
  });

  it('does not take an outsider’s "not passable" away either', () => {
    const blocked = observed(NORTH, at('08:51'), { passability: { bus: 'not_passable' }, isTrusted: false });
    const { modes } = seenAgain('09:05', blocked, fire, passable('08:53')).statusAt(at('09:06'));
    expect(modes.find(({ mode }) => mode === 'bus')).toMatchObject({ display: 'hold', passability: 'not_passable' });
  });
});

describe('an old "road looked at"', () => {
  /** Of an outsider, on the southern segment: it suspends nothing, and is an older danger from 11:45 on. */
  const shelling = attackReported('shells', at('08:45'), {
    place: null,
    touches: [{ corridorId: K7, how: 'named', segmentIds: [SOUTH], distanceKm: null }],
    teamOf: [],
    types: ['small_arms'],
  });
  const looked = observed(SOUTH, at('09:10'), { roadLookedAt: true });
  const struckAndLookedAt = [shelling, looked];
  const isNotLookedAt = (...facts: readonly Fact[]): boolean =>
    seenAgain('11:50', ...struckAndLookedAt, ...facts)
      .statusAt(at('11:51'))
      .beside.some(({ code }) => code === 'road_not_looked_at');

  it('clears a danger that is older', () => {
    expect(isNotLookedAt()).toBe(false);
  });

  it.each([
    ['fire heard', observed(SOUTH, at('10:00'), { condition: 'fire_heard' })],
    ['a stranger’s "blocked"', observed(SOUTH, at('10:00'), { condition: 'blocked', isTrusted: false })],
    [
      'another attack',
      attackReported('more shells', at('10:00'), { touches: [{ corridorId: K7, how: 'stop', segmentIds: [SOUTH], distanceKm: 0 }] }),
    ],
  ])('clears it no longer after %s on the same segment', (_what, worse) => {
    expect(isNotLookedAt(worse)).toBe(true);
  });

  it('still clears it after fire heard elsewhere, and again after another look', () => {
    expect(isNotLookedAt(observed(NORTH, at('10:00'), { condition: 'fire_heard' }))).toBe(false);
    const again = observed(SOUTH, at('10:30'), { roadLookedAt: true });
    expect(isNotLookedAt(observed(SOUTH, at('10:00'), { condition: 'fire_heard' }), again)).toBe(false);
  });
});
