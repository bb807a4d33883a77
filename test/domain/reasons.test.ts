import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { agreeAttempt, startNegotiation } from '../../src/domain/attempt.js';
import { makeClaim } from '../../src/domain/ceasefire.js';
import type { EndReason, Lifecycle, Mode, Override, Segment } from '../../src/domain/corridor.js';
import type { Criterion, CriterionCode } from '../../src/domain/criterion.js';
import { status } from '../../src/domain/display.js';
import type { DomainEvent } from '../../src/domain/event.js';
import type { AttackId, HoldId, LimitId, OpeningRequestId, WindowId } from '../../src/domain/ids.js';
import { HOUR_MS, addMs, type Instant } from '../../src/domain/instant.js';
import { countersignOpening } from '../../src/domain/opening.js';
import { changeRoute } from '../../src/domain/route.js';
import { REASONS, type Display, type Reason, type ReasonCode, type Status } from '../../src/domain/status.js';
import type { Basis } from '../../src/domain/window.js';
import {
  act,
  announce,
  assess,
  call,
  close,
  discountBy,
  discountByTwo,
  extend,
  greenLight,
  inTurn,
  liftHoldByTwo,
  lookAtRoad,
  openByTwo,
  reopenedAfter,
  restOnAll,
  see,
  seeAll,
  setTransit,
  startAnew,
  support,
  survey,
  windowOf,
  type Act,
} from '../support/acts.js';
import {
  FIELD_LEAD,
  FIRST,
  K7,
  NORTH,
  SECOND,
  SOUTH,
  WINDOW,
  at,
  attackReported,
  claim,
  command,
  consentRecorded,
  corridorDeclared,
  corridorStopped,
  fact,
  holdSet,
  hotlineAnswered,
  id,
  lifecycleChanged,
  observed,
  openCorridor,
  proposedCorridor,
  scheduledCorridor,
  segment,
  watched,
  windowAnnounced,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

/** Domain 1.5, decision table: row → word. A reason of row 0 stands beside whatever word there is. */
const WORD_OF_ROW: readonly (Display | null)[] = [
  null,
  'danger',
  'suspended',
  'closed',
  'not_agreed',
  'hold',
  'planned',
  'hold',
  'hold',
  'unknown',
  'limited',
  'open',
];

interface Example {
  readonly given: History;
  /** 09:00 where nothing else is said. */
  readonly at?: Instant;
  readonly isLockedDown?: boolean;
  readonly word: Display;
  /** All that its sentence is made of. */
  readonly inputs: Reason['inputs'];
  /** The modes it holds for; left out: all. */
  readonly modes?: readonly Mode[];
  /** What it says would lift it, done: afterwards the reason is gone, and this is the word. Left out: nothing lifts it. */
  readonly lifted?: { readonly by: Act; readonly at?: Instant; readonly then: Display };
}

// ── Given ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

const NINE = at('09:00');
const NOON = at('12:00');
const SHELLS = id<AttackId>('shells');
const NEXT_DAY = id<WindowId>('window of 10 March');

function open(...more: readonly Fact[]): History {
  return given(...openCorridor(), ...more);
}

type BodyOf<T extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: T }>;
/** Open, but its facts of one type say something else; null: they are not there. */
function openBut<T extends DomainEvent['type']>(type: T, changed: (body: BodyOf<T>) => BodyOf<T> | null): readonly Fact[] {
  return openCorridor().flatMap((known): readonly Fact[] => {
    if (known.body.type !== type) return [known];
    const body = changed(known.body as BodyOf<T>);
    return body === null ? [] : [{ ...known, body }];
  });
}

function declaredAs(changes: Parameters<typeof corridorDeclared>[0], ...more: readonly Fact[]): History {
  return given(...openCorridor(changes), ...more);
}

const SUPPORTED = fact('StanceSet', at('05:05'), { corridorId: K7, proposalId: command('s'), stance: 'supported', proposedBy: FIRST.id });
const OBSERVED = fact('StanceSet', at('08:55'), { corridorId: K7, proposalId: command('s'), stance: 'observed', proposedBy: FIRST.id });

