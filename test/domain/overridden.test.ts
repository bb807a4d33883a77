import { describe, expect, it } from '@jest/globals';
import type { Override } from '../../src/domain/corridor.js';
import { K7, NORTH, at, fact, observed, openCorridor } from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

/** Two people opened at 06:55 with this override until noon; the north was not seen since. */
function openedWith(override: Pick<Override, 'what' | 'subject'>, ...more: readonly Fact[]): History {
  const overrides = [{ ...override, until: at('12:00') }];
  const facts = openCorridor()
    .filter(({ body, at: when }) => !(body.type === 'ObservationRecorded' && body.segmentId === NORTH && when >= at('07:00')))
    .map((known) => (known.body.type === 'CorridorOpened' ? { ...known, body: { ...known.body, overrides } } : known));
  return given(...facts, ...more);
}
const told = (history: History): object => {
  const { display, reasons } = history.statusAt(at('09:00'));
  return { display, codes: reasons.map(({ code }) => code) };
};

describe('an override covers what two people knew when they opened, and nothing worse that came later (S2, S9)', () => {
  const evidence = { what: 'evidence', subject: NORTH } as const;
  const transport = { what: 'criterion', subject: 'transport' } as const;
  const assessed = (value: 'met' | 'not_met' | 'partly', when = at('08:40')): Fact =>
    fact('CriterionAssessed', when, { corridorId: K7, criterion: 'transport', value, validUntil: at('19:00'), note: null });
  const seenToday = observed(NORTH, at('08:50'));

  it('of evidence: old evidence is covered; fire heard or a blocked road since is not', () => {
    expect(told(openedWith(evidence))).toEqual({ display: 'limited', codes: ['override'] });
    for (const condition of ['fire_heard', 'blocked'] as const) {
      const worse = observed(NORTH, at('08:40'), { condition });
      expect(told(openedWith(evidence, worse))).toEqual({ display: 'unknown', codes: ['worse_news_since'] });
      expect(told(openedWith(evidence, worse, seenToday))).toEqual({ display: 'open', codes: ['agreed_and_checked'] });
    }
  });

  it('of a criterion: what was known is covered; assessed worse since is not', () => {
    expect(told(openedWith(transport, assessed('not_met', at('06:50')), seenToday))).toEqual({ display: 'limited', codes: ['override'] });
    expect(told(openedWith(transport, assessed('partly'), seenToday))).toEqual({ display: 'unknown', codes: ['criterion_missing'] });
  });
});
