import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsFrom } from '../../src/domain/attack.js';
import type { DomainEvent } from '../../src/domain/event.js';
import { forcedEffects } from '../../src/domain/forced-effects.js';
import type { HoldId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { EASE } from '../../src/domain/status.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import type { LocalDate, Zone } from '../../src/domain/zone.js';
import {
  K7,
  NORTH,
  SOUTH,
  WINDOW,
  at,
  attackReported,
  consentRecorded,
  corridorStopped,
  fact,
  holdSet,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
  proposedCorridor,
  scheduledCorridor,
} from '../support/facts.js';
import { given, type Fact } from '../support/given.js';
import { anyNow, corridorHistory } from '../support/histories.js';

const idFor = (name: string): HoldId => id<HoldId>(name);

/** What the last fact forces on the corridor. */
function forcedBy(cause: Fact, ...before: readonly Fact[]): readonly DomainEvent[] {
  const { dossier } = given(...before, cause);
  return forcedEffects({ body: cause.body, version: 1, recordedAt: cause.at, actorId: cause.actorId }, [dossier], idFor);
}

/** What time has forced by then. */
function timeForces(now: Instant, ...facts: readonly Fact[]): readonly DomainEvent[] {
  return timeEffects(given(...facts).dossier, now, idFor);
}

describe('an attack', () => {
  it('from the corridor’s own team suspends what is open and holds it', () => {
    expect(forcedBy(attackReported('shells', at('09:00')), ...openCorridor())).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'HoldSet', reason: 'attack', origin: 'rule' }),
        expect.objectContaining({ type: 'LifecycleChanged', to: 'suspended', cause: 'E2' }),
      ]),
    );
  });

  it('from an outsider who signed in is a violation of the window that covers it', () => {
    const effects = forcedBy(attackReported('shells', at('09:00'), { teamOf: [] }), ...openCorridor());
    expect(effects).toContainEqual(expect.objectContaining({ type: 'LifecycleChanged', to: 'suspended', cause: 'E5' }));
  });

  it('from one unknown sender forces nothing', () => {
    const rumour = attackReported('a rumour', at('09:00'), { isAuthenticated: false, teamOf: [] });
    expect(forcedBy(rumour, ...openCorridor())).toEqual([]);
  });

  it('makes a road that was clear of mines clear no longer where it struck', () => {
    expect(
      forcedBy(
        attackReported('shells', at('09:00'), { place: { name: null, position: [34.65, 47.5], precisionKm: 0 } }),
        ...openCorridor(),
      ),
    ).toContainEqual({
      type: 'OrdnanceAssessed',
      corridorId: K7,
      segmentId: NORTH,
      status: 'struck_since',
      cause: 'E3',
    });
  });

  it('with a mine makes its segment suspected, and stops the corridor', () => {
    const effects = forcedBy(attackReported('a mine', at('09:00'), { types: ['mine_uxo_ied'] }), ...openCorridor());
    expect(effects).toContainEqual(expect.objectContaining({ type: 'OrdnanceAssessed', segmentId: NORTH, status: 'suspected' }));
    expect(effects).toContainEqual(expect.objectContaining({ type: 'LifecycleChanged', to: 'suspended', cause: 'E3' }));
  });

  it('of which only the day is known counts from its receipt, also days later, and breaks no window that runs only since', () => {
    const late = { occurredAt: null, occurredOn: '2022-03-08' as LocalDate, zone: 'Europe/Kyiv' as Zone, receivedAt: at('09:00') };
    expect(countsFrom(late)).toEqual({ at: at('09:00'), isFutureDated: false });
    const reported = attackReported('yesterday’s shells', at('09:00'), { ...late, teamOf: [] });
    expect(given(...openCorridor(), reported).statusAt(at('09:00'))).toMatchObject({ display: 'danger' });
    expect(forcedBy(reported, ...openCorridor()).filter(({ type }) => type === 'ViolationRecorded')).toEqual([]);
    const today = attackReported('shells of today', at('09:00'), { ...late, occurredOn: '2022-03-09' as LocalDate, teamOf: [] });
    expect(forcedBy(today, ...openCorridor()).filter(({ type }) => type === 'ViolationRecorded')).toHaveLength(1);
  });

  it('in the watch ring forces nothing', () => {
    const touches = [{ corridorId: K7, how: 'watch' as const, segmentIds: [NORTH], distanceKm: 6 }];
    expect(forcedBy(attackReported('far shells', at('09:00'), { touches }), ...openCorridor())).toEqual([]);
  });
});

describe('a consent that falls', () => {
  it.each(['disputed', 'refused', 'withdrawn'] as const)('to %s suspends what is open', (consent) => {
    expect(forcedBy(consentRecorded('russia', consent, at('09:00')), ...openCorridor())).toContainEqual(
      expect.objectContaining({ type: 'LifecycleChanged', to: 'suspended', cause: 'E4' }),
    );
  });

  const negotiated = (...steps: readonly Fact[]): readonly Fact[] => [
    ...proposedCorridor(),
    lifecycleChanged('proposed', 'under_negotiation', at('05:30')),
    consentRecorded('ukraine', 'terms_confirmed', at('05:40')),
    consentRecorded('russia', 'terms_confirmed', at('05:40')),
    ...steps,
  ];
  it.each([
    ['in negotiation', negotiated()],
    ['agreed', negotiated(lifecycleChanged('under_negotiation', 'agreed', at('05:45')))],
  ])('holds what is %s: nobody departs yet', (_step, facts) => {
    expect(forcedBy(consentRecorded('russia', 'disputed', at('06:00')), ...facts)).toEqual([
      expect.objectContaining({ type: 'HoldSet', reason: 'consent_fell', origin: 'rule' }),
    ]);
  });

  it('falls once: a second word that is no agreement either forces nothing more', () => {
    const disputed = consentRecorded('russia', 'disputed', at('06:00'));
    expect(forcedBy(consentRecorded('russia', 'withdrawn', at('06:05')), ...negotiated(), disputed)).toEqual([]);
  });

  it('that was never given is no fall', () => {
    expect(forcedBy(consentRecorded('russia', 'refused', at('06:00')), ...proposedCorridor())).toEqual([]);
  });

  it('of a party that is not relevant forces nothing', () => {
    expect(forcedBy(consentRecorded('a facilitator', 'refused', at('09:00')), ...openCorridor())).toEqual([]);
  });
});

