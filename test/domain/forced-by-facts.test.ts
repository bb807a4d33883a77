import { describe, expect, it } from '@jest/globals';
import { ATTACK_TYPES, type AttackEffect, type AttackType } from '../../src/domain/attack.js';
import { recordViolation } from '../../src/domain/ceasefire.js';
import { LIFECYCLES, ORDNANCE_STATUSES, type Lifecycle, type OrdnanceStatus } from '../../src/domain/corridor.js';
import type { Dossier } from '../../src/domain/dossier.js';
import type { DomainEvent } from '../../src/domain/event.js';
import { forcedEffects } from '../../src/domain/forced-effects.js';
import type { AttackId, CorridorId, HoldId, WindowId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { ROLES_WITH } from '../../src/domain/permission.js';
import type { Display } from '../../src/domain/status.js';
import { CONSENTS, VIOLATION_KINDS, isAgreement, type ViolationKind } from '../../src/domain/window.js';
import { assess, greenLight, inTurn, liftHoldByTwo, lookAtRoad, openByTwo, see, survey, windowOf } from '../support/acts.js';
import {
  FIRST,
  K7,
  NORTH,
  SOUTH,
  WINDOW,
  at,
  attackReported,
  command,
  consentRecorded,
  corridorDeclared,
  fact,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
  proposedCorridor,
  scheduledCorridor,
  windowAnnounced,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const NINE = at('09:00');
const open = openCorridor();
const idFor = (name: string): HoldId => id<HoldId>(name);

function forcedOn(dossiers: readonly Dossier[], cause: Fact): readonly DomainEvent[] {
  return forcedEffects({ body: cause.body, version: 1, recordedAt: cause.at, actorId: cause.actorId }, dossiers, idFor);
}

/** What a fact forces on the corridor, told shortly. */
function forced(before: readonly Fact[], cause: Fact): readonly string[] {
  return forcedOn([given(...before, cause).dossier], cause).map(told);
}
function told(event: DomainEvent): string {
  switch (event.type) {
    case 'HoldSet':
      return `hold: ${event.reason}${event.modes === null ? '' : ` for ${event.modes.join(', ')}`}`;
    case 'LifecycleChanged':
      return `${event.cause}: ${event.to}`;
    case 'OrdnanceAssessed':
      return `${event.segmentId === NORTH ? 'north' : 'south'}: ${event.status}`;
    default:
      return event.type;
  }
}

/** The history with the fact and what it forces written into it. */
function struck(before: readonly Fact[], cause: Fact): History {
  const history = given(...before, cause);
  return history.and(...forcedOn([history.dossier], cause).map((body): Fact => ({ body, at: cause.at, actorId: null })));
}

/** At that step, whatever led there. */
function inStep(lifecycle: Lifecycle): readonly Fact[] {
  return [...open, lifecycleChanged('open', lifecycle, at('08:30'))];
}
/** In these a stop suspends; in the next ones it is a hold; in the rest there is nothing to stop. */
const WITH_DEPARTURES: readonly Lifecycle[] = ['scheduled', 'open', 'closing'];
const OVER: readonly Lifecycle[] = ['closed', 'completed', 'cancelled', 'failed'];

function what(...types: readonly [AttackType, ...AttackType[]]): Parameters<typeof attackReported>[2] {
  return { types, place: null };
}

describe('what a report of each type does to an open corridor that it hits (3.2)', () => {
  const EFFECTS: Readonly<Record<AttackEffect, { readonly forces: readonly string[]; readonly word: Display }>> = {
    danger: { forces: ['hold: attack', 'E2: suspended', 'ViolationRecorded', 'hold: window_violated'], word: 'danger' },
    ordnance: { forces: ['north: suspected', 'hold: ordnance', 'E3: suspended'], word: 'suspended' },
    protection: { forces: ['hold: protection'], word: 'hold' },
    obstruction: { forces: ['hold: obstruction'], word: 'hold' },
  };
  const EFFECT_BY_TYPE: Readonly<Record<AttackType, AttackEffect>> = {
    shelling_artillery_mortar: 'danger',
    mlrs_rocket: 'danger',
    missile: 'danger',
    airstrike: 'danger',
    drone_strike: 'danger',
    cluster_munition: 'danger',
    small_arms: 'danger',
    sniper: 'danger',
    armoured_vehicle_fire: 'danger',
    mine_uxo_ied: 'ordnance',
    chemical_incendiary: 'danger',
    shooting_at_checkpoint: 'danger',
    abduction: 'protection',
    execution: 'danger',
    torture_ill_treatment: 'protection',
    sexual_violence: 'protection',
    arrest_detention: 'protection',
    obstruction: 'obstruction',
    looting: 'obstruction',
    accident: 'danger',
    other: 'danger',
    unknown: 'danger',
  };

  it.each(ATTACK_TYPES)('%s', (type) => {
    const { forces, word } = EFFECTS[EFFECT_BY_TYPE[type]];
    const report = attackReported('a report', NINE, what(type));
    // A crash or a fire is danger, but nobody broke the ceasefire by it.
    const expected = type === 'accident' ? ['hold: attack', 'E2: suspended'] : forces;
    expect(forced(open, report)).toEqual(expected);
    expect(struck(open, report).statusAt(NINE).display).toBe(word);
  });

  it('of two kinds does both', () => {
    const both = attackReported('shells and a mine', NINE, what('shelling_artillery_mortar', 'mine_uxo_ied'));
    expect(forced(open, both)).toEqual(expect.arrayContaining(['hold: attack', 'hold: ordnance', 'north: suspected']));
    expect(forced(open, both).filter((effect) => effect.endsWith('suspended'))).toHaveLength(1);
  });
});

describe('E2, fire in the stop ring', () => {
  const outsider = { teamOf: [], touches: [{ corridorId: K7, how: 'stop' as const, segmentIds: [NORTH], distanceKm: 0.4 }] };
  const unknown = { ...outsider, isAuthenticated: false };
  /** Before its window begins nothing is violated: these are the effects of E2 alone. */
  const scheduled = scheduledCorridor();
  const at0655 = at('06:55');
  const senders: readonly (readonly [string, Parameters<typeof attackReported>[2], readonly string[], Display])[] = [
    ['of the corridor’s own team: danger, suspended', {}, ['hold: attack', 'E2: suspended'], 'danger'],
    ['who is signed in: danger', outsider, [], 'danger'],
    ['who is unknown: no change of word', unknown, [], 'planned'],
    [
      'who are unknown, of two origins: danger, suspended',
      { ...unknown, originGroups: ['a', 'b'] },
      ['hold: attack', 'E2: suspended'],
      'danger',
    ],
  ];
  it.each(senders)('from a sender %s', (_who, changes, forces, word) => {
    const report = attackReported('shells', at0655, { place: null, ...changes });
    expect(forced(scheduled, report)).toEqual(forces);
    expect(struck(scheduled, report).statusAt(at0655).display).toBe(word);
  });

  const grades: readonly (readonly ['A' | 'B' | 'C' | 'D' | 'E' | 'F', '1' | '5' | '6', readonly string[], Display])[] = [
    ['A', '1', ['hold: attack', 'E2: suspended'], 'danger'],
    ['C', '6', ['hold: attack', 'E2: suspended'], 'danger'],
    ['D', '1', [], 'planned'],
    ['F', '6', [], 'planned'],
    ['A', '5', [], 'planned'],
  ];
  it.each(grades)('from an unknown sender, graded %s%s', (reliability, credibility, forces, word) => {
    const rumour = attackReported('shells', at('06:52'), { ...unknown, place: null });
    const graded = fact('AttackGraded', at0655, {
      attackId: id<AttackId>('shells'),
      grade: { reliability, credibility },
      verification: 'under_review',
      place: null,
      note: null,
    });
    expect(forced([...scheduled, rumour], graded)).toEqual(forces);
    expect(struck([...scheduled, rumour], graded).statusAt(at0655).display).toBe(word);
  });

  it('of a second origin, told later, suspends as two at once would', () => {
    const rumour = attackReported('shells', at('06:52'), { ...unknown, place: null });
    const again = fact('AttackCorroborated', at0655, { attackId: id<AttackId>('shells'), originGroup: 'another', note: null });
    expect(forced([...scheduled, rumour], again)).toEqual(['hold: attack', 'E2: suspended']);
  });

  it.each(LIFECYCLES)('on an attempt that is %s', (lifecycle) => {
    const forces = forced(inStep(lifecycle), attackReported('shells', NINE, what('accident')));
    if (WITH_DEPARTURES.includes(lifecycle)) expect(forces).toEqual(['hold: attack', 'E2: suspended']);
    else expect(forces).toEqual(OVER.includes(lifecycle) ? [] : ['hold: attack']);
  });

  it('no older than three hours', () => {
    const from = (countsFrom: Instant): Fact => attackReported('shells', NINE, { ...what('accident'), occurredAt: countsFrom, countsFrom });
    expect(forced(open, from(at('06:00:00.001')))).toEqual(['hold: attack', 'E2: suspended']);
    expect(forced(open, from(at('06:00')))).toEqual([]);
  });

  it('that was discounted, or is a duplicate, forces nothing', () => {
    const report = attackReported('shells', NINE, what('accident'));
    const { dossier } = given(...open, report);
    const [attack] = dossier.attacks;
    for (const change of [{ discountedFor: [K7] }, { verification: 'duplicate' }]) {
      expect(forcedOn([{ ...dossier, attacks: [{ ...attack, ...change } as never] }], report)).toEqual([]);
    }
  });
});

describe('E3, a mine or unexploded ordnance on a segment', () => {
  const mine = (changes: Parameters<typeof attackReported>[2] = {}): Fact =>
    attackReported('a mine', NINE, { ...what('mine_uxo_ied'), ...changes });

  it('is suspected there, whatever was known of it, unless it was known to be worse', () => {
    const after = (before: OrdnanceStatus): OrdnanceStatus | undefined => {
      const known = fact('OrdnanceAssessed', at('08:00'), { corridorId: K7, segmentId: NORTH, status: before, cause: 'assessor' });
      return struck([...open, known], mine()).dossier.corridor.segments[0]?.ordnance.status;
    };
    expect(Object.fromEntries(ORDNANCE_STATUSES.map((before) => [before, after(before)]))).toEqual({
      cleared: 'suspected',
      surveyed_no_evidence: 'suspected',
      used_no_incident: 'suspected',
      not_assessed: 'suspected',
      struck_since: 'suspected',
      suspected: 'suspected',
      confirmed: 'confirmed',
    });
  });

  it('suspends whoever tells it, once: nobody can call a mine back (ADR 13)', () => {
    const stranger = mine({ isAuthenticated: false, teamOf: [], originGroups: ['a stranger'] });
    expect(forced(open, stranger)).toEqual(['north: suspected', 'hold: ordnance', 'E3: suspended']);
  });

  it('is suspected on every segment where the report names only the corridor', () => {
    const touches = [{ corridorId: K7, how: 'named' as const, segmentIds: [], distanceKm: null }];
    expect(forced(open, mine({ touches }))).toEqual(['north: suspected', 'south: suspected', 'hold: ordnance', 'E3: suspended']);
  });

  it('counts however old it is: a mine does not go away', () => {
    expect(forced(open, mine({ countsFrom: at('09:00', '2022-02-09') }))).toContain('E3: suspended');
  });

  it('outside the stop ring forces nothing', () => {
    expect(forced(open, mine({ touches: [{ corridorId: K7, how: 'watch', segmentIds: [NORTH], distanceKm: 3 }] }))).toEqual([]);
  });

  it('before there is anything to suspend makes the segment suspected, and holds what runs', () => {
    expect(forced([corridorDeclared()], mine())).toEqual(['north: suspected']);
    expect(forced(proposedCorridor(), mine())).toEqual(['north: suspected', 'hold: ordnance']);
  });

  it('is not undone by anybody who drove over it: only an assessor says otherwise', () => {
    const stopped = struck(open, mine());
    const passed = inTurn(see(NORTH, { seen: 'passage', roadLookedAt: true }))(stopped, at('09:10'));
    expect(passed.dossier.corridor.segments[0]?.ordnance.status).toBe('suspected');
    expect(ROLES_WITH['ordnance.assess']).toEqual(['ordnance_assessor']);
    const surveyed = inTurn(survey, liftHoldByTwo, greenLight('ukraine', 'russia'), openByTwo('reopen'))(passed, at('09:15'));
    expect(surveyed.statusAt(at('09:15')).display).toBe('open');
  });
});

describe('E3, what a strike leaves on a road that was clear', () => {
  /** On the first point of the northern segment, moved west by so many km: a degree of longitude is 75.35 km there, and the line runs to the north-east. */
  const at0 = (km: number): readonly [number, number] => [34.65 - km / 75.35, 47.5];
  const strike = (type: AttackType, km: number, precisionKm = 0): readonly string[] =>
    forced(open, attackReported('a strike', NINE, { types: [type], place: { name: null, position: at0(km), precisionKm } })).filter(
      (effect) => effect.endsWith('struck_since'),
    );
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['within 500 m', strike('shelling_artillery_mortar', 0.49), ['north: struck_since']],
    ['not further off', strike('shelling_artillery_mortar', 0.51), []],
    ['to the edge of its circle', strike('shelling_artillery_mortar', 0.98, 0.5), ['north: struck_since']],
    ['within 2 km for cluster munitions, which scatter', strike('cluster_munition', 1.99), ['north: struck_since']],
    ['not further off, for these either', strike('cluster_munition', 2.01), []],
    ['not by small arms', strike('small_arms', 0), []],
  ];
  it.each(cases)('%s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each(ORDNANCE_STATUSES)('where it was %s', (before) => {
    const known = fact('OrdnanceAssessed', at('08:00'), { corridorId: K7, segmentId: NORTH, status: before, cause: 'assessor' });
    const shells = attackReported('a strike', NINE, { place: { name: null, position: [34.65, 47.5], precisionKm: 0 } });
    const wasClear = ['cleared', 'surveyed_no_evidence', 'used_no_incident'].includes(before);
    expect(forced([...open, known], shells).includes('north: struck_since')).toBe(wasClear);
  });
});