function proposedWithout(windowId: WindowId | null, lifecycle: Lifecycle): readonly Fact[] {
  const started = fact('AttemptStarted', at('05:20'), { corridorId: K7, attemptNo: 1, windowId, lifecycle });
  return [corridorDeclared(), SUPPORTED, windowAnnounced(), started];
}

function bridge(changes: Partial<Segment> = {}): readonly Segment[] {
  return [segment(), segment({ id: SOUTH, no: 2, name: 'the bridge', ...changes })];
}

function assessed(criterion: CriterionCode, value: Criterion['value'], validUntil: Instant): Fact {
  return fact('CriterionAssessed', at('08:00'), { corridorId: K7, criterion, value, validUntil, note: null });
}

function ordnance(what: 'suspected' | 'used_no_incident'): Fact {
  return fact('OrdnanceAssessed', at('08:55'), { corridorId: K7, segmentId: NORTH, status: what, cause: 'assessor' });
}

function basis(what: Basis | null): Fact {
  return fact('BasisSet', at('08:55'), { windowId: WINDOW, basis: what });
}

function ended(to: Lifecycle, endReason: EndReason, when: Instant): Fact {
  return fact('LifecycleChanged', when, { corridorId: K7, from: 'open', to, cause: 'E1', endReason, unaccounted: 0, reason: null });
}

function opened(when: Instant, changes: { readonly isByVoice?: boolean; readonly overrides?: readonly Override[] } = {}): Fact {
  const people = { requestedBy: FIRST.id, approvedBy: SECOND.id };
  const requestId = id<OpeningRequestId>('opening');
  return fact('CorridorOpened', when, { corridorId: K7, requestId, ...people, isByVoice: false, overrides: [], ...changes });
}

function claimed(about: 'end' | 'announcement', edge: Parameters<typeof claim>[1]): Fact {
  return fact('ClaimMade', at('06:00'), { windowId: WINDOW, claim: claim(about, edge, 'russia') });
}

function nearby(how: 'watch' | 'uncertain'): Fact {
  return attackReported('shells', at('08:45'), { touches: [{ corridorId: K7, how, segmentIds: [NORTH], distanceKm: 4 }] });
}

/** Somebody answers on both sides. */
function answered(when: Instant): readonly Fact[] {
  return [hotlineAnswered('ukraine', when), hotlineAnswered('russia', when)];
}

const nextDay = windowAnnounced(
  {
    windowId: NEXT_DAY,
    claims: [
      claim('start', { kind: 'instant', at: at('07:00', '2022-03-10') }),
      claim('end', { kind: 'instant', at: at('19:00', '2022-03-10') }),
    ],
  },
  at('08:30'),
);
const shellsAtTwoToNine = attackReported('shells', at('08:58'));
const [declared, ...declaredLater] = openCorridor() as readonly [Fact, ...Fact[]];
const shelledTheDayBefore = given(declared, attackReported('shells', at('12:00', '2022-03-08')), ...declaredLater);
const aLimit = fact('LimitSet', at('08:55'), {
  corridorId: K7,
  limitId: id<LimitId>('a limit'),
  kind: 'capacity',
  modes: null,
  peoplePerHour: 200,
  until: at('15:00'),
  note: null,
});
const onlyCars = fact('LimitSet', at('08:55'), {
  corridorId: K7,
  limitId: id<LimitId>('only cars'),
  kind: 'modes_only',
  modes: ['car'],
  peoplePerHour: null,
  until: null,
  note: null,
});
const aWaiver = fact('WaiverGranted', at('08:55'), {
  corridorId: K7,
  waiverId: command('waiver'),
  criterion: 'transport',
  until: NOON,
  proposedBy: FIRST.id,
});
/** Eleven hours by bus, and nothing else may go. */
const slowBuses = declaredAs(
  { permittedModes: ['bus'] },
  fact('TransitTimeSet', at('08:50'), { corridorId: K7, mode: 'bus', slowMinutes: 660, basis: 'measured' }),
);
const notSeenInTheNorth = openBut('ObservationRecorded', (body) => (body.segmentId === NORTH ? null : body));

// ── What it says, and what lifts it ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function struck(when: Instant): Reason['inputs'] {
  return {
    attackId: SHELLS,
    type: 'shelling_artillery_mortar',
    how: 'stop',
    distanceKm: 0.4,
    precisionKm: 0.5,
    place: null,
    segments: 'north of the river',
    countsFrom: when,
    grade: 'F6',
    endsAt: addMs(when, 3 * HOUR_MS),
  };
}

