import { describe, expect, it } from '@jest/globals';
import type { Exposure, Lifecycle } from '../../src/domain/corridor.js';
import { TIME_EDGES } from '../../src/domain/display.js';
import type { HoldId } from '../../src/domain/ids.js';
import { addMs, type Instant } from '../../src/domain/instant.js';
import type { Freshness } from '../../src/domain/status.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import {
  FIELD_LEAD,
  FIRST,
  K7,
  NORTH,
  SOUTH,
  WINDOW,
  at,
  claim,
  command,
  consentRecorded,
  corridorDeclared,
  fact,
  hotlineAnswered,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
  watched,
  segment,
  windowAnnounced,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = at('09:00');

/** Where the attempt stands at nine o'clock, and who is on the road. */
interface Scene {
  readonly startsAt: Instant;
  readonly lifecycle: Lifecycle;
  /** The most people who may be inside; left out: nobody has counted. */
  readonly inside?: number;
  readonly wasOpen?: true;
}

const SCENES = {
  planning: { startsAt: at('12:00'), lifecycle: 'scheduled' },
  'pre-opening': { startsAt: at('10:00'), lifecycle: 'scheduled' },
  'running, nobody inside': { startsAt: at('07:00'), lifecycle: 'scheduled' },
  'running, people inside': { startsAt: at('07:00'), lifecycle: 'open', inside: 40 },
  closing: { startsAt: at('07:00'), lifecycle: 'closing', inside: 40 },
} as const satisfies Readonly<Record<string, Scene>>;
type Phase = keyof typeof SCENES;

/** One segment, seen once and never again. */
function seenOnce(scene: Scene, exposure: Exposure, seenAt: Instant): History {
  const { startsAt, lifecycle, inside, wasOpen } = scene;
  return given(
    corridorDeclared({ segments: [segment({ exposure })], permittedModes: ['bus'] }),
    fact('StanceSet', at('05:05'), { corridorId: K7, proposalId: command('s'), stance: 'supported', proposedBy: FIRST.id }),
    windowAnnounced({ claims: [claim('start', { kind: 'instant', at: startsAt }), claim('end', { kind: 'instant', at: at('23:00') })] }),
    fact('AttemptStarted', at('05:20'), { corridorId: K7, attemptNo: 1, windowId: WINDOW, lifecycle: 'under_negotiation' }),
    consentRecorded('ukraine', 'green_light', at('08:30')),
    consentRecorded('russia', 'green_light', at('08:30')),
    lifecycleChanged('under_negotiation', 'scheduled', at('05:50')),
    ...(lifecycle === 'open' || wasOpen === true ? [openedAt('06:55')] : []),
    ...(lifecycle === 'scheduled' ? [] : [lifecycleChanged('open', lifecycle, at('08:30'))]),
    ...(inside === undefined ? [] : [peopleInside(inside)]),
    observed(NORTH, seenAt),
  );
}

function openedAt(time: string): Fact {
  const [opening] = openCorridor().filter(({ body }) => body.type === 'CorridorOpened') as [Fact];
  return { ...opening, at: at(time) };
}

function peopleInside(max: number): Fact {
  return fact('PeopleInsideReported', at('08:40'), { corridorId: K7, min: 0, max, unaccounted: 0 }, FIELD_LEAD);
}

function freshnessOf(history: History): Freshness | undefined {
  return history.statusAt(NOW).segments[0]?.freshness;
}
function isHeldForSilence(history: History): boolean {
  return timeEffects(history.dossier, NOW, (name) => id<HoldId>(name)).some(
    (effect) => effect.type === 'HoldSet' && effect.reason === 'no_contact',
  );
}

