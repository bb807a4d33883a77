import { describe, expect, it } from '@jest/globals';
import { noEvidence } from '../../src/domain/observation.js';
import { shown, status } from '../../src/domain/display.js';
import { DISPLAYS } from '../../src/domain/status.js';
import {
  K7,
  NORTH,
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
import type { LimitId } from '../../src/domain/ids.js';

const NINE = at('09:00');

/** The word and the codes of its reasons. */
function wordOf(history: History, now = NINE): readonly [string, ...string[]] {
  const { display, reasons } = history.statusAt(now);
  return [display, ...reasons.map(({ code }) => code)];
}
const open = (...more: readonly Fact[]): History => given(...openCorridor(), ...more);

describe('row 11, OPEN', () => {
  it('is earned: agreed, checked, opened by two people, seen a moment ago', () => {
    expect(wordOf(open())).toEqual(['open', 'agreed_and_checked']);
  });
});

describe('row 1, DANGER', () => {
  it('comes before everything, also before a stop', () => {
    expect(wordOf(open(corridorStopped('a stop', at('08:55')), attackReported('shells', at('08:58'))))).toEqual(['danger', 'danger']);
  });

  it('holds three hours from the last report of it', () => {
    const history = open(attackReported('shells', at('08:58')));
    expect(wordOf(history, at('11:57'))[0]).toBe('danger');
    expect(wordOf(history, at('11:58'))[0]).not.toBe('danger');
  });

  it('needs more than one unknown sender: that is a warning beside the word', () => {
    const history = open(attackReported('a rumour', at('08:58'), { isAuthenticated: false, teamOf: [] }));
    expect(history.statusAt(NINE).beside.map(({ code }) => code)).toContain('unverified_warning');
    expect(wordOf(history)[0]).not.toBe('danger');
  });

  it('comes from two independent unknown senders', () => {
    const history = open(attackReported('a rumour', at('08:58'), { isAuthenticated: false, teamOf: [], originGroups: ['one', 'two'] }));
    expect(wordOf(history)[0]).toBe('danger');
  });

  it('is not caused by fire in the watch ring, which is named beside the word', () => {
    const touches = [{ corridorId: K7, how: 'watch' as const, segmentIds: [NORTH], distanceKm: 4 }];
    const history = open(attackReported('far shells', at('08:45'), { touches }));
    expect(history.statusAt(NINE).display).toBe('open');
    expect(history.statusAt(NINE).beside).toEqual([expect.objectContaining({ code: 'fire_near' })]);
  });
});

describe('row 2, SUSPENDED', () => {
  it('after a stop', () => {
    expect(wordOf(open(corridorStopped('a stop', at('08:55'))))).toEqual(['suspended', 'suspended']);
  });

  it('after a danger whose three hours are over, until somebody has looked at the road', () => {
    const history = open(attackReported('shells', at('08:58')), ...watched(at('11:50')));
    expect(wordOf(history, at('12:00'))).toEqual(['suspended', 'older_danger']);
    const looked = history.and(observed(NORTH, at('12:01'), { roadLookedAt: true }));
    expect(wordOf(looked, at('12:02'))).not.toContain('older_danger');
  });

  it('under a lock-down', () => {
    expect(status({ ...open().dossier, isLockedDown: true }, NINE).reasons).toEqual([expect.objectContaining({ code: 'locked_down' })]);
  });
});

describe('row 3, CLOSED', () => {
  it.each(['closed', 'closing', 'completed', 'cancelled', 'failed'] as const)('when the attempt is %s', (lifecycle) => {
    expect(wordOf(open(lifecycleChanged('open', lifecycle, at('08:55'))))).toEqual(['closed', lifecycle]);
  });

  it('from the instant of the last claimed end, before anybody writes it down', () => {
    expect(wordOf(open(), at('18:59'))[0]).not.toBe('closed');
    expect(wordOf(open(), at('19:00'))).toEqual(['closed', 'window_over']);
  });

  it('when the window is cancelled', () => {
    expect(wordOf(open(fact('WindowCancelled', at('08:55'), { windowId: WINDOW, reason: null })))).toEqual(['closed', 'window_cancelled']);
  });
});

describe('row 4, NOT AGREED', () => {
  it('when nothing was announced', () => {
    expect(wordOf(given(corridorDeclared()))).toEqual(['not_agreed', 'not_supported', 'nothing_announced']);
  });

  it('when we do not support it, however open the parties call it', () => {
    const observedOnly = fact('StanceSet', at('08:00'), {
      corridorId: K7,
      proposalId: command('stance 2'),
      stance: 'observed',
      proposedBy: id('x'),
    });
    expect(wordOf(open(observedOnly))).toEqual(['not_agreed', 'not_supported']);
  });

  it.each(['announced', 'disputed', 'refused', 'withdrawn'] as const)('when a party’s consent is %s', (consent) => {
    expect(wordOf(open(consentRecorded('russia', consent, at('08:55'))))).toEqual(['not_agreed', 'consent_missing']);
  });

  it('never joins consents given to different windows', () => {
    const other = id<typeof WINDOW>('another window');
    const history = given(
      ...proposedCorridor(),
      lifecycleChanged('proposed', 'agreed', at('05:30')),
      consentRecorded('ukraine', 'green_light', at('06:45')),
      windowAnnounced({ windowId: other, announcedBy: ['russia'], basis: null, claims: [] }),
      fact('ConsentRecorded', at('06:45'), { windowId: other, party: 'russia', consent: 'green_light', voice: null }),
    );
    expect(wordOf(history)).toEqual(['not_agreed', 'consent_missing']);
  });
});

describe('row 5, HOLD', () => {
  it('while a hold stands', () => {
    expect(wordOf(open(holdSet('a hold', at('08:55'))))).toEqual(['hold', 'hold']);
  });

  it('when no permitted mode can pass a segment', () => {
    const blocked = observed(SOUTH, at('08:55'), { passability: { bus: 'not_passable', car: 'not_passable' } });
    expect(wordOf(open(blocked))).toEqual(['hold', 'not_passable', 'not_passable']);
  });
});

describe('row 6, PLANNED', () => {
  it('before the latest claimed start, and never UNKNOWN by age', () => {
    expect(wordOf(given(...scheduledCorridor()), at('06:59'))).toEqual(['planned', 'starts_later']);
  });

  it('waits for the later of two claimed starts', () => {
    const later = fact('ClaimMade', at('06:00'), {
      windowId: WINDOW,
      claim: claim('start', { kind: 'instant', at: at('10:00') }, 'russia'),
    });
    expect(wordOf(open(later))).toEqual(['planned', 'starts_later']);
  });
});

describe('row 7, HOLD', () => {
  it('from its start until two people have opened it', () => {
    expect(wordOf(given(...scheduledCorridor()), at('07:00'))).toEqual(['hold', 'not_yet_opened']);
  });

  it('between two claimed ends', () => {
    const earlier = fact('ClaimMade', at('06:00'), {
      windowId: WINDOW,
      claim: claim('end', { kind: 'instant', at: at('08:30') }, 'russia'),
    });
    expect(wordOf(open(earlier))).toEqual(['hold', 'ends_disputed']);
  });

  it('when an end is not stated: that is never midnight', () => {
    const claims = [claim('start', { kind: 'instant', at: at('07:00') }), claim('end', { kind: 'not_stated' })];
    const history = given(...openCorridor().map((known) => (known.body.type === 'WindowAnnounced' ? windowAnnounced({ claims }) : known)));
    expect(wordOf(history)).toEqual(['hold', 'edge_not_instant']);
  });

  it('when a danger of an earlier attempt was never looked at', () => {
    const [declared, ...rest] = openCorridor();
    const before = attackReported('shells of the day before', at('12:00', '2022-03-08'));
    const history = given(declared as Fact, before, ...rest);
    expect(wordOf(history)).toEqual(['hold', 'earlier_danger']);
  });
});

describe('row 8, HOLD', () => {
  it('from the last safe departure: the end, less the slow transit and its margin', () => {
    const stillWatched = [...watched(at('17:20')), hotlineAnswered('ukraine', at('17:20')), hotlineAnswered('russia', at('17:20'))];
    const history = given(
      ...openCorridor(),
      fact('CriterionAssessed', at('12:00'), { corridorId: K7, criterion: 'comms_net', value: 'met', validUntil: at('18:00'), note: null }),
      ...stillWatched,
    );
    expect(history.statusAt(at('17:29')).lastDepartureAt).toBe(at('17:30'));
    expect(wordOf(history, at('17:29'))).toEqual(['open', 'agreed_and_checked']);
    expect(wordOf(history, at('17:30'))).toEqual(['hold', 'last_departure_passed', 'last_departure_passed']);
  });
});

describe('row 9, UNKNOWN', () => {
  const gaps: readonly (readonly [string, Fact])[] = [
    [
      'ordnance_not_clear',
      fact('OrdnanceAssessed', at('08:55'), { corridorId: K7, segmentId: NORTH, status: 'suspected', cause: 'assessor' }),
    ],
    ['worse_news_since', observed(NORTH, at('08:55'), { condition: 'fire_heard' })],
    [
      'criterion_missing',
      fact('CriterionAssessed', at('08:55'), {
        corridorId: K7,
        criterion: 'abort_plan',
        value: 'not_met',
        validUntil: at('19:00'),
        note: null,
      }),
    ],
    [
      'criterion_expired',
      fact('CriterionAssessed', at('08:00'), { corridorId: K7, criterion: 'transport', value: 'met', validUntil: at('08:59'), note: null }),
    ],
    ['green_light_missing', consentRecorded('russia', 'terms_confirmed', at('08:55'))],
    ['notification_only', fact('BasisSet', at('08:55'), { windowId: WINDOW, basis: 'notification_only' })],
    ['basis_not_set', fact('BasisSet', at('08:55'), { windowId: WINDOW, basis: null })],
  ];
  it.each(gaps)('because of %s', (code, gap) => {
    expect(wordOf(open(gap))).toEqual(['unknown', code]);
  });

  it('when nobody answers the hotline', () => {
    expect(wordOf(open(...watched(at('09:40'))), at('09:50'))).toEqual(['unknown', 'hotline_silent', 'hotline_silent']);
  });

  it('when the evidence is stale', () => {
    const answered = [hotlineAnswered('ukraine', at('10:40')), hotlineAnswered('russia', at('10:40')), observed(SOUTH, at('10:40'))];
    expect(wordOf(open(...answered), at('10:50'))).toEqual(['unknown', 'evidence_stale']);
  });

  it('when a segment was never seen', () => {
    expect(status({ ...open().dossier, evidence: noEvidence(K7) }, NINE).display).toBe('unknown');
  });
});

describe('row 10, LIMITED', () => {
  it('by a limit that people set', () => {
    const limit = fact('LimitSet', at('08:55'), {
      corridorId: K7,
      limitId: id<LimitId>('a limit'),
      kind: 'released_one_by_one',
      modes: null,
      peoplePerHour: null,
      until: null,
      note: null,
    });
    expect(wordOf(open(limit))).toEqual(['limited', 'limit']);
  });

  it.each(['separate_assurances', 'single_control'] as const)('at best, on the basis of %s', (basis) => {
    expect(wordOf(open(fact('BasisSet', at('08:55'), { windowId: WINDOW, basis })))).toEqual(['limited', 'basis_limits']);
  });

  it('at best, with a segment that nobody can see, released on a fresh passage', () => {
    const segments = [segment(), segment({ id: SOUTH, no: 2, name: 'the bridge', watch: 'blind' })];
    const history = given(...openCorridor({ segments }), observed(SOUTH, at('08:50'), { seen: 'passage' }));
    expect(wordOf(history)).toEqual(['limited', 'blind_segment']);
  });

  it('names the modes that may go when others may not', () => {
    const noBuses = observed(SOUTH, at('08:55'), { passability: { bus: 'not_passable' } });
    expect(open(noBuses).statusAt(NINE)).toMatchObject({
      display: 'limited',
      reasons: [{ code: 'some_modes_only', inputs: { modes: 'car' } }, { code: 'not_passable' }],
    });
  });
});

describe('several modes', () => {
  it('are LIMITED by the limit of one of them, which is named', () => {
    const difficult = observed(SOUTH, at('08:55'), { passability: { bus: 'passable_difficult' } });
    expect(wordOf(open(difficult))).toEqual(['limited', 'passable_difficult']);
  });

  it('one stopped and one limited are LIMITED, and both reasons are named', () => {
    const limit = fact('LimitSet', at('08:54'), {
      corridorId: K7,
      limitId: id<LimitId>('a limit'),
      kind: 'daylight_only',
      modes: null,
      peoplePerHour: null,
      until: null,
      note: null,
    });
    const noBuses = corridorStopped('no buses', at('08:55'), { modes: ['bus'], lifecycle: null });
    expect(wordOf(open(limit, noBuses))).toEqual(['limited', 'some_modes_only', 'limit', 'mode_stopped']);
  });

  it('stopped one by one are SUSPENDED together', () => {
    const stops = (['bus', 'car'] as const).map((mode) => corridorStopped(`no ${mode}`, at('08:55'), { modes: [mode], lifecycle: null }));
    expect(wordOf(open(...stops))).toEqual(['suspended', 'mode_stopped', 'mode_stopped']);
  });
});

describe('what a reader may draw', () => {
  it('is the word until the instant it holds to, and UNKNOWN from then on', () => {
    const logged = open().statusAt(NINE);
    expect(logged.validUntil).toBe(at('09:20'));
    expect(shown(logged, at('09:19'), { isHealthy: true })).toBe('open');
    expect(shown(logged, at('09:20'), { isHealthy: true })).toBe('unknown');
  });

  it.each(DISPLAYS)('of %s in doubt is never better than before', (display) => {
    const seen = shown({ display, validUntil: null }, NINE, { isHealthy: false });
    expect(seen).toBe(['open', 'limited', 'planned'].includes(display) ? 'unknown' : display);
  });
});