function set(name: string, why: string): Reason['inputs'] {
  return { holdId: id<HoldId>(name), why, setAt: at('08:55'), setBy: FIELD_LEAD.id, clearedBy: null };
}

const onlyWait: Act = (history) => history;
/** A lock-down is no fact of the corridor: without it the history is the same. */
const liftLockDown = onlyWait;

const NORTHERN = { segment: 'north of the river', no: 1, watch: 'manned_post' } as const;

const EXAMPLES: Readonly<Record<ReasonCode, Example>> = {
  // Row 1
  danger: { given: open(shellsAtTwoToNine), word: 'danger', inputs: struck(at('08:58')), lifted: { by: discountByTwo, then: 'open' } },

  // Row 2
  locked_down: { given: open(), isLockedDown: true, word: 'suspended', inputs: {}, lifted: { by: liftLockDown, then: 'open' } },
  suspended: {
    given: open(corridorStopped('a stop', at('08:55'))),
    word: 'suspended',
    inputs: set('a stop', 'shelling'),
    lifted: { by: inTurn(liftHoldByTwo, greenLight('ukraine', 'russia'), openByTwo('reopen')), then: 'open' },
  },
  mode_stopped: {
    given: open(corridorStopped('a stop', at('08:55'), { modes: ['bus', 'car'], lifecycle: null })),
    word: 'suspended',
    inputs: set('a stop', 'shelling'),
    modes: ['bus', 'car'],
    lifted: { by: liftHoldByTwo, then: 'open' },
  },
  older_danger: {
    given: open(shellsAtTwoToNine),
    at: NOON,
    word: 'suspended',
    inputs: struck(at('08:58')),
    lifted: { by: inTurn(lookAtRoad, close, startAnew), then: 'not_agreed' },
  },

  // Row 3
  closing: {
    given: open(lifecycleChanged('open', 'closing', at('08:55'))),
    word: 'closed',
    inputs: { lastEndAt: at('19:00') },
    lifted: { by: inTurn(close, startAnew), then: 'not_agreed' },
  },
  closed: {
    given: open(lifecycleChanged('open', 'closed', at('08:55'))),
    word: 'closed',
    inputs: { lastEndAt: at('19:00') },
    lifted: { by: startAnew, then: 'not_agreed' },
  },
  not_opened: {
    given: given(...scheduledCorridor(), nextDay, ended('closed', 'not_opened', at('19:00'))),
    at: at('19:00'),
    word: 'closed',
    inputs: { lastEndAt: at('19:00') },
    lifted: { by: startAnew, then: 'not_agreed' },
  },
  window_expired: {
    given: open(nextDay, ended('closed', 'window_expired', at('19:00'))),
    at: at('19:00'),
    word: 'closed',
    inputs: { lastEndAt: at('19:00') },
    lifted: { by: startAnew, then: 'not_agreed' },
  },
  window_cancelled: {
    given: open(fact('WindowCancelled', at('08:55'), { windowId: WINDOW, reason: null })),
    word: 'closed',
    inputs: { cancelledAt: at('08:55') },
    lifted: { by: inTurn(close, startAnew), then: 'not_agreed' },
  },
  window_over: {
    given: open(...watched(at('18:30')), ...answered(at('18:50'))),
    at: at('19:00'),
    word: 'closed',
    inputs: { lastEndAt: at('19:00') },
    lifted: { by: extend(at('22:00')), then: 'unknown' },
  },
  completed: {
    given: open(lifecycleChanged('closing', 'completed', at('08:55'))),
    word: 'closed',
    inputs: {},
    lifted: { by: startAnew, then: 'not_agreed' },
  },
  cancelled: {
    given: open(lifecycleChanged('suspended', 'cancelled', at('08:55'))),
    word: 'closed',
    inputs: {},
    lifted: { by: startAnew, then: 'not_agreed' },
  },
  failed: {
    given: open(lifecycleChanged('scheduled', 'failed', at('08:55'))),
    word: 'closed',
    inputs: {},
    lifted: { by: startAnew, then: 'not_agreed' },
  },

  // Row 4
  nothing_announced: {
    given: given(corridorDeclared(), SUPPORTED),
    word: 'not_agreed',
    inputs: {},
    lifted: { by: inTurn(announce, startAnew), then: 'not_agreed' },
  },
  not_supported: { given: open(OBSERVED), word: 'not_agreed', inputs: { stance: 'observed' }, lifted: { by: support, then: 'open' } },
  proposed: {
    given: given(...proposedCorridor()),
    word: 'not_agreed',
    inputs: {},
    lifted: {
      by: act(FIRST, (dossier, step, now) => startNegotiation(dossier, { ...step, window: dossier.window }, now)),
      then: 'not_agreed',
    },
  },
  under_negotiation: {
    given: given(
      ...proposedWithout(WINDOW, 'under_negotiation'),
      consentRecorded('ukraine', 'terms_confirmed', at('05:40')),
      consentRecorded('russia', 'terms_confirmed', at('05:40')),
    ),
    at: at('06:00'),
    word: 'not_agreed',
    inputs: {},
    lifted: { by: act(FIRST, agreeAttempt), then: 'planned' },
  },
  consent_missing: {
    given: open(consentRecorded('russia', 'disputed', at('08:55'))),
    word: 'not_agreed',
    inputs: { party: 'russia', consent: 'disputed' },
    lifted: { by: greenLight('russia'), then: 'open' },
  },

  // Row 5
  hold: {
    given: open(holdSet('a hold', at('08:55'), { segmentIds: [NORTH] })),
    word: 'hold',
    inputs: { ...set('a hold', 'crowd'), segments: 'north of the river' },
    lifted: { by: liftHoldByTwo, then: 'open' },
  },
  mode_left_out: {
    given: declaredAs({ permittedModes: ['bus'] }, onlyCars),
    word: 'hold',
    inputs: { mode: 'bus', limitId: id<LimitId>('only cars') },
    modes: ['bus'],
    lifted: { by: openByTwo('remove_limit', id<LimitId>('only cars')), then: 'open' },
  },
  not_passable: {
    given: open(observed(NORTH, at('08:55'), { passability: { bus: 'not_passable', car: 'not_passable' } })),
    word: 'hold',
    inputs: { mode: 'bus', segment: 'north of the river', no: 1 },
    modes: ['bus'],
    lifted: { by: see(NORTH, { passability: { bus: 'passable', car: 'passable' } }), then: 'open' },
  },

  // Row 6
  starts_later: {
    given: given(...scheduledCorridor()),
    at: at('06:59'),
    word: 'planned',
    inputs: { startsAt: at('07:00') },
    lifted: { by: onlyWait, at: at('07:00'), then: 'hold' },
  },

  // Row 7
  no_window: {
    given: given(...proposedWithout(null, 'agreed')),
    word: 'hold',
    inputs: {},
    lifted: {
      by: act(FIRST, (dossier, step, now) => startNegotiation(dossier, { ...step, window: dossier.otherWindows[0] ?? null }, now)),
      then: 'not_agreed',
    },
  },
  not_yet_opened: {
    given: given(...scheduledCorridor()),
    at: at('07:00'),
    word: 'hold',
    inputs: { lifecycle: 'scheduled', startsAt: at('07:00') },
    lifted: { by: openByTwo('open'), then: 'open' },
  },
  edge_not_instant: {
    given: given(
      ...openBut('WindowAnnounced', (body) => ({
        ...body,
        claims: [claim('start', { kind: 'instant', at: at('07:00') }), claim('end', { kind: 'not_stated' })],
      })),
    ),
    word: 'hold',
    inputs: { starts: 1, ends: 0 },
    lifted: {
      by: reopenedAfter(
        act(FIRST, (dossier, step) => makeClaim(windowOf(dossier), { ...step, claim: claim('end', { kind: 'instant', at: at('19:00') }) })),
      ),
      then: 'open',
    },
  },
  ends_disputed: {
    given: open(claimed('end', { kind: 'instant', at: at('08:30') })),
    word: 'hold',
    inputs: { firstEndAt: at('08:30'), lastEndAt: at('19:00') },
    lifted: { by: extend(at('19:00')), then: 'open' },
  },
  earlier_danger: {
    given: shelledTheDayBefore,
    word: 'hold',
    inputs: struck(at('12:00', '2022-03-08')),
    lifted: { by: lookAtRoad, then: 'open' },
  },

  // Row 8
  last_departure_passed: {
    given: open(...watched(at('17:20')), ...answered(at('17:20'))),
    at: at('17:30'),
    word: 'hold',
    inputs: { lastDepartureAt: at('17:30'), mode: 'bus' },
    modes: ['bus'],
    lifted: { by: extend(at('21:00')), then: 'open' },
  },
  window_too_short: {
    given: slowBuses,
    word: 'hold',
    inputs: { lastDepartureAt: at('05:48'), mode: 'bus' },
    modes: ['bus'],
    lifted: { by: extend(at('23:00')), then: 'open' },
  },

  // Row 9
  evidence_missing: {
    given: given(...notSeenInTheNorth),
    word: 'unknown',
    inputs: { ...NORTHERN, seenAt: null, worseAt: null },
    lifted: { by: see(NORTH), then: 'open' },
  },
  evidence_stale: {
    given: open(...answered(at('10:40')), observed(SOUTH, at('10:40'))),
    at: at('10:50'),
    word: 'unknown',
    inputs: { ...NORTHERN, seenAt: at('08:50'), staleFrom: at('10:50') },
    lifted: { by: see(NORTH), then: 'open' },
  },
  worse_news_since: {
    given: open(observed(NORTH, at('08:55'), { condition: 'fire_heard' })),
    word: 'unknown',
    inputs: { ...NORTHERN, seenAt: null, worseAt: at('08:55') },
    lifted: { by: see(NORTH), then: 'open' },
  },
  passage_stale: {
    given: declaredAs({ segments: bridge({ watch: 'blind' }) }),
    word: 'unknown',
    inputs: { segment: 'the bridge', no: 2, watch: 'blind', seenAt: at('08:50'), passageAt: null },
    lifted: { by: see(SOUTH, { seen: 'passage' }), then: 'limited' },
  },
  criterion_missing: {
    given: open(assessed('abort_plan', 'not_met', at('19:00'))),
    word: 'unknown',
    inputs: { criterion: 'abort_plan', value: 'not_met', assessedAt: at('08:00') },
    lifted: { by: assess('abort_plan'), then: 'open' },
  },
  criterion_expired: {
    given: open(assessed('transport', 'met', at('08:59'))),
    word: 'unknown',
    inputs: { criterion: 'transport', value: 'met', assessedAt: at('08:00') },
    lifted: { by: assess('transport'), then: 'open' },
  },
  ordnance_not_clear: {
    given: open(ordnance('suspected')),
    word: 'unknown',
    inputs: { ...NORTHERN, seenAt: at('08:50'), ordnance: 'suspected' },
    lifted: { by: survey, then: 'open' },
  },
  green_light_missing: {
    given: open(consentRecorded('russia', 'terms_confirmed', at('08:55'))),
    word: 'unknown',
    inputs: { party: 'russia', consent: 'terms_confirmed' },
    lifted: { by: greenLight('russia'), then: 'open' },
  },
  green_light_expired: {
    given: given(...scheduledCorridor(), opened(at('08:50')), ...watched(at('08:50')), ...answered(at('08:50'))),
    word: 'unknown',
    inputs: { party: 'ukraine', since: at('06:45') },
    lifted: { by: greenLight('ukraine', 'russia'), then: 'open' },
  },
  hotline_silent: {
    given: open(...watched(at('09:40'))),
    at: at('09:50'),
    word: 'unknown',
    inputs: { party: 'ukraine', answeredAt: at('08:50') },
    lifted: { by: call('ukraine', 'russia'), then: 'open' },
  },
  transit_time_missing: {
    given: given(...openBut('TransitTimeSet', () => null)),
    word: 'unknown',
    inputs: { mode: 'bus' },
    modes: ['bus'],
    lifted: { by: reopenedAfter(setTransit('bus'), setTransit('car')), then: 'open' },
  },
  basis_not_set: { given: open(basis(null)), word: 'unknown', inputs: {}, lifted: { by: reopenedAfter(restOnAll), then: 'open' } },
  notification_only: {
    given: open(basis('notification_only')),
    word: 'unknown',
    inputs: {},
    lifted: { by: reopenedAfter(restOnAll), then: 'open' },
  },

  // Row 10
  limit: {
    given: open(aLimit),
    word: 'limited',
    inputs: { limitId: id<LimitId>('a limit'), kind: 'capacity', peoplePerHour: 200, until: at('15:00') },
    lifted: { by: openByTwo('remove_limit', id<LimitId>('a limit')), then: 'open' },
  },
  basis_limits: {
    given: open(basis('single_control')),
    word: 'limited',
    inputs: { basis: 'single_control' },
    lifted: { by: reopenedAfter(restOnAll), then: 'open' },
  },
  waiver: {
    given: open(aWaiver),
    word: 'limited',
    inputs: { criterion: 'transport', until: NOON, riskOwner: FIRST.id },
    lifted: { by: assess('transport'), then: 'open' },
  },
  override: {
    given: given(...notSeenInTheNorth, opened(at('06:55'), { overrides: [{ what: 'evidence', subject: NORTH, until: NOON }] })),
    word: 'limited',
    inputs: { what: 'evidence', subject: NORTH, until: NOON },
    lifted: { by: see(NORTH), then: 'open' },
  },
  opened_by_voice: {
    given: given(...scheduledCorridor(), opened(at('06:55'), { isByVoice: true })),
    at: at('07:30'),
    word: 'limited',
    inputs: { until: at('07:55') },
    lifted: {
      by: act(FIRST, (dossier, step) => countersignOpening(dossier, { ...step, requestId: id<OpeningRequestId>('opening') })),
      then: 'open',
    },
  },
  blind_segment: {
    given: declaredAs({ segments: bridge({ watch: 'blind' }) }, observed(SOUTH, at('08:50'), { seen: 'passage' })),
    word: 'limited',
    inputs: { segment: 'the bridge', no: 2 },
    lifted: {
      by: reopenedAfter(
        act(FIRST, (dossier, step) =>
          changeRoute(dossier, { ...step, geometryKind: 'traced', permittedModes: ['bus', 'car'], segments: bridge() }),
        ),
      ),
      then: 'open',
    },
  },
  used_no_incident: {
    given: open(ordnance('used_no_incident')),
    word: 'limited',
    inputs: { segment: 'north of the river', no: 1 },
    lifted: { by: survey, then: 'open' },
  },
  passable_difficult: {
    given: open(observed(NORTH, at('08:55'), { passability: { bus: 'passable_difficult' } })),
    word: 'limited',
    inputs: { mode: 'bus' },
    modes: ['bus'],
    lifted: { by: see(NORTH, { passability: { bus: 'passable' } }), then: 'open' },
  },
  some_modes_only: {
    given: open(observed(NORTH, at('08:55'), { passability: { bus: 'not_passable' } })),
    word: 'limited',
    inputs: { modes: 'car' },
    modes: ['car'],
    lifted: { by: see(NORTH, { passability: { bus: 'passable' } }), then: 'open' },
  },

  // Row 11
  agreed_and_checked: { given: open(), word: 'open', inputs: {} },

  // Beside the word
  fire_near: { given: open(nearby('watch')), word: 'open', inputs: { attackId: SHELLS, distanceKm: 4, countsFrom: at('08:45') } },
  fire_near_place_uncertain: {
    given: open(nearby('uncertain')),
    word: 'open',
    inputs: { attackId: SHELLS, distanceKm: 4, countsFrom: at('08:45') },
  },
  unverified_warning: {
    given: open(attackReported('shells', at('08:58'), { isAuthenticated: false, teamOf: [] })),
    word: 'open',
    inputs: struck(at('08:58')),
    lifted: { by: discountBy(FIRST), then: 'open' },
  },
  protection_alarm: {
    given: open(attackReported('shells', at('08:58'), { types: ['abduction'] })),
    word: 'open',
    inputs: { attackId: SHELLS, type: 'abduction' },
  },
  destination_outside_country: { given: declaredAs({ destinationCountry: 'RU' }), word: 'open', inputs: { country: 'RU' } },
  road_not_looked_at: {
    given: shelledTheDayBefore,
    word: 'hold',
    inputs: struck(at('12:00', '2022-03-08')),
    lifted: { by: lookAtRoad, then: 'open' },
  },
  evidence_ageing: {
    given: open(...answered(at('09:45'))),
    at: at('09:50'),
    word: 'open',
    inputs: { segment: 'north of the river', no: 1, seenAt: at('08:50') },
    lifted: { by: seeAll, then: 'open' },
  },
  hotline_ageing: {
    given: open(hotlineAnswered('ukraine', at('09:15')), ...watched(at('09:15'))),
    at: at('09:20'),
    word: 'open',
    inputs: { party: 'russia', answeredAt: at('08:50') },
    lifted: { by: call('russia'), then: 'open' },
  },
  other_window: {
    given: open(nextDay),
    word: 'open',
    inputs: { windowId: NEXT_DAY, startsAt: at('07:00', '2022-03-10'), agreeing: 0, parties: 2 },
  },
  window_contradicted: { given: open(claimed('announcement', { kind: 'not_stated' })), word: 'open', inputs: { by: 'russia' } },
  hold_beside: {
    given: open(corridorStopped('a stop', at('08:55'))),
    word: 'suspended',
    inputs: set('a stop', 'shelling'),
    lifted: { by: liftHoldByTwo, then: 'suspended' },
  },
  schematic_line: { given: declaredAs({ geometryKind: 'schematic' }), word: 'open', inputs: {} },
  synthetic_reports: { given: open(observed(NORTH, at('08:55'), { provenance: 'synthetic' })), word: 'open', inputs: {} },
};