/** Domain 1.5, "Evidence: a watch rule for each segment": live and stale. */
const TABLE: readonly (readonly [Phase, Exposure, number, number])[] = [
  ['planning', 'line', 24 * HOUR, 72 * HOUR],
  ['planning', 'fire_risk', 24 * HOUR, 72 * HOUR],
  ['planning', 'quiet', 72 * HOUR, 7 * DAY],
  ['pre-opening', 'line', 30 * MINUTE, 60 * MINUTE],
  ['pre-opening', 'fire_risk', 60 * MINUTE, 120 * MINUTE],
  ['pre-opening', 'quiet', 2 * HOUR, 4 * HOUR],
  ['running, nobody inside', 'line', 30 * MINUTE, 60 * MINUTE],
  ['running, nobody inside', 'fire_risk', 30 * MINUTE, 60 * MINUTE],
  ['running, nobody inside', 'quiet', 60 * MINUTE, 120 * MINUTE],
  ['running, people inside', 'line', 15 * MINUTE, 30 * MINUTE],
  ['running, people inside', 'fire_risk', 30 * MINUTE, 60 * MINUTE],
  ['running, people inside', 'quiet', 60 * MINUTE, 120 * MINUTE],
  ['closing', 'line', 15 * MINUTE, 30 * MINUTE],
  ['closing', 'fire_risk', 30 * MINUTE, 60 * MINUTE],
  ['closing', 'quiet', 60 * MINUTE, 120 * MINUTE],
];

describe.each(TABLE)('a report in the phase %s of a segment in exposure %s (1.5, S3)', (phase, exposure, live, stale) => {
  const aged = (ms: number): History => seenOnce(SCENES[phase], exposure, addMs(NOW, -ms));

  const ages: readonly (readonly [string, number, Freshness])[] = [
    ['live − 1 ms', live - 1, 'live'],
    ['live', live, 'ageing'],
    ['stale − 1 ms', stale - 1, 'ageing'],
    ['stale', stale, 'stale'],
    ['2 × stale', 2 * stale, 'stale'],
  ];
  it.each(ages)('%s old', (_age, ms, freshness) => {
    expect(freshnessOf(aged(ms))).toBe(freshness);
  });

  it('twice as old as stale sets a hold from T−2 h to the last person out, and not before (E6)', () => {
    expect([isHeldForSilence(aged(2 * stale - 1)), isHeldForSilence(aged(2 * stale))]).toEqual([false, phase !== 'planning']);
  });

  it('is named as ageing beside the word, from T−2 h on', () => {
    const notes = aged(live)
      .statusAt(NOW)
      .beside.map(({ code }) => code);
    expect(notes.filter((code) => code === 'evidence_ageing')).toHaveLength(phase === 'planning' ? 0 : 1);
  });
});

describe('the phase', () => {
  /** Seen 90 minutes ago: live in planning, ageing in the last two hours, stale once it runs. */
  const before = (startsAt: Instant): Freshness | undefined =>
    freshnessOf(seenOnce({ ...SCENES.planning, startsAt }, 'fire_risk', addMs(NOW, -90 * MINUTE)));

  it('is pre-opening from T−2 h, to the millisecond', () => {
    expect(before(addMs(NOW, 2 * HOUR + 1))).toBe('live');
    expect(before(addMs(NOW, 2 * HOUR))).toBe('ageing');
  });

  it('is running from the start, to the millisecond', () => {
    expect(before(addMs(NOW, 1))).toBe('ageing');
    expect(before(NOW)).toBe('stale');
  });

  it('is planning again once the attempt is over', () => {
    expect(freshnessOf(seenOnce({ ...SCENES.closing, lifecycle: 'completed' }, 'line', addMs(NOW, -23 * HOUR)))).toBe('live');
  });

  it('is closing where it was closed and nobody has counted who is inside', () => {
    const closed = { ...SCENES.closing, lifecycle: 'closed' } as const;
    expect(freshnessOf(seenOnce(closed, 'line', addMs(NOW, -30 * MINUTE)))).toBe('stale');
  });

  it('makes PLANNED never UNKNOWN by age (row 6)', () => {
    const scheduled = seenOnce(SCENES['pre-opening'], 'line', addMs(NOW, -100 * DAY));
    expect(scheduled.statusAt(NOW).display).toBe('planned');
  });
});

