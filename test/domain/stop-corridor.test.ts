import { describe, expect, it } from '@jest/globals';
import { LIFECYCLES, isEnded, type Lifecycle } from '../../src/domain/corridor.js';
import { clearHold, liftHold, setHold, stopCorridor, type HoldStep, type StopCorridor } from '../../src/domain/hold.js';
import {
  FIELD_LEAD,
  FIRST,
  K7,
  SECOND,
  TEXT,
  at,
  command,
  corridorDeclared,
  corridorStopped,
  lifecycleChanged,
  openCorridor,
  proposedCorridor,
} from '../support/facts.js';
import { given } from '../support/given.js';
import { id } from '../support/facts.js';
import type { HoldId } from '../../src/domain/ids.js';
import type { Actor } from '../../src/domain/permission.js';

const NOW = at('09:05');
const H1 = id<HoldId>('command H1');

function stop(changes: Partial<StopCorridor> = {}): StopCorridor {
  return { commandId: command('H1'), actor: FIELD_LEAD, reason: 'shelling', modes: null, segmentIds: [], note: null, ...changes };
}

function step(actor: Actor): HoldStep {
  return { commandId: command('step'), actor, holdId: H1, reason: TEXT };
}

describe('stopping a corridor', () => {
  it('takes one person, suspends what is open, and keeps who, why and when', () => {
    given(...openCorridor())
      .when(stopCorridor, stop(), NOW)
      .expectEvents({ type: 'CorridorStopped', corridorId: K7, holdId: H1, reason: 'shelling', lifecycle: 'suspended' })
      .expectCorridor({
        attempt: expect.objectContaining({ lifecycle: 'suspended' }),
        holds: [expect.objectContaining({ id: H1, isStop: true, setBy: FIELD_LEAD.id, setAt: NOW })],
      });
  });

  it('is accepted before anybody has agreed to anything, as a hold', () => {
    given(...proposedCorridor())
      .when(stopCorridor, stop(), NOW)
      .expectCorridor({ holds: [expect.objectContaining({ id: H1 })], attempt: expect.objectContaining({ lifecycle: 'proposed' }) });
  });

  it('is accepted before there is an attempt', () => {
    given(corridorDeclared())
      .when(stopCorridor, stop(), NOW)
      .expectCorridor({ holds: [expect.objectContaining({ id: H1 })] });
  });

  it('is welcome a second time: each stop is a hold of its own', () => {
    given(...openCorridor(), corridorStopped('an earlier stop', at('09:00')))
      .when(stopCorridor, stop(), NOW)
      .expectCorridor({ holds: [expect.objectContaining({ id: id('an earlier stop') }), expect.objectContaining({ id: H1 })] });
  });

  it('of one mode leaves the others going', () => {
    const after = given(...openCorridor()).when(stopCorridor, stop({ modes: ['bus'] }), NOW).after;
    expect(after.dossier.corridor.attempt?.lifecycle).toBe('open');
    expect(after.statusAt(NOW)).toMatchObject({
      display: 'limited',
      modes: [
        { mode: 'bus', display: 'suspended' },
        { mode: 'car', display: 'open' },
      ],
    });
  });

  it.each(LIFECYCLES.filter((step) => !isEnded(step)))('is never refused while the attempt is %s', (lifecycle: Lifecycle) => {
    given(...openCorridor(), lifecycleChanged('open', lifecycle, at('09:00')))
      .when(stopCorridor, stop(), NOW)
      .expectEvents({ type: 'CorridorStopped' });
  });

  it.each(LIFECYCLES.filter(isEnded))('has nothing to stop when the attempt is %s', (lifecycle: Lifecycle) => {
    given(...openCorridor(), lifecycleChanged('open', lifecycle, at('09:00')))
      .when(stopCorridor, stop(), NOW)
      .expectRefusal('attempt-ended', { lifecycle });
  });
});

describe('a hold', () => {
  it('stops departures and leaves the lifecycle as it is', () => {
    const after = given(...openCorridor()).when(setHold, stop({ reason: 'crowd' }), NOW).after;
    expect(after.dossier.corridor.attempt?.lifecycle).toBe('open');
    expect(after.statusAt(NOW)).toMatchObject({ display: 'hold', reasons: [{ code: 'hold', inputs: { why: 'crowd' } }] });
  });

  it('is lifted only after a "clear"', () => {
    given(...openCorridor(), corridorStopped('command H1', at('09:00')))
      .when(liftHold, step(FIRST), NOW)
      .expectRefusal('hold-not-cleared', { clearBy: FIELD_LEAD.id });
  });

  it('is not lifted by the person who gave the "clear"', () => {
    given(...openCorridor(), corridorStopped('command H1', at('09:00')))
      .when(clearHold, step(FIRST), at('09:02'))
      .after.when(liftHold, step(FIRST), NOW)
      .expectRefusal('clear-by-another');
  });

  it('lifted by another person opens nothing: what was stopped stays suspended', () => {
    const after = given(...openCorridor(), corridorStopped('command H1', at('09:00')))
      .when(clearHold, step(FIELD_LEAD), at('09:02'))
      .after.when(liftHold, step(SECOND), NOW)
      .expectCorridor({ holds: [] }).after;
    expect(after.statusAt(NOW).display).toBe('suspended');
  });
});
