import { describe, expect, it } from '@jest/globals';
import { inside } from '../../src/domain/evidence.js';
import type { HoldId } from '../../src/domain/ids.js';
import { addMs, type Instant } from '../../src/domain/instant.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import { K7, at, corridorStopped, fact, id, lifecycleChanged, openCorridor, scheduledCorridor } from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const idFor = (name: string): HoldId => id<HoldId>(name);

function counted(min: number, max: number | null, unaccounted = 0, time = '18:00'): Fact {
  return fact('PeopleInsideReported', at(time), { corridorId: K7, min, max, unaccounted });
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
    expect(inside(nextAttempt(openCorridor(), counted(0, 0, 2)).dossier.corridor)).toBe('somebody');
  });

  it('is known again when somebody counts', () => {
    expect(inside(nextAttempt(openCorridor()).and(counted(0, 0, 0, '19:20')).dossier.corridor)).toBe('nobody');
  });
});

describe('"nobody inside"', () => {
  const empty = (time: string): Fact => counted(0, 0, 0, time);
  const [opened] = openCorridor().filter(({ body }) => body.type === 'CorridorOpened');
  const stopped = corridorStopped('a stop', at('10:00'));

  it('counted before the opening says nothing of who departed after it', () => {
    const history = given(...scheduledCorridor(), empty('06:52'), opened as Fact);
    expect(inside(history.dossier.corridor)).toBe('unknown');
    expect(history.statusAt(at('09:00')).peopleInside).toMatchObject({ min: 0, max: null });
  });

  it.each([
    ['a stop', stopped],
    ['the last departure', lifecycleChanged('open', 'closing', at('10:00'))],
    ['a closure', lifecycleChanged('open', 'closed', at('10:00'))],
  ])('counted while it was open is not known any more after %s; counted again, it is', (_what, end) => {
    const left = given(...openCorridor(), empty('09:30'), end);
    expect(inside(left.dossier.corridor)).toBe('unknown');
    expect(inside(left.and(empty('10:30')).dossier.corridor)).toBe('nobody');
    expect(inside(given(...openCorridor(), counted(0, 7, 0, '09:30'), end).dossier.corridor)).toBe('somebody');
  });

  it('is believed at the end of the window if it was counted after the last departure', () => {
    const endedWith = (time: string): unknown => {
      const { dossier } = given(...openCorridor(), empty(time));
      return timeEffects(dossier, at('19:00'), idFor)[0];
    };
    expect(endedWith('17:29')).toMatchObject({ to: 'closing', cause: 'E1' }); // the last departure is at 17:30
    expect(endedWith('17:30')).toMatchObject({ to: 'closed', cause: 'E1' });
  });
});

describe('people inside a corridor that nobody may enter any more (E6)', () => {
  const suspended = given(...openCorridor(), corridorStopped('a stop', at('09:00')));
  const closed = given(...openCorridor(), lifecycleChanged('open', 'closed', at('09:00')));
  const empty = counted(0, 0, 0, '09:30');
  const lostFrom = at('12:50'); // twice two hours after 08:50, on a quiet road
  const caused = ({ dossier }: History, now: Instant): readonly string[] =>
    timeEffects(dossier, now, idFor).map((event) => (event.type === 'HoldSet' ? event.reason : event.type));
  const notes = (history: History, now: Instant): readonly string[] => history.statusAt(now).beside.map(({ code }) => code);

  it.each([
    ['suspended', suspended],
    ['closed by a person', closed],
  ])('are not lost from sight while it is %s: what ages is said, and silence is a hold', (_what, history) => {
    expect(notes(history, at('09:59'))).toContain('evidence_ageing');
    expect(caused(history, addMs(lostFrom, -1))).toEqual([]);
    expect(caused(history, lostFrom)).toEqual(['no_contact', 'no_contact']);
    expect(history.statusAt(lostFrom).validUntil).not.toBeNull();
  });

  it.each([
    ['suspended', suspended],
    ['closed by a person', closed],
  ])('ask for no more of what is %s once the last one is out', (_what, history) => {
    expect(notes(history.and(empty), at('09:59'))).not.toContain('evidence_ageing');
    expect(caused(history.and(empty), lostFrom)).toEqual([]);
  });

  it('are nobody where it was never open', () => {
    const never = given(...scheduledCorridor(), corridorStopped('a stop', at('07:30')));
    expect(caused(never, at('18:00'))).toEqual([]);
  });

  it('have their silence told once, also when the deadline fires again', () => {
    const written = closed.and(
      ...timeEffects(closed.dossier, lostFrom, idFor).map((body): Fact => ({ body, at: lostFrom, actorId: null })),
    );
    expect(caused(written, addMs(lostFrom, 60_000))).toEqual([]);
    expect(written.statusAt(lostFrom)).toMatchObject({ display: 'closed', holds: [{ reason: 'no_contact' }, { reason: 'no_contact' }] });
  });
});
