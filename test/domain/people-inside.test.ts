import { describe, expect, it } from '@jest/globals';
import { inside } from '../../src/domain/evidence.js';
import { K7, at, fact, lifecycleChanged, openCorridor, scheduledCorridor } from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

function counted(min: number, max: number | null, unaccounted = 0): Fact {
  return fact('PeopleInsideReported', at('18:00'), { corridorId: K7, min, max, unaccounted });
}

/** The attempt is closed and the next one has started. */
function nextAttempt(first: readonly Fact[], ...facts: readonly Fact[]): History {
  const started = fact('AttemptStarted', at('19:10'), { corridorId: K7, attemptNo: 2, windowId: null, lifecycle: 'under_negotiation' });
  return given(...first, ...facts, lifecycleChanged('open', 'closed', at('19:05')), started);
}

describe('people inside belong to the road', () => {
  it('nobody, before anybody could have left', () => {
    expect(inside(given(...scheduledCorridor()).dossier.corridor)).toBe('nobody');
    expect(inside(nextAttempt(scheduledCorridor()).dossier.corridor)).toBe('nobody');
  });

  it('unknown once it was open, and still unknown in the next attempt', () => {
    expect(inside(given(...openCorridor()).dossier.corridor)).toBe('unknown');
    const { dossier, statusAt } = nextAttempt(openCorridor());
    expect(inside(dossier.corridor)).toBe('unknown');
    expect(statusAt(at('19:11')).peopleInside).toEqual({ min: 0, max: null, asOf: at('06:55'), unaccounted: 0 });
  });

  it('goes on with the count of the last attempt', () => {
    expect(inside(nextAttempt(openCorridor(), counted(3, 5)).dossier.corridor)).toBe('somebody');
    expect(inside(nextAttempt(openCorridor(), counted(0, 0)).dossier.corridor)).toBe('nobody');
    expect(inside(nextAttempt(openCorridor(), counted(0, 0, 2)).dossier.corridor)).toBe('somebody');
  });

  it('is known again when somebody counts', () => {
    expect(
      inside(
        nextAttempt(openCorridor()).and(fact('PeopleInsideReported', at('19:20'), { corridorId: K7, min: 0, max: 0, unaccounted: 0 }))
          .dossier.corridor,
      ),
    ).toBe('nobody');
  });
});