describe('E3, a strike that is told late', () => {
  const told = (occurred: Instant, assessedAt: Instant): readonly string[] => {
    const known = fact('OrdnanceAssessed', assessedAt, { corridorId: K7, segmentId: NORTH, status: 'cleared', cause: 'assessor' });
    const place = { name: null, position: [34.65, 47.5] as const, precisionKm: 0 };
    return forced([...open, known], attackReported('a strike', NINE, { place, occurredAt: occurred, countsFrom: occurred }));
  };

  it('makes the ground clear no longer, though its danger is over: ordnance does not age', () => {
    expect(told(at('05:30'), at('05:25'))).toEqual(['north: struck_since']);
  });

  it('takes nothing back that an assessor cleared since, once its three hours are over', () => {
    expect(told(at('05:30'), at('05:35'))).toEqual([]);
    expect(told(at('08:30'), at('08:35'))).toContain('north: struck_since'); // fresh: in doubt it is worse
  });
});

describe('E4, a consent that falls', () => {
  const says = (consent: (typeof CONSENTS)[number], when = NINE): Fact => consentRecorded('russia', consent, when);

  it.each(CONSENTS)('from a green light to %s', (consent) => {
    const history = struck(open, says(consent));
    expect(forced(open, says(consent))).toEqual(isAgreement(consent) ? [] : ['hold: consent_fell', 'E4: suspended']);
    const word = { green_light: 'open', terms_confirmed: 'unknown' }[consent as string] ?? 'suspended';
    expect(history.statusAt(NINE).display).toBe(word);
  });

  it('from confirmed terms, before the green lights', () => {
    expect(forced([...open, says('terms_confirmed', at('08:55'))], says('disputed'))).toEqual(['hold: consent_fell', 'E4: suspended']);
  });

  it.each(LIFECYCLES)('on an attempt that is %s', (lifecycle) => {
    const forces = forced(inStep(lifecycle), says('withdrawn'));
    if (WITH_DEPARTURES.includes(lifecycle)) expect(forces).toEqual(['hold: consent_fell', 'E4: suspended']);
    else expect(forces).toEqual(OVER.includes(lifecycle) ? [] : ['hold: consent_fell']); // nobody departs: "suspended" means a hold
  });

  it('of a party that controls nothing here, or to another window, forces nothing', () => {
    expect(forced(open, consentRecorded('a facilitator', 'refused', NINE))).toEqual([]);
    const other = id<WindowId>('another window');
    const refused = fact('ConsentRecorded', NINE, { windowId: other, party: 'russia', consent: 'refused', voice: null });
    expect(forced([...open, windowAnnounced({ windowId: other })], refused)).toEqual([]);
  });

  it('is not mended by a new consent: what was suspended is opened again by two', () => {
    const stopped = struck(open, says('disputed'));
    const agreedAgain = greenLight('russia')(stopped, at('09:10'));
    expect(agreedAgain.statusAt(at('09:10'))).toMatchObject({ display: 'suspended', holds: [{ reason: 'consent_fell' }] });
    const reopened = inTurn(liftHoldByTwo, greenLight('ukraine'), openByTwo('reopen'))(agreedAgain, at('09:15'));
    expect(reopened.statusAt(at('09:15')).display).toBe('open');
  });
});

