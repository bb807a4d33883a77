import { describe, expect, it } from '@jest/globals';
import { ATTACK_TYPES, EFFECT_OF, evolveAttack, type Attack, type AttackEvent } from '../../src/domain/attack.js';
import type { Corridor, Segment } from '../../src/domain/corridor.js';
import type { DomainEvent, Recorded } from '../../src/domain/event.js';
import { forcedEffects, lookBack } from '../../src/domain/forced-effects.js';
import type { CorridorId, HoldId, SegmentId, WindowId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import { lookAtRoad, see } from '../support/acts.js';
import {
  FIELD_LEAD,
  K7,
  NORTH,
  SOUTH,
  at,
  attackReported,
  claim,
  corridorDeclared,
  corridorStopped,
  fact,
  holdSet,
  id,
  lifecycleChanged,
  openCorridor,
  segment,
  windowAnnounced,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const NINE = at('09:00');
const K8 = id<CorridorId>('corridor K8');
const idFor = (name: string): HoldId => id<HoldId>(name);

/** A road of 22 km along the equator, as wide as a line. */
function road(changes: Partial<Segment> = {}): Segment {
  const line = [
    [0, 0],
    [0.2, 0],
  ] as const;
  return segment({ line, widthM: 0, ...changes });
}
const corridorOn = (...segments: readonly Segment[]): Corridor => given(corridorDeclared({ segments })).dossier.corridor;

/** Fire so many km north of the middle of that road; so far it touches nothing. */
function fire(kmNorth: number, changes: Parameters<typeof attackReported>[2] = {}, when = at('08:00')): Fact {
  const place = { name: null, position: [0.1, kmNorth / 110.574] as const, precisionKm: 0 };
  return attackReported('shells', when, { place, touches: [], ...changes });
}
function attackOf({ body, at: recordedAt, actorId }: Fact): Attack {
  return evolveAttack(null, { body, version: 1, recordedAt, actorId } as Recorded<AttackEvent>);
}

function touchesFound(corridor: Corridor, ...attacks: readonly Attack[]): readonly string[] {
  return lookBack(corridor, attacks).map((event) =>
    event.type === 'AttackTouched'
      ? `${event.touch.how} ${event.touch.segmentIds.map((it) => (it === NORTH ? 'north' : 'other')).join(' ')}`
      : event.type,
  );
}

describe('a new route looks back (1.5, Rings)', () => {
  it('at fire in its stop ring, says where, and says the report again as it stands', () => {
    const attack = attackOf(fire(1.9));
    const {
      id: attackId,
      version: _version,
      touches: _touches,
      reportedBy: _by,
      discountedFor: _for,
      discountProposals: _open,
      ...report
    } = attack;
    const [event] = lookBack(corridorOn(road()), [attack]);
    expect(event).toEqual({
      type: 'AttackTouched',
      attackId,
      touch: { corridorId: K7, how: 'stop', segmentIds: [NORTH], distanceKm: expect.closeTo(1.9, 2) as unknown },
      attack: report,
    });
    expect(JSON.stringify(event)).not.toContain(FIELD_LEAD.id); // never who reported it
  });

  const rings: readonly (readonly [string, Fact, readonly string[]])[] = [
    ['in the watch ring', fire(9), ['watch north']],
    ['beyond it', fire(11), []],
    [
      'whose large circle reaches a ring',
      fire(12, { place: { name: null, position: [0.1, 12 / 110.574], precisionKm: 6 } }),
      ['uncertain north'],
    ],
    ['without a place', fire(0, { place: null }), []],
  ];
  it.each(rings)('at fire %s', (_where, report, touches) => {
    expect(touchesFound(corridorOn(road()), attackOf(report))).toEqual(touches);
  });

  it.each(ATTACK_TYPES)('at %s where it means danger or ordnance, not else', (type) => {
    const isLookedAt = EFFECT_OF[type] === 'danger' || EFFECT_OF[type] === 'ordnance';
    expect(touchesFound(corridorOn(road()), attackOf(fire(0.1, { types: [type] })))).toEqual(isLookedAt ? ['stop north'] : []);
  });

  it('also at what others discounted for their own corridors, or what was only retracted', () => {
    const attack = attackOf(fire(1));
    expect(touchesFound(corridorOn(road()), { ...attack, discount: 'false_report', discountedFor: [K8] })).toEqual(['stop north']);
    expect(touchesFound(corridorOn(road()), { ...attack, isRetracted: true, verification: 'withdrawn' })).toEqual(['stop north']);
  });

  it('again at what was discounted for the way as it was, not for the way as it is', () => {
    const attack = { ...attackOf(fire(1)), discountedFor: [K7], discount: 'outside_effect' as const };
    const elsewhere = { corridorId: K7, how: 'stop' as const, segmentIds: [SOUTH], distanceKm: 1.8 };
    const here = { corridorId: K7, how: 'stop' as const, segmentIds: [NORTH], distanceKm: 1 };
    expect(touchesFound(corridorOn(road()), { ...attack, touches: [elsewhere] })).toEqual(['stop north']);
    expect(touchesFound(corridorOn(road()), { ...attack, touches: [here] })).toEqual([]); // a new attempt on the same way
  });

  it('not at a duplicate, whose original counts, nor at what its sender took back and all discounted', () => {
    const attack = attackOf(fire(1));
    expect(touchesFound(corridorOn(road()), { ...attack, verification: 'duplicate' })).toEqual([]);
    expect(touchesFound(corridorOn(road()), { ...attack, isRetracted: true, discount: 'false_report' })).toEqual([]);
  });

  it('however old the fire is: danger never ends by time alone', () => {
    expect(touchesFound(corridorOn(road()), attackOf(fire(1, {}, at('09:00', '2022-02-26'))))).toEqual(['stop north']);
  });

  it('once: what it found before it does not find again', () => {
    const attack = attackOf(fire(1));
    const found = lookBack(corridorOn(road()), [attack]);
    const known = found.reduce((before, body) => evolveAttack(before, { body, version: 2, recordedAt: NINE, actorId: null }), attack);
    expect(touchesFound(corridorOn(road()), known)).toEqual([]);
  });

  it('again when it has moved: to the segment that is hit now', () => {
    const attack = { ...attackOf(fire(1)), touches: [{ corridorId: K7, how: 'stop' as const, segmentIds: [NORTH], distanceKm: 1 }] };
    expect(touchesFound(corridorOn(road({ id: id<SegmentId>('a detour') })), attack)).toEqual(['stop other']);
  });

  it('and keeps what named it', () => {
    const named = { ...attackOf(fire(40)), touches: [{ corridorId: K7, how: 'named' as const, segmentIds: [NORTH], distanceKm: 1 }] };
    expect(touchesFound(corridorOn(road()), named)).toEqual(['named ']);
  });
});

describe('what the look back finds acts like a report (E2, E3)', () => {
  /** Open on the old road; then the way is changed to one that fire had hit. */
  const changed = (report: Fact): { readonly history: History; readonly forced: readonly DomainEvent[] } => {
    const another = fact('RouteChanged', NINE, {
      corridorId: K7,
      geometryKind: 'traced',
      segments: [road()],
      permittedModes: ['bus', 'car'],
    });
    const [touched] = lookBack(corridorOn(road()), [attackOf(report)]);
    const history = given(...openCorridor(), report, another, { body: touched as AttackEvent, at: NINE, actorId: null });
    const forced = forcedEffects({ body: touched as AttackEvent, version: 2, recordedAt: NINE, actorId: null }, [history.dossier], idFor);
    return { history: history.and(...forced.map((body): Fact => ({ body, at: NINE, actorId: null }))), forced };
  };

  it('fire of the last three hours on the new way: DANGER, suspended', () => {
    const { history, forced } = changed(fire(1));
    expect(forced).toContainEqual(expect.objectContaining({ type: 'LifecycleChanged', to: 'suspended', cause: 'E2' }));
    expect(history.statusAt(NINE)).toMatchObject({
      display: 'danger',
      reasons: [{ code: 'danger', inputs: { segments: 'north of the river' } }],
    });
  });

  it('a mine on the new way: suspected, suspended', () => {
    const { history, forced } = changed(fire(0.2, { types: ['mine_uxo_ied'] }));
    expect(forced.map(({ type }) => type)).toEqual(['OrdnanceAssessed', 'HoldSet', 'LifecycleChanged']);
    expect(history.statusAt(NINE)).toMatchObject({ display: 'suspended', segments: [{ ordnance: 'suspected' }] });
  });

  it('older fire of this attempt: no effect, and SUSPENDED until somebody has looked', () => {
    const { history, forced } = changed(fire(1, {}, at('05:55')));
    expect(forced).toEqual([]);
    expect(history.statusAt(NINE)).toMatchObject({ display: 'suspended', reasons: [{ code: 'older_danger' }] });
  });

  it('fire that was over before this attempt began: HOLD until somebody has looked', () => {
    const { history } = changed(fire(1, {}, at('02:20')));
    expect(history.statusAt(NINE)).toMatchObject({ display: 'hold', reasons: [{ code: 'earlier_danger' }] });
    const { display, reasons } = see(NORTH, { roadLookedAt: true })(history, NINE).statusAt(NINE);
    expect(display).toBe('unknown'); // another road: nothing of it is measured
    expect(reasons.map(({ code }) => code)).not.toContain('earlier_danger');
  });
});

// ── The next attempt ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const NEXT_DAY = id<WindowId>('window of 10 March');
const nextDay = (time: string): Instant => at(time, '2022-03-10');

/** Closed at noon; the next morning a new attempt is agreed and scheduled for the window of that day. */
function nextMorning(...before: readonly Fact[]): History {
  return given(
    ...openCorridor(),
    ...before,
    lifecycleChanged('open', 'closed', at('12:00')),
    windowAnnounced(
      {
        windowId: NEXT_DAY,
        claims: [claim('start', { kind: 'instant', at: nextDay('07:00') }), claim('end', { kind: 'instant', at: nextDay('19:00') })],
      },
      at('13:00'),
    ),
    fact('AttemptStarted', nextDay('05:00'), { corridorId: K7, attemptNo: 2, windowId: NEXT_DAY, lifecycle: 'under_negotiation' }),
    ...(['ukraine', 'russia'] as const).map((party) =>
      fact('ConsentRecorded', nextDay('05:10'), { windowId: NEXT_DAY, party, consent: 'terms_confirmed', voice: null }),
    ),
    lifecycleChanged('under_negotiation', 'agreed', nextDay('05:20')),
    lifecycleChanged('agreed', 'scheduled', nextDay('05:30')),
  );
}

describe('after fire, the next attempt (1.5: danger never ends by time alone)', () => {
  const codes = (history: History, now: Instant): readonly string[] => history.statusAt(now).reasons.map(({ code }) => code);
  const shelled = nextMorning(attackReported('shells', NINE));

  it('may be PLANNED, with that reason beside it', () => {
    expect(shelled.statusAt(nextDay('06:59'))).toMatchObject({
      display: 'planned',
      beside: expect.arrayContaining([expect.objectContaining({ code: 'road_not_looked_at' })]) as unknown,
    });
  });

  it('is HOLD from its start until somebody has looked at the road', () => {
    expect(shelled.statusAt(nextDay('07:00')).display).toBe('hold');
    expect(codes(shelled, nextDay('07:00'))).toContain('earlier_danger');
    const looked = lookAtRoad(shelled, nextDay('06:30'));
    expect(codes(looked, nextDay('07:00'))).toEqual(['not_yet_opened']);
  });

  it('asks for a look after the fire, at every segment that it hit', () => {
    const both = attackReported('shells', NINE, { touches: [{ corridorId: K7, how: 'stop', segmentIds: [NORTH, SOUTH], distanceKm: 0 }] });
    const history = nextMorning(both);
    expect(codes(lookAtRoad(history, nextDay('06:30')), nextDay('07:00'))).toContain('earlier_danger');
    const looked = see(SOUTH, { roadLookedAt: true })(lookAtRoad(history, nextDay('06:30')), nextDay('06:31'));
    expect(codes(looked, nextDay('07:00'))).toEqual(['not_yet_opened']);
    const tooEarly = see(NORTH, { roadLookedAt: true, observedAt: NINE })(shelled, nextDay('06:30'));
    expect(codes(tooEarly, nextDay('07:00'))).toContain('earlier_danger');
  });
});

describe('holds over attempts (1.5, `holds[]`)', () => {
  const rule = holdSet('by a rule', at('11:00'), { origin: 'rule', reason: 'no_contact' });
  const person = holdSet('by a person', at('11:00'));
  const cleared = fact('HoldCleared', at('11:30'), { corridorId: K7, holdId: id<HoldId>('by a person'), note: null });

  it('those of people are inherited, and must be cleared anew; those of rules end', () => {
    const { holds } = nextMorning(rule, person, cleared).dossier.corridor;
    expect(holds).toMatchObject([{ id: id('by a person'), clearedBy: null, attemptNo: 1 }]);
  });

  it('a stop is inherited as well, and one that was set before there was any attempt', () => {
    const stopped = nextMorning(corridorStopped('a stop', at('11:00')));
    expect(stopped.statusAt(nextDay('06:00'))).toMatchObject({ display: 'hold', reasons: [{ code: 'hold', inputs: { why: 'shelling' } }] });
    const first = fact('AttemptStarted', at('06:00'), { corridorId: K7, attemptNo: 1, windowId: null, lifecycle: 'proposed' });
    expect(given(corridorDeclared(), holdSet('before', at('05:30')), first).dossier.corridor.holds).toHaveLength(1);
  });

  it('an inherited one suspends half an hour after the attempt is scheduled, not before', () => {
    const history = nextMorning(person);
    const suspends = (now: Instant): boolean =>
      timeEffects(history.dossier, now, idFor).some((effect) => effect.type === 'LifecycleChanged' && effect.cause === 'hold_unlifted');
    expect([suspends(nextDay('05:59:59.999')), suspends(nextDay('06:00'))]).toEqual([false, true]);
  });

  it('a rule’s hold that people lifted may be set again in the next attempt', () => {
    const lifted = fact('HoldLifted', at('11:40'), { corridorId: K7, holdId: id<HoldId>('by a rule'), because: 'decision', reason: null });
    expect(given(...openCorridor(), rule, lifted).dossier.corridor.liftedHoldIds).toEqual([id('by a rule')]);
    expect(nextMorning(rule, lifted).dossier.corridor.liftedHoldIds).toEqual([]);
  });
});

describe('what one attempt knows', () => {
  it('the next does not: opening, limits, transit times, light; only who may still be inside goes on', () => {
    const inside = fact('PeopleInsideReported', at('11:00'), { corridorId: K7, min: 3, max: 9, unaccounted: 0 }, FIELD_LEAD);
    const { attempt } = nextMorning(inside).dossier.corridor;
    expect(attempt).toMatchObject({
      no: 2,
      opening: null,
      wasEverOpen: false,
      limits: [],
      openingRequests: [],
      transitTimes: {},
      lightAndCurfew: { lastLightAt: null, curfewFrom: null, curfewTo: null },
      peopleInside: { min: 3, max: 9 },
    });
  });
});
