import { describe, expect, it } from '@jest/globals';
import type { Mode } from '../../src/domain/corridor.js';
import type { LimitId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { K7, at, fact, id, openCorridor } from '../support/facts.js';
import { given, type Fact } from '../support/given.js';

const NINE = at('09:00');

function modesOnly(modes: readonly Mode[], until: Instant | null = null): Fact {
  const limitId = id<LimitId>(`only ${modes.join(' ')}`);
  return fact('LimitSet', at('08:55'), { corridorId: K7, limitId, kind: 'modes_only', modes, peoplePerHour: null, until, note: null });
}

function curfew(curfewFrom: Instant | null, curfewTo: Instant | null): Fact {
  return fact('LightAndCurfewSet', at('06:30'), { corridorId: K7, lastLightAt: null, curfewFrom, curfewTo });
}

describe('a limit to some modes', () => {
  it('holds those that it leaves out, and gives them no last departure', () => {
    const { display, modes } = given(...openCorridor(), modesOnly(['car'])).statusAt(NINE);
    expect(display).toBe('limited');
    expect(modes.find(({ mode }) => mode === 'bus')).toMatchObject({
      display: 'hold',
      lastDepartureAt: null,
      reasons: [{ code: 'mode_left_out', liftedBy: 'remove_limit' }],
    });
    expect(modes.find(({ mode }) => mode === 'car')).toMatchObject({ display: 'limited', lastDepartureAt: at('17:30') });
  });

  it('and another to other modes leave nobody to go', () => {
    const { display, reasons } = given(...openCorridor(), modesOnly(['car']), modesOnly(['bus'])).statusAt(NINE);
    expect(display).toBe('hold');
    expect(reasons.map(({ code }) => code)).toEqual(['mode_left_out', 'mode_left_out']);
  });

  it('stays in force past its end: taking it away is an opening', () => {
    const history = given(...openCorridor(), modesOnly(['car'], at('08:58')));
    expect(history.statusAt(NINE)).toEqual({
      ...given(...openCorridor(), modesOnly(['car'], at('08:58'))).statusAt(at('08:57')),
      decidedAt: NINE,
    });
  });
});

describe('a curfew', () => {
  const lastDepartureAt = (fact: Fact): Instant | null => given(...openCorridor(), fact).statusAt(NINE).lastDepartureAt;

  it('in the evening brings the last departure forward', () => {
    expect(lastDepartureAt(curfew(at('18:00'), at('06:00', '2022-03-10')))).toBe(at('16:30'));
  });

  it('of last night, over before the window starts, does not block the day', () => {
    expect(lastDepartureAt(curfew(at('18:00', '2022-03-08'), at('06:00')))).toBe(at('17:30'));
    expect(lastDepartureAt(curfew(at('18:00', '2022-03-08'), at('07:00')))).toBe(at('17:30'));
  });

  it('that ends before it begins is a slip of the pen, and still counts', () => {
    expect(lastDepartureAt(curfew(at('18:00'), at('06:00')))).toBe(at('16:30'));
    expect(lastDepartureAt(curfew(null, at('06:00')))).toBe(at('17:30')); // nobody said that there is one
  });

  it('that ends after the start, or whose end nobody told, still counts: time alone makes nothing easier', () => {
    expect(lastDepartureAt(curfew(at('06:30'), at('07:01')))).toBe(at('05:00'));
    expect(lastDepartureAt(curfew(at('18:00', '2022-03-08'), null))).toBe(at('16:30', '2022-03-08'));
  });
});
