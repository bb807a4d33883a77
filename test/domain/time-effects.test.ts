import { describe, expect, it } from '@jest/globals';
import type { Lifecycle } from '../../src/domain/corridor.js';
import { reconfirmCorridor, type ReconfirmCorridor } from '../../src/domain/hold.js';
import type { AttackId, HoldId, SegmentId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { changeRoute } from '../../src/domain/route.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import {
  FIELD_LEAD,
  FIRST,
  K7,
  NORTH,
  SOUTH,
  TEXT,
  WINDOW,
  at,
  attackReported,
  command,
  fact,
  holdSet,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
  scheduledCorridor,
  segment,
  watched,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const idFor = (name: string): HoldId => id<HoldId>(name);
const open = (...more: readonly Fact[]): History => given(...openCorridor(), ...more);
const inside = (max: number, when: Instant): Fact =>
  fact('PeopleInsideReported', when, { corridorId: K7, min: 0, max, unaccounted: 0 }, FIELD_LEAD);
const warning = (when: Instant): Fact => attackReported('a rumour', when, { isAuthenticated: false, teamOf: [] });

/** What time causes, told shortly: the step, or the reason of a hold. */
function caused(history: History, now: Instant): readonly string[] {
  return timeEffects(history.dossier, now, idFor).map((event) => {
    if (event.type === 'LifecycleChanged') return `${event.cause}: ${event.to} ${event.endReason ?? ''}`.trim();
    return event.type === 'HoldSet' ? `hold: ${event.reason}` : event.type;
  });
}

/** The history with what time causes written into it. */
function written(history: History, now: Instant): History {
  return history.and(...timeEffects(history.dossier, now, idFor).map((body): Fact => ({ body, at: now, actorId: null })));
}

describe('E1, the end of the window', () => {
  it('closes what was never opened', () => {
    expect(caused(given(...scheduledCorridor()), at('18:59'))).not.toContain('E1: closed not_opened');
    expect(caused(given(...scheduledCorridor()), at('19:00'))).toEqual(['E1: closed not_opened']);
  });

  it('holds the agreement for those who may still be inside', () => {
    expect(caused(open(), at('19:00'))).toContain('E1: closing window_expired');
    expect(caused(open(inside(12, at('18:50'))), at('19:00'))).toContain('E1: closing window_expired');
  });

  it('closes when everybody is known to be out', () => {
    expect(caused(open(inside(0, at('18:50'))), at('19:00'))).toEqual(['E1: closed window_expired']);
  });

  it('comes from every step, also from a suspension', () => {
    expect(caused(open(lifecycleChanged('open', 'suspended', at('10:00'))), at('19:00'))).toContain('E1: closing window_expired');
  });

  it('comes when the window is cancelled', () => {
    const cancelled = fact('WindowCancelled', at('09:00'), { windowId: WINDOW, reason: null });
    expect(caused(open(cancelled), at('09:00'))).toEqual(['E1: closing window_cancelled']);
  });

  it('is written once, however many holds stand and however often the deadline fires', () => {
    const history = written(open(holdSet('a hold that nobody lifts', at('18:00'))), at('19:00'));
    expect(history.dossier.corridor.attempt?.lifecycle).toBe('closing');
    expect(caused(written(history, at('19:05')), at('19:05'))).toEqual([]);
    expect(written(history, at('19:05')).dossier.corridor.attempt?.lifecycle).toBe('closing');
  });
});

describe('a hold that nobody lifts', () => {
  it('suspends after half an hour', () => {
    const history = open(...watched(at('09:20')), holdSet('a hold', at('09:00')));
    expect(caused(history, at('09:29'))).toEqual([]);
    expect(caused(history, at('09:30'))).toEqual(['hold_unlifted: suspended']);
  });

  it('of some modes never suspends', () => {
    expect(caused(open(...watched(at('09:20')), holdSet('no buses', at('09:00'), { modes: ['bus'] })), at('09:40'))).toEqual([]);
  });
});

describe('E2, the warning of a single unknown sender', () => {
  it('sets a hold when nobody has called back for five minutes', () => {
    expect(caused(open(warning(at('09:00'))), at('09:04'))).toEqual([]);
    expect(caused(open(warning(at('09:00'))), at('09:05'))).toEqual(['hold: unverified_warning']);
  });

  it('sets it also when the deadline fires an hour late', () => {
    expect(caused(open(...watched(at('09:50')), warning(at('09:00'))), at('10:00'))).toEqual(['hold: unverified_warning']);
  });

  it('never suspends, and ends after half an hour if the team has seen the segment since', () => {
    const held = written(open(warning(at('09:00'))), at('09:05'));
    expect(caused(held.and(...watched(at('09:36'))), at('09:36'))).toEqual(['HoldLifted']);
  });

  it('does not end by time alone: what the team saw in that half hour must be seen again after it (ADR 13)', () => {
    const held = written(open(warning(at('09:00'))), at('09:05')).and(...watched(at('09:20')));
    expect(caused(held, at('09:35'))).toEqual([]);
    expect(caused(held.and(...watched(at('09:34:59.999'))), at('09:36'))).toEqual([]);
    expect(caused(held.and(...watched(at('09:35'))), at('09:35'))).toEqual(['HoldLifted']);
  });

  it('stands as long as nobody of the team has seen the segment since', () => {
    const held = written(open(...watched(at('09:04')), warning(at('09:00'))), at('09:05'));
    expect(caused(held, at('09:36'))).toEqual([]);
    expect(held.dossier.corridor.holds).toHaveLength(1);
  });

  it('is held though the same origin told of something else before: a closed checkpoint, fire far away, fire before this attempt', () => {
    const sameOrigin = { isAuthenticated: false, teamOf: [], originGroups: ['a rumour'] };
    const [touch] = [{ corridorId: K7, segmentIds: [NORTH], distanceKm: 8 }];
    for (const earlier of [
      attackReported('a checkpoint', at('08:52'), { ...sameOrigin, types: ['obstruction'], modes: ['truck'] }),
      attackReported('far away', at('08:52'), { ...sameOrigin, touches: [{ ...touch, how: 'watch' }] }),
      attackReported('yesterday', at('05:00'), sameOrigin),
    ]) {
      expect(caused(open(earlier, warning(at('09:00'))), at('09:05'))).toEqual(['hold: unverified_warning']);
    }
  });

  it('is not renewed by the same origin', () => {
    const lifted = fact('HoldLifted', at('09:10'), {
      corridorId: K7,
      holdId: idFor(`warning ${id<AttackId>('a rumour')} ${K7}`),
      because: 'decision',
      reason: null,
    });
    const again = attackReported('the rumour again', at('09:12'), { isAuthenticated: false, teamOf: [], originGroups: ['a rumour'] });
    expect(caused(written(open(warning(at('09:00'))), at('09:05')).and(lifted, again), at('09:20'))).toEqual([]);
  });
});

describe('danger', () => {
  it('that was fresh for three hours suspends for the rest of its attempt, also after a look at the road', () => {
    const struck = open(attackReported('shells', at('09:00'), { teamOf: [] }), ...watched(at('11:55')));
    expect(caused(struck, at('11:59'))).toEqual([]);
    expect(caused(struck, at('12:00'))).toEqual(['E2: suspended']);
  });
});

describe('danger where nobody departs yet', () => {
  const looked = observed(NORTH, at('09:30'), { roadLookedAt: true });
  const shells = attackReported('shells', at('09:00'), { teamOf: [], place: null });
  const inStep = (lifecycle: Lifecycle): History =>
    open(lifecycleChanged('open', lifecycle, at('08:55')), shells, ...watched(at('11:55')), looked);

  it.each(['proposed', 'under_negotiation', 'agreed'] as const)('that was fresh for three hours holds what is %s', (lifecycle) => {
    expect(caused(inStep(lifecycle), at('11:59'))).toEqual([]);
    expect(caused(inStep(lifecycle), at('12:00'))).toEqual(['hold: attack']);
  });

  it('is held once, also where the report itself had set the hold (E2), and not again once people lifted it', () => {
    expect(caused(written(inStep('agreed'), at('12:00')), at('13:00'))).toEqual([]);
    const holdId = idFor(`attack ${id<AttackId>('shells')} ${K7}`);
    const byReport = inStep('agreed').and(holdSet('as E2 does', at('09:00'), { holdId, reason: 'attack', origin: 'rule' }));
    expect(caused(byReport, at('12:00'))).toEqual([]);
    const lifted = byReport.and(fact('HoldLifted', at('12:05'), { corridorId: K7, holdId, because: 'decision', reason: null }));
    expect(caused(lifted, at('12:06'))).toEqual([]);
  });
});

describe('E6, silence', () => {
  it('of twice the stale time sets a hold, counted from the last report', () => {
    const seen = open(...watched(at('09:00')));
    expect(caused(seen, at('12:59'))).toEqual([]);
    expect(caused(seen, at('13:00'))).toEqual(['hold: no_contact', 'hold: no_contact']);
  });
});

describe('E8, what lapses', () => {
  const used = (assessed: Instant): Fact =>
    fact('OrdnanceAssessed', assessed, { corridorId: K7, segmentId: NORTH, status: 'used_no_incident', cause: 'assessor' });
  const dayBefore = (time: string): Instant => at(time, '2022-03-08');

  it('"used, no incident" sets a hold after 24 h, and names the segment', () => {
    const history = open(used(dayBefore('09:00')));
    expect(history.statusAt(at('08:59:59.999')).display).toBe('limited');
    expect(caused(history, at('08:59:59.999'))).toEqual([]);
    expect(caused(history, at('09:00'))).toEqual(['hold: criterion_lapsed']);
    expect(written(history, at('09:00')).statusAt(at('09:00'))).toMatchObject({
      display: 'hold',
      holds: [{ reason: 'criterion_lapsed', segmentIds: [NORTH] }],
    });
  });

  it('is held also where it was scheduled on it, and in each attempt anew; in negotiation nobody departs', () => {
    const lapsed = used(dayBefore('06:00'));
    expect(caused(given(...scheduledCorridor(), lapsed), at('06:55'))).toEqual(['hold: criterion_lapsed']);
    expect(caused(open(lifecycleChanged('open', 'agreed', at('08:55')), lapsed), at('09:00'))).toEqual([]);
  });

  it('is held once, and not again by the same assessment when people lifted it; the road stays unknown', () => {
    const held = written(open(used(dayBefore('09:00'))), at('09:00'));
    expect(caused(held, at('09:01'))).toEqual([]);
    const holdId = held.dossier.corridor.holds[0]?.id as HoldId;
    const lifted = held.and(fact('HoldLifted', at('09:02'), { corridorId: K7, holdId, because: 'decision', reason: null }));
    expect(caused(lifted, at('09:03'))).toEqual([]);
    expect(lifted.statusAt(at('09:03'))).toMatchObject({ display: 'unknown', reasons: [{ code: 'ordnance_not_clear' }] });
  });

  it('cleared ground does not lapse: a strike takes it back, not time', () => {
    const cleared = fact('OrdnanceAssessed', dayBefore('05:00'), {
      corridorId: K7,
      segmentId: NORTH,
      status: 'cleared',
      cause: 'assessor',
    });
    expect(caused(open(cleared), at('09:00'))).toEqual([]);
    expect(open(cleared).statusAt(at('09:00')).display).toBe('open');
  });
});

describe('an opening by voice', () => {
  it('that nobody countersigns becomes a hold after an hour', () => {
    const byVoice = openCorridor().map((known) =>
      known.body.type === 'CorridorOpened' ? { ...known, body: { ...known.body, isByVoice: true } } : known,
    );
    expect(caused(given(...byVoice), at('07:54'))).toEqual([]);
    expect(caused(given(...byVoice), at('07:55'))).toEqual(['hold: voice_not_countersigned']);
  });
});

describe('E5, reconfirming', () => {
  const attackId = id<AttackId>('shells on another corridor of the window');
  const violated = (hit: readonly (typeof K7)[]): readonly Fact[] => [
    fact('ViolationRecorded', at('09:00'), {
      windowId: WINDOW,
      violationId: command('violation'),
      kind: 'fire_indirect',
      hitCorridorIds: hit,
      attackId,
      note: null,
    }),
    holdSet('violated', at('09:00'), { reason: 'window_violated', origin: 'rule', attackId }),
  ];
  const reconfirm: ReconfirmCorridor = { commandId: command('reconfirm'), actor: FIRST, reason: TEXT };

  it('takes the hold from a corridor that was not hit', () => {
    open(...violated([]))
      .when(reconfirmCorridor, reconfirm, at('09:05'))
      .expectEvents({ type: 'HoldLifted', because: 'reconfirmed' });
  });

  it('does not take it from a corridor that was hit: that hold is cleared and lifted by two', () => {
    open(...violated([K7]))
      .when(reconfirmCorridor, reconfirm, at('09:05'))
      .expectRefusal('hold-unknown');
  });
});

describe('a change of route', () => {
  const change = (segments: Parameters<typeof changeRoute>[1]['segments']): ReturnType<typeof changeRoute> =>
    changeRoute(open().dossier, {
      commandId: command('another way'),
      actor: FIRST,
      geometryKind: 'traced',
      permittedModes: ['bus'],
      segments,
    });

  it('keeps what is known of a segment that stays', () => {
    const kept = [{ segments: [{ ordnance: { status: 'cleared' } }] }, { type: 'HoldSet' }];
    expect(change([segment()])).toMatchObject({ kind: 'accepted', events: kept });
  });

  it('asks for a new id for another line: what was seen of the old road says nothing of the new one (S3)', () => {
    const [west, east] = segment().line;
    expect(change([segment({ line: [east, west] as never })])).toMatchObject({ kind: 'refused', problem: { code: 'id-taken' } });
    const detour = segment({ id: id<SegmentId>('detour'), line: [east, west] as never });
    const unknown = [{ segments: [{ ordnance: { status: 'not_assessed' } }] }, { type: 'HoldSet' }];
    expect(change([detour])).toMatchObject({ kind: 'accepted', events: unknown });
  });

  it('asks for a new id for a segment that comes back after it had left the route', () => {
    const southOnly = fact('RouteChanged', at('08:55'), {
      corridorId: K7,
      geometryKind: 'traced',
      permittedModes: ['bus'],
      segments: [segment({ id: SOUTH })],
    });
    const back = { commandId: command('back'), actor: FIRST, geometryKind: 'traced', permittedModes: ['bus'] } as const;
    expect(changeRoute(open(southOnly).dossier, { ...back, segments: [segment()] })).toMatchObject({
      kind: 'refused',
      problem: { code: 'id-taken' },
    });
  });
});