describe('E5, a violation that a coordinator records', () => {
  const K8 = id<CorridorId>('corridor K8');
  const violation = (kind: ViolationKind, hit: readonly CorridorId[], when = NINE): Fact =>
    fact('ViolationRecorded', when, {
      windowId: WINDOW,
      violationId: command('violation'),
      kind,
      hitCorridorIds: hit,
      attackId: null,
      note: null,
    });
  /** What it forces on the two corridors of the window. */
  const forces = (cause: Fact, facts = open): Readonly<Record<'K7' | 'K8', readonly string[]>> => {
    const { dossier } = given(...facts, cause);
    const events = forcedOn([dossier, { ...dossier, corridor: { ...dossier.corridor, id: K8 } }], cause);
    const of = (corridorId: CorridorId): readonly string[] =>
      events.filter((event) => 'corridorId' in event && event.corridorId === corridorId).map(told);
    return { K7: of(K7), K8: of(K8) };
  };
  type Forced = ReturnType<typeof forces>;
  /** 2.4 suspends for the first three; where E5 has them as an obstruction, the harder one holds (ADR 13). */
  const BROKEN: Forced = { K7: ['hold: window_violated', 'E5: suspended'], K8: ['hold: window_violated'] };
  const MINED: Forced = { K7: ['north: suspected', 'south: suspected', 'hold: ordnance', 'E3: suspended'], K8: [] };
  const COERCED: Forced = { K7: ['hold: protection', 'CriterionAssessed'], K8: [] };
  const OBSTRUCTED: Forced = { K7: ['hold: obstruction'], K8: [] };
  const BY_KIND: Readonly<Record<ViolationKind, Forced>> = {
    fire_small_arms: BROKEN,
    fire_indirect: BROKEN,
    air_strike: BROKEN,
    uav_strike: BROKEN,
    explosion_undetermined: OBSTRUCTED,
    mine_laying: MINED,
    eo_found: MINED,
    obstruction: OBSTRUCTED,
    delay: OBSTRUCTED,
    confiscation: OBSTRUCTED,
    attack_civilians: BROKEN,
    attack_medical: BROKEN,
    attack_humanitarian: BROKEN,
    detention: COERCED,
    separation: COERCED,
    forced_transfer: COERCED,
    monitor_restricted: OBSTRUCTED,
    hostile_announcement: BROKEN,
  };

  it.each(VIOLATION_KINDS)('of the kind %s', (kind) => {
    expect(forces(violation(kind, [K7]))).toEqual(BY_KIND[kind]);
  });

  it.each([
    ['before the window', at('06:59')],
    ['after its end', at('19:00')],
  ])('of a mine %s makes the road suspected and stops it: a mine knows no window (E3)', (_when, when) => {
    expect(forces(violation('eo_found', [K7], when)).K7).toEqual(MINED.K7);
  });

  it('of a mine is mended by nobody but an assessor', () => {
    const mined = struck(open, violation('mine_laying', [K7]));
    expect(mined.statusAt(NINE)).toMatchObject({ display: 'suspended', segments: [{ ordnance: 'suspected' }, { ordnance: 'suspected' }] });
    const lifted = liftHoldByTwo(mined, at('09:05'));
    expect(lifted.statusAt(at('09:05')).segments.map(({ ordnance }) => ordnance)).toEqual(['suspected', 'suspected']);
  });

  it('of words or deeds other than fire acts before the window begins, and no longer once it is over', () => {
    for (const kind of ['hostile_announcement', 'separation', 'obstruction'] as const) {
      expect(forces(violation(kind, [K7], at('06:59')))).toEqual(BY_KIND[kind]);
      expect(forces(violation(kind, [K7], at('19:00')))).toEqual({ K7: [], K8: [] });
    }
  });

  it('by a party that will not honour the window, and names no corridor, is of all of them', () => {
    const { dossier } = given(...open);
    const window = { ...windowOf(dossier), corridorIds: [K7, K8] };
    const recorded = { commandId: command('violation'), actor: FIRST, hitCorridorIds: [], attackId: null, note: null };
    expect(recordViolation(window, { ...recorded, kind: 'hostile_announcement' })).toMatchObject({
      events: [{ hitCorridorIds: [K7, K8] }],
    });
    expect(recordViolation(window, { ...recorded, kind: 'fire_indirect' })).toMatchObject({ events: [{ hitCorridorIds: [] }] });
  });

  it('of separation takes away that nobody is coerced, also once its hold is lifted (E10)', () => {
    const lifted = liftHoldByTwo(struck(open, violation('separation', [K7])), at('09:05'));
    expect(lifted.statusAt(at('09:05'))).toMatchObject({
      display: 'unknown',
      reasons: [{ code: 'criterion_missing', inputs: { criterion: 'no_forced_transfer', value: 'unknown' } }],
    });
    expect(assess('no_forced_transfer')(lifted, at('09:06')).statusAt(at('09:06')).display).toBe('open');
  });

  it.each(LIFECYCLES)('on an attempt that is %s', (lifecycle) => {
    const { K7: onHit, K8: onOther } = forces(violation('fire_indirect', [K7]), inStep(lifecycle));
    const isOver = OVER.includes(lifecycle);
    const suspends = WITH_DEPARTURES.includes(lifecycle) ? ['E5: suspended'] : [];
    expect({ onHit, onOther }).toEqual({
      onHit: isOver ? [] : ['hold: window_violated', ...suspends],
      onOther: isOver ? [] : ['hold: window_violated'],
    });
  });

  it('before the window or after its end is a fact on the window, with no effect', () => {
    expect(forces(violation('fire_indirect', [K7], at('06:59:59.999')))).toEqual({ K7: [], K8: [] });
    expect(forces(violation('fire_indirect', [K7], at('07:00'))).K8).toEqual(['hold: window_violated']);
    expect(forces(violation('fire_indirect', [K7], at('18:59:59.999'))).K8).toEqual(['hold: window_violated']);
    expect(forces(violation('fire_indirect', [K7], at('19:00')))).toEqual({ K7: [], K8: [] });
  });
});

