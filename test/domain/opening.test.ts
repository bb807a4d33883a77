import { describe, expect, it } from '@jest/globals';
import { approveOpening, boundContent, requestOpening, type ApproveOpening, type RequestOpening } from '../../src/domain/opening.js';
import type { LimitId, OpeningRequestId } from '../../src/domain/ids.js';
import type { Actor } from '../../src/domain/permission.js';
import {
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
  observed,
  scheduledCorridor,
  id,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const ASKED = at('06:52');
const APPROVED = at('06:55');

function ask(actor: Actor = FIRST): RequestOpening {
  return {
    commandId: command('request'),
    actor,
    kind: 'open',
    limitId: null,
    overrides: [],
    isByVoice: false,
    reason: null,
    boundDigest: 'digest',
    realNow: ASKED,
  };
}

function approval(changes: Partial<ApproveOpening> = {}): ApproveOpening {
  const requestId = command('request') as string as OpeningRequestId;
  return { commandId: command('approval'), actor: SECOND, requestId, realNow: APPROVED, isRequesterActive: true, ...changes };
}

/** Everything was checked, and the first has asked to open. */
function requested(...before: readonly Fact[]): History {
  return given(...scheduledCorridor(), ...before).when(requestOpening, ask(), ASKED).after;
}

describe('opening', () => {
  it('takes two different people', () => {
    requested()
      .when(approveOpening, approval(), APPROVED)
      .expectEvents({ type: 'CorridorOpened', requestedBy: FIRST.id, approvedBy: SECOND.id });
  });

  it('is refused to the person who asked (S5)', () => {
    requested()
      .when(approveOpening, approval({ actor: FIRST }), APPROVED)
      .expectRefusal('same-person', { firstBy: FIRST.id });
  });

  it('is refused when who asked may no longer ask (S5)', () => {
    requested()
      .when(approveOpening, approval({ isRequesterActive: false }), APPROVED)
      .expectRefusal('requester-not-active');
  });

  it('holds for fifteen real minutes, whatever the clock of an exercise does (S5)', () => {
    requested()
      .when(approveOpening, approval({ realNow: at('07:07') }), APPROVED)
      .expectEvents({ type: 'CorridorOpened' });
    requested()
      .when(approveOpening, approval({ realNow: at('07:08') }), APPROVED)
      .expectRefusal('opening-request-expired');
  });

  const worse: readonly (readonly [string, Fact])[] = [
    ['a party is no longer sure', consentRecorded('russia', 'disputed', at('06:53'))],
    ['a limit is set', limited(at('06:53'))],
    ['another attack is reported', attackReported('shells', at('06:53'))],
    [
      'a segment is suspected',
      fact('OrdnanceAssessed', at('06:53'), { corridorId: K7, segmentId: NORTH, status: 'suspected', cause: 'E3' }),
    ],
    ['the basis is another', fact('BasisSet', at('06:53'), { windowId: WINDOW, basis: 'single_control' })],
    ['a hold is set', holdSet('a hold', at('06:53'))],
  ];
  it.each(worse)('is void when since the request %s (S5)', (_what, fact) => {
    requested().and(fact).when(approveOpening, approval(), APPROVED).expectRefusal('opening-void');
  });

  it('stands when since the request something became better', () => {
    const notClear = fact('OrdnanceAssessed', at('06:51'), {
      corridorId: K7,
      segmentId: NORTH,
      status: 'surveyed_no_evidence',
      cause: 'assessor',
    });
    const clear = fact('OrdnanceAssessed', at('06:53'), { corridorId: K7, segmentId: NORTH, status: 'cleared', cause: 'assessor' });
    requested(notClear).and(clear).when(approveOpening, approval(), APPROVED).expectEvents({ type: 'CorridorOpened' });
  });

  it('is refused while a hold stands', () => {
    given(...scheduledCorridor(), holdSet('a hold', at('06:51')))
      .when(requestOpening, ask(), ASKED)
      .expectRefusal('holds-standing');
  });

  it('is refused until somebody has looked at the road since an attack (S4)', () => {
    const struck = attackReported('shells', at('03:00'));
    requested(struck).when(approveOpening, approval(), APPROVED).expectRefusal('road-not-looked-at');
    const looked = observed(NORTH, at('06:51'), { roadLookedAt: true });
    requested(struck, looked).when(approveOpening, approval(), APPROVED).expectEvents({ type: 'CorridorOpened' });
  });

  it('is refused while danger is shown, also when it will be over at the start (S4)', () => {
    const struck = attackReported('shells', at('03:59'));
    const looked = observed(NORTH, at('06:51'), { roadLookedAt: true });
    requested(struck, looked).when(approveOpening, approval(), APPROVED).expectRefusal('opening-not-safe');
  });

  it('is gone with a stop: whoever asked must ask again', () => {
    requested()
      .and(corridorStopped('a stop', at('06:53')))
      .when(approveOpening, approval(), APPROVED)
      .expectRefusal('opening-request-unknown');
  });

  it('is not bound to what merely ages', () => {
    const { dossier } = requested();
    const seenAgain = requested().and(observed(NORTH, at('06:54'))).dossier;
    expect(boundContent(seenAgain)).toEqual(boundContent(dossier));
  });
});

function limited(when: ReturnType<typeof at>): Fact {
  return fact('LimitSet', when, {
    corridorId: K7,
    limitId: id<LimitId>('a limit'),
    kind: 'daylight_only',
    modes: null,
    peoplePerHour: null,
    until: null,
    note: null,
  });
}