describe('the end of the window', () => {
  it('closes an attempt that was never opened', () => {
    expect(timeForces(at('18:59'), ...scheduledCorridor()).filter(({ type }) => type === 'LifecycleChanged')).toEqual([]);
    expect(timeForces(at('19:00'), ...scheduledCorridor())).toEqual([
      expect.objectContaining({ type: 'LifecycleChanged', to: 'closed', cause: 'E1', endReason: 'not_opened' }),
    ]);
  });

  it('keeps the agreement for people who may still be inside', () => {
    const [ended, ...onThoseInside] = timeForces(at('19:00'), ...openCorridor());
    expect(ended).toMatchObject({ to: 'closing', cause: 'E1', endReason: 'window_expired' });
    expect(onThoseInside.filter(({ type }) => type !== 'HoldSet')).toEqual([]);
  });

  it('closes at once when nobody is inside', () => {
    const nobody = fact('PeopleInsideReported', at('18:00'), { corridorId: K7, min: 0, max: 0, unaccounted: 0 });
    expect(timeForces(at('19:00'), ...openCorridor(), nobody)).toEqual([expect.objectContaining({ to: 'closed', cause: 'E1' })]);
  });

  it('comes at once when the window is cancelled', () => {
    const cancelled = fact('WindowCancelled', at('09:00'), { windowId: WINDOW, reason: null });
    expect(timeForces(at('09:00'), ...openCorridor(), cancelled)).toEqual([
      expect.objectContaining({ cause: 'E1', endReason: 'window_cancelled' }),
    ]);
  });

  it('stays written when the clock steps back', () => {
    const closed = lifecycleChanged('open', 'closed', at('19:00'));
    const empty = fact('PeopleInsideReported', at('19:00'), { corridorId: K7, min: 0, max: 0, unaccounted: 0 });
    expect(timeForces(at('18:00'), ...openCorridor(), closed, empty)).toEqual([]);
  });
});

describe('time', () => {
  it('suspends what a hold has stopped for 30 minutes', () => {
    const held = [...openCorridor(), holdSet('a hold', at('09:00'))];
    expect(timeForces(at('09:29'), ...held)).toEqual([]);
    expect(timeForces(at('09:30'), ...held)).toEqual([expect.objectContaining({ to: 'suspended', cause: 'hold_unlifted' })]);
  });

  it('does not suspend again what a stop has suspended', () => {
    expect(timeForces(at('09:40'), ...openCorridor(), corridorStopped('a stop', at('09:00')))).toEqual([]);
  });

  it('holds a corridor whose watcher has been silent for twice the stale time', () => {
    const heard = [...openCorridor(), observed(SOUTH, at('12:00'))];
    expect(timeForces(at('12:49'), ...heard).filter(({ type }) => type === 'HoldSet')).toEqual([]);
    expect(timeForces(at('12:50'), ...heard)).toContainEqual(
      expect.objectContaining({ type: 'HoldSet', reason: 'no_contact', origin: 'rule', segmentIds: [NORTH] }),
    );
  });

  it('suspends for the rest of the attempt what was in danger for three hours', () => {
    const struck = [...openCorridor(), attackReported('shells', at('09:00'), { teamOf: [] })];
    expect(timeForces(at('12:00'), ...struck)).toContainEqual(expect.objectContaining({ to: 'suspended', cause: 'E2' }));
  });

  it('holds after five minutes when nobody called an unknown sender back', () => {
    const warned = [...openCorridor(), attackReported('a rumour', at('09:00'), { isAuthenticated: false, teamOf: [] })];
    expect(timeForces(at('09:04'), ...warned)).toEqual([]);
    expect(timeForces(at('09:05'), ...warned)).toEqual([expect.objectContaining({ type: 'HoldSet', reason: 'unverified_warning' })]);
  });

  it('has forced everything after a few looks: a deadline may fire twice, or late', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, (history, now) => {
        let facts = history.filter((fact) => fact.at <= now);
        for (let looks = 0; looks < 3; looks += 1) {
          facts = [...facts, ...timeForces(now, ...facts).map((body): Fact => ({ body, at: now, actorId: null }))];
        }
        expect(timeForces(now, ...facts)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('forces nothing that makes a corridor easier to use', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, (history, now) => {
        const facts = history.filter((fact) => fact.at <= now);
        const forced = timeForces(now, ...facts).map((body): Fact => ({ body, at: now, actorId: null }));
        const before = given(...facts).statusAt(now);
        expect(EASE[given(...facts, ...forced).statusAt(now).display]).toBeLessThanOrEqual(EASE[before.display]);
      }),
      { numRuns: 100 },
    );
  });
});