const TABLE = Object.entries(EXAMPLES) as readonly (readonly [ReasonCode, Example])[];
const english = createRequire(import.meta.url)('../../dashboard/messages/en.json') as Readonly<Record<string, string>>;

function statusIn({ given: history, isLockedDown = false, at: now = NINE }: Example): Status {
  return status({ ...history.dossier, isLockedDown }, now);
}
function find({ reasons, beside }: Status, code: ReasonCode): Reason | undefined {
  return [...reasons, ...beside].find((reason) => reason.code === code);
}

describe('every reason (domain 1.5)', () => {
  it('has its example here', () => {
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(Object.keys(REASONS).toSorted());
  });

  it.each(TABLE)('%s: the word it gives, and what it says', (code, example) => {
    const seen = statusIn(example);
    const { row, liftedBy } = REASONS[code];
    const { inputs, modes = null } = example;
    expect(find(seen, code)).toEqual({ code, row, liftedBy, modes, inputs });
    expect(seen.display).toBe(example.word);
    if (row > 0) expect({ row: seen.row, word: seen.display }).toEqual({ row, word: WORD_OF_ROW[row] });
  });

  it.each(TABLE.filter(([, { lifted }]) => lifted !== undefined))('%s is lifted by what it says', (code, example) => {
    const { by, at: later, then } = example.lifted as NonNullable<Example['lifted']>;
    const now = later ?? example.at ?? NINE;
    const after = by(example.given, example.at ?? NINE).statusAt(now);
    expect(find(after, code)).toBeUndefined();
    expect(after.display).toBe(then);
  });

  it('says nothing of an older danger once the attempt is closed, and of no hold twice', () => {
    const closed = open(shellsAtTwoToNine, lifecycleChanged('open', 'closed', at('11:00')));
    expect(closed.statusAt(NOON)).toMatchObject({ display: 'closed', reasons: [{ code: 'closed' }] });
    expect(open(holdSet('a hold', at('08:55'))).statusAt(NINE)).toMatchObject({ reasons: [{ code: 'hold' }], beside: [] });
  });

  it('says "nothing" only where nothing lifts it', () => {
    const unlifted = TABLE.filter(([, { lifted }]) => lifted === undefined).map(([code]) => code);
    expect(unlifted).toEqual(TABLE.flatMap(([code]) => (REASONS[code].liftedBy === 'nothing' ? [code] : [])));
  });

  it.each(TABLE)('%s: its sentence asks for nothing that it does not carry', (code, { inputs }) => {
    const asked = [...(english[`reason.${code}`] ?? '').matchAll(/\{(\w+)(?=\}|, select)/g)].map((match) => match[1]);
    expect([...Object.keys(inputs), 'modes', 'none']).toEqual(expect.arrayContaining(asked));
  });
});