describe('an obstruction (3.2): no danger, no way for that mode', () => {
  const blocked = attackReported('a closed checkpoint', NINE, { ...what('obstruction'), modes: ['bus'] });

  it('holds the mode that it names, and leaves the others going', () => {
    expect(forced(open, blocked)).toEqual(['hold: obstruction for bus']);
    expect(struck(open, blocked).statusAt(NINE)).toMatchObject({
      display: 'limited',
      reasons: [{ code: 'some_modes_only', inputs: { modes: 'car' } }, { code: 'hold' }, { code: 'not_passable' }],
      modes: [
        { mode: 'bus', display: 'hold', passability: 'not_passable' },
        { mode: 'car', display: 'open' },
      ],
    });
  });

  it('is not mended by the lift of its hold alone: somebody must have seen that the way is free', () => {
    const lifted = liftHoldByTwo(struck(open, blocked), at('09:05'));
    expect(lifted.statusAt(at('09:05')).display).toBe('limited');
    const passable = see(NORTH, { passability: { bus: 'passable' } })(lifted, at('09:05'));
    expect(passable.statusAt(at('09:05')).display).toBe('open');
  });

  it('on one segment says nothing of the others', () => {
    const history = struck(open, blocked).and(observed(SOUTH, at('09:01'), { passability: { bus: 'passable' } }));
    const [note] = history.statusAt(at('09:02')).reasons.filter(({ code }) => code === 'not_passable');
    expect(note?.inputs).toMatchObject({ segment: 'north of the river', mode: 'bus' });
  });

  it('of everybody holds the corridor', () => {
    expect(struck(open, attackReported('a closed checkpoint', NINE, what('looting'))).statusAt(NINE).display).toBe('hold');
  });

  it('where nothing runs any more holds nothing', () => {
    for (const lifecycle of OVER) expect(forced(inStep(lifecycle), blocked)).toEqual([]);
  });
});

describe('a protection report (3.2): a hold and an alarm, never a danger', () => {
  const taken = attackReported('people taken aside', NINE, what('arrest_detention'));

  it('where nothing runs any more holds nothing', () => {
    for (const lifecycle of OVER) expect(forced(inStep(lifecycle), taken)).toEqual([]);
  });

  it('stands beside the word for the whole attempt, also once its hold is lifted', () => {
    const notes = (history: History, now: Instant): readonly string[] => history.statusAt(now).beside.map(({ code }) => code);
    const held = struck(open, taken);
    expect(notes(held, NINE)).toContain('protection_alarm');
    const lifted = liftHoldByTwo(held, at('09:10'));
    expect(lifted.statusAt(at('09:10')).display).toBe('open');
    expect(notes(lifted, at('18:00'))).toContain('protection_alarm');
  });

  it('does not ask for a look at the road', () => {
    expect(
      struck(open, taken)
        .statusAt(NINE)
        .reasons.map(({ code }) => code),
    ).toEqual(['hold']);
    expect(lookAtRoad(struck(open, taken), at('09:05')).statusAt(at('09:05')).display).toBe('hold');
  });
});