describe('someone is in a line segment, or due there in 30 minutes', () => {
  const running = { startsAt: at('07:00') } as const;
  const scenes: readonly (readonly [string, Scene, boolean])[] = [
    ['while it is open: who is let in will be due', { ...running, lifecycle: 'open', inside: 0 }, true],
    ['while it is open and nobody has counted', { ...running, lifecycle: 'open' }, true],
    ['while people are inside, though it is suspended', { ...running, lifecycle: 'suspended', wasOpen: true, inside: 3 }, true],
    ['while it was open and nobody has counted', { ...running, lifecycle: 'suspended', wasOpen: true }, true],
    ['not once everybody is out', { ...running, lifecycle: 'suspended', wasOpen: true, inside: 0 }, false],
    ['not where it was never open', { ...running, lifecycle: 'scheduled' }, false],
  ];
  it.each(scenes)('%s', (_what, scene, isOccupied) => {
    // 20 minutes: ageing where 15 are allowed, live where 30 are.
    expect(freshnessOf(seenOnce(scene, 'line', addMs(NOW, -20 * MINUTE)))).toBe(isOccupied ? 'ageing' : 'live');
  });
});

describe('each party’s hotline ages before it falls silent (1.5, last column)', () => {
  it('from 30 minutes on while running', () => {
    const notesAt = (now: Instant): readonly string[] =>
      given(...openCorridor(), ...watched(at('09:15')))
        .statusAt(now)
        .beside.map(({ code }) => code);
    expect(notesAt(addMs(at('09:20'), -1))).not.toContain('hotline_ageing');
    expect(notesAt(at('09:20')).filter((code) => code === 'hotline_ageing')).toHaveLength(2);
    expect(notesAt(at('09:50'))).not.toContain('hotline_ageing'); // silent by now, which is worse
  });
});

describe('each party’s hotline falls silent (1.5, last column)', () => {
  const ages: readonly (readonly [Phase, number])[] = [
    ['planning', 24 * HOUR],
    ['pre-opening', 60 * MINUTE],
    ['running, nobody inside', 60 * MINUTE],
    ['running, people inside', 60 * MINUTE],
    ['closing', 30 * MINUTE],
  ];
  it.each(ages)('in the phase %s', (phase, stale) => {
    const answeredAt = at('08:45');
    const { dossier } = seenOnce(SCENES[phase], 'quiet', NOW).and(hotlineAnswered('russia', answeredAt));
    expect(TIME_EDGES['hotlineEnds']?.(dossier, NOW)).toContain(addMs(answeredAt, stale));
  });
});

describe('what else ages, to the millisecond', () => {
  const bridge = segment({ id: SOUTH, no: 2, name: 'the bridge', watch: 'blind' });
  const blind = (passedAt: Instant): History =>
    given(...openCorridor({ segments: [segment(), bridge] }), observed(SOUTH, passedAt, { seen: 'passage' }), observed(NORTH, passedAt));
  const used = (assessedAt: Instant): History =>
    given(
      ...openCorridor(),
      fact('OrdnanceAssessed', assessedAt, { corridorId: K7, segmentId: NORTH, status: 'used_no_incident', cause: 'assessor' }),
    );
  /** Opened so long after the green light that it serves. */
  const opened = (afterMs: number): History =>
    given(...openCorridor().map((known) => (known.body.type === 'CorridorOpened' ? { ...known, at: addMs(at('06:45'), afterMs) } : known)));
  const assessed = (validUntil: Instant): History =>
    given(
      ...openCorridor(),
      fact('CriterionAssessed', at('08:00'), { corridorId: K7, criterion: 'medical', value: 'met', validUntil, note: null }),
    );
  const cases: readonly (readonly [string, History, History, string])[] = [
    ['a passage of a blind segment counts for 2 h', blind(at('07:00:00.001')), blind(at('07:00')), 'passage_stale'],
    [
      '“used without incident” counts for 24 h',
      used(at('09:00:00.001', '2022-03-08')),
      used(at('09:00', '2022-03-08')),
      'ordnance_not_clear',
    ],
    ['a green light serves an opening up to 2 h after it', opened(2 * HOUR), opened(2 * HOUR + 1), 'green_light_expired'],
    ['a criterion is met until its end, exclusive', assessed(at('09:00:00.001')), assessed(NOW), 'criterion_expired'],
  ];
  it.each(cases)('%s', (_what, justYet, noLonger, code) => {
    const codes = (history: History): readonly string[] => history.statusAt(NOW).reasons.map((reason) => reason.code);
    expect(codes(justYet)).not.toContain(code);
    expect(codes(noLonger)).toContain(code);
  });
});
