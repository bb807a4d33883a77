import { describe, expect, it } from '@jest/globals';
import type { LimitId, OpeningRequestId } from '../../src/domain/ids.js';
import { addMs, MINUTE_MS, type Instant } from '../../src/domain/instant.js';
import {
  approveOpening,
  countersignOpening,
  rejectOpening,
  requestOpening,
  type ApproveOpening,
  type RequestOpening,
} from '../../src/domain/opening.js';
import {
  FIELD_LEAD,
  FIRST,
  K7,
  NORTH,
  SECOND,
  WINDOW,
  at,
  attackReported,
  command,
  consentRecorded,
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
  watched,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const REQUEST = id<OpeningRequestId>('command the request');
const ASKED_AT = at('06:55');
/** Real time is another clock than the log's. */
const REALLY_ASKED_AT = at('14:00', '2026-11-24');

function request(changes: Partial<RequestOpening> = {}): RequestOpening {
  return {
    commandId: command('the request'),
    actor: FIRST,
    kind: 'open',
    limitId: null,
    overrides: [],
    isByVoice: false,
    reason: null,
    boundDigest: 'digest',
    realNow: REALLY_ASKED_AT,
    ...changes,
  };
}

function approval(changes: Partial<ApproveOpening> = {}): ApproveOpening {
  const realNow = addMs(REALLY_ASKED_AT, 5 * MINUTE_MS);
  return { commandId: command('the approval'), actor: SECOND, requestId: REQUEST, realNow, isRequesterActive: true, ...changes };
}

/** Scheduled, checked, and asked to open five minutes before its start. */
function asked(changes: Partial<RequestOpening> = {}, ...before: readonly Fact[]): History {
  return given(...scheduledCorridor(), ...before).when(requestOpening, request(changes), ASKED_AT).after;
}

describe('opening a corridor', () => {
  it('takes two people', () => {
    asked()
      .when(approveOpening, approval(), at('06:58'))
      .expectEvents({ type: 'CorridorOpened', requestId: REQUEST, requestedBy: FIRST.id, approvedBy: SECOND.id })
      .expectCorridor({ attempt: expect.objectContaining({ lifecycle: 'open', wasEverOpen: true }) });
  });

  it('is not open by the request alone', () => {
    expect(asked().statusAt(at('07:00')).display).toBe('hold');
  });

  it('is refused to the person who asked', () => {
    asked()
      .when(approveOpening, approval({ actor: FIRST }), at('06:58'))
      .expectRefusal('same-person', { firstBy: FIRST.id });
  });

  it('is refused when who asked may no longer act', () => {
    asked()
      .when(approveOpening, approval({ isRequesterActive: false }), at('06:58'))
      .expectRefusal('requester-not-active');
  });

  it('is possible up to 15 minutes after the request, of real time', () => {
    const inTime = approval({ realNow: addMs(REALLY_ASKED_AT, 15 * MINUTE_MS) });
    const tooLate = approval({ realNow: addMs(REALLY_ASKED_AT, 15 * MINUTE_MS + 1) });
    asked().when(approveOpening, inTime, at('06:58')).expectEvents({ type: 'CorridorOpened' });
    asked().when(approveOpening, tooLate, at('06:58')).expectRefusal('opening-request-expired');
  });

  it('is refused when the real clock ran backwards in between', () => {
    asked()
      .when(approveOpening, approval({ realNow: addMs(REALLY_ASKED_AT, -1) }), at('06:58'))
      .expectRefusal('opening-request-expired');
  });

  it('needs a request that stands', () => {
    given(...scheduledCorridor())
      .when(approveOpening, approval(), at('06:58'))
      .expectRefusal('opening-request-unknown');
    asked()
      .when(rejectOpening, { commandId: command('no'), actor: SECOND, requestId: REQUEST, reason: null }, at('06:56'))
      .after.when(approveOpening, approval(), at('06:58'))
      .expectRefusal('opening-request-unknown');
  });

  it.each(['proposed', 'under_negotiation', 'agreed', 'closed', 'completed', 'cancelled', 'failed'] as const)(
    'can’t be asked for while the attempt is %s',
    (lifecycle) => {
      given(...scheduledCorridor(), lifecycleChanged('scheduled', lifecycle, at('06:54')))
        .when(requestOpening, request(), ASKED_AT)
        .expectRefusal('transition-not-allowed', { lifecycle });
    },
  );

  it('can’t be asked for while a hold stands', () => {
    given(...scheduledCorridor(), holdSet('a hold', at('06:54')))
      .when(requestOpening, request(), ASKED_AT)
      .expectRefusal('holds-standing');
  });
});

describe('an opening is bound to what was shown', () => {
  const worse: readonly (readonly [string, Fact])[] = [
    ['a hold was set', holdSet('a hold', at('06:56'))],
    ['fire was reported', attackReported('shells', at('06:56'))],
    ['a consent fell', consentRecorded('russia', 'disputed', at('06:56'))],
    [
      'a road is suspected of mines',
      fact('OrdnanceAssessed', at('06:56'), { corridorId: K7, segmentId: NORTH, status: 'suspected', cause: 'assessor' }),
    ],
    [
      'a criterion is no longer met',
      fact('CriterionAssessed', at('06:56'), {
        corridorId: K7,
        criterion: 'transport',
        value: 'not_met',
        validUntil: at('19:00'),
        note: null,
      }),
    ],
    ['the basis changed', fact('BasisSet', at('06:56'), { windowId: WINDOW, basis: 'single_control' })],
    ['the window was cancelled', fact('WindowCancelled', at('06:56'), { windowId: WINDOW, reason: null })],
  ];
  it.each(worse)('and void when %s since', (_what, since) => {
    asked().and(since).when(approveOpening, approval(), at('06:58')).expectRefusal('opening-void');
  });

  it('and gone when it was stopped since', () => {
    asked()
      .and(corridorStopped('a stop', at('06:56')))
      .when(approveOpening, approval(), at('06:58'))
      .expectRefusal('opening-request-unknown');
  });

  const noWorse: readonly (readonly [string, Fact])[] = [
    ['somebody saw the road once more', observed(NORTH, at('06:56'))],
    ['the hotline was answered', hotlineAnswered('russia', at('06:56'))],
    ['a green light was given again', consentRecorded('russia', 'green_light', at('06:56'))],
  ];
  it.each(noWorse)('and good when %s', (_what, since) => {
    asked().and(since).when(approveOpening, approval(), at('06:58')).expectEvents({ type: 'CorridorOpened' });
  });
});

describe('an opening is decided once more on the evidence of its moment', () => {
  it('and refused when the road has not been seen for too long', () => {
    const unseen = scheduledCorridor().filter(({ body }) => body.type !== 'ObservationRecorded');
    given(...unseen)
      .when(requestOpening, request(), ASKED_AT)
      .after.when(approveOpening, approval(), at('06:58'))
      .expectRefusal('opening-not-safe', {
        reasons: expect.arrayContaining([expect.objectContaining({ code: 'evidence_missing' })]) as never,
      });
  });

  it('and refused while nobody has looked at the road after fire of an earlier attempt', () => {
    const [declared, ...rest] = scheduledCorridor();
    given(declared as Fact, attackReported('shells of the day before', at('12:00', '2022-03-08')), ...rest)
      .when(requestOpening, request(), ASKED_AT)
      .after.when(approveOpening, approval(), at('06:58'))
      .expectRefusal('road-not-looked-at');
  });

  it('by voice is LIMITED for an hour, until it is countersigned', () => {
    const byVoice = asked({ isByVoice: true })
      .when(approveOpening, approval(), at('06:58'))
      .after.and(...watched(at('07:00')));
    expect(byVoice.statusAt(at('07:05'))).toMatchObject({ display: 'limited', reasons: [{ code: 'opened_by_voice' }] });
    const signature = { commandId: command('signed'), requestId: REQUEST, reason: null };
    byVoice.when(countersignOpening, { ...signature, actor: SECOND }, at('07:06')).expectRefusal('same-person', { firstBy: SECOND.id });
    const signed = byVoice.when(countersignOpening, { ...signature, actor: FIRST }, at('07:06'));
    expect(signed.after.statusAt(at('07:07')).display).toBe('open');
  });

  it('with an override is never OPEN', () => {
    const unmeasured = scheduledCorridor().filter(({ body }) => body.type !== 'TransitTimeSet');
    const until: Instant = at('09:00');
    const overrides = (['bus', 'car'] as const).map((mode) => ({ what: 'transit_time' as const, subject: mode, until }));
    const opened = given(...unmeasured)
      .when(requestOpening, request({ overrides }), ASKED_AT)
      .after.when(approveOpening, approval(), at('06:58'))
      .expectEvents({ type: 'CorridorOpened' }).after;
    expect(opened.statusAt(at('07:05')).display).toBe('limited');
    expect(opened.and(...watched(at('08:59'))).statusAt(until).display).toBe('unknown');
  });

  it('overrides no absolute criterion, and none for longer than six hours', () => {
    given(...scheduledCorridor())
      .when(requestOpening, request({ overrides: [{ what: 'criterion', subject: 'abort_plan', until: at('09:00') }] }), ASKED_AT)
      .expectRefusal('criterion-absolute', { criterion: 'abort_plan' });
    given(...scheduledCorridor())
      .when(requestOpening, request({ overrides: [{ what: 'hotline', subject: 'russia', until: at('12:56') }] }), ASKED_AT)
      .expectRefusal('ends-too-late', { latest: at('12:55') });
  });
});

describe('opening again', () => {
  const stopped = [...openCorridor(), corridorStopped('a stop', at('09:00'))];
  const reopen = request({ kind: 'reopen' });

  it('is no step while the hold of the stop stands', () => {
    given(...stopped)
      .when(requestOpening, reopen, at('09:10'))
      .expectRefusal('holds-standing');
  });

  it('takes two people again once the hold is lifted', () => {
    const lifted = given(
      ...stopped,
      fact('HoldLifted', at('09:05'), { corridorId: K7, holdId: id('a stop'), because: 'decision', reason: null }),
      consentRecorded('ukraine', 'green_light', at('09:06')),
      consentRecorded('russia', 'green_light', at('09:06')),
    );
    expect(lifted.statusAt(at('09:08')).display).toBe('suspended');
    const again = lifted.when(requestOpening, reopen, at('09:08')).after.when(approveOpening, approval(), at('09:10')).after;
    expect(again.statusAt(at('09:11')).display).toBe('open');
  });

  it('is not how the first opening is asked for', () => {
    given(...scheduledCorridor())
      .when(requestOpening, reopen, ASKED_AT)
      .expectRefusal('transition-not-allowed');
    given(...proposedCorridor())
      .when(requestOpening, request(), ASKED_AT)
      .expectRefusal('transition-not-allowed');
  });
});

describe('removing a limit', () => {
  const limitId = id<LimitId>('one by one');
  const limited = given(
    ...openCorridor(),
    fact(
      'LimitSet',
      at('08:55'),
      { corridorId: K7, limitId, kind: 'released_one_by_one', modes: null, peoplePerHour: null, until: null, note: null },
      FIELD_LEAD,
    ),
  );

  it('is an opening: two people', () => {
    const without = limited
      .when(requestOpening, request({ kind: 'remove_limit', limitId }), at('08:57'))
      .after.when(approveOpening, approval(), at('08:59'))
      .expectEvents({ type: 'LimitRemoved', limitId }).after;
    expect(limited.statusAt(at('09:00')).display).toBe('limited');
    expect(without.statusAt(at('09:00')).display).toBe('open');
  });

  it('is refused for a limit that does not stand', () => {
    limited
      .when(requestOpening, request({ kind: 'remove_limit', limitId: id<LimitId>('another') }), at('08:57'))
      .expectRefusal('limit-unknown', { standing: [limitId] });
  });
});
