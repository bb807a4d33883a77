import { describe, expect, it } from '@jest/globals';
import { ASSESSED_CRITERIA } from '../../src/domain/criterion.js';
import type { DomainEvent } from '../../src/domain/event.js';
import { forcedEffects } from '../../src/domain/forced-effects.js';
import { liftHold } from '../../src/domain/hold.js';
import type { AttackId, HoldId, OpeningRequestId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { timeEffects } from '../../src/domain/time-effects.js';
import { assess, greenLight, inTurn, liftHoldByTwo, lookAtRoad, openByTwo, see } from '../support/acts.js';
import {
  FIRST,
  K7,
  NORTH,
  SECOND,
  SOUTH,
  TEXT,
  WINDOW,
  at,
  attackReported,
  claim,
  command,
  consentRecorded,
  fact,
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

const idFor = (name: string): HoldId => id<HoldId>(name);

/** The history with what time causes written into it. */
function written(history: History, now: Instant): History {
  return history.and(...timeEffects(history.dossier, now, idFor).map((body): Fact => ({ body, at: now, actorId: null })));
}
const wordsOf = (history: History, ...times: readonly string[]): readonly string[] =>
  times.map((time) => written(history, at(time)).statusAt(at(time)).display);

/** Fire at 05:15, five minutes before the attempt for the window from 07:00 was started; agreed at 05:45. */
const shells = attackReported('shells', at('05:15'), { place: null, teamOf: [] });
const looked = observed(NORTH, at('05:30'), { roadLookedAt: true });
const agreed = (...more: readonly Fact[]): History =>
  given(
    ...proposedCorridor(),
    shells,
    lifecycleChanged('proposed', 'under_negotiation', at('05:30')),
    consentRecorded('ukraine', 'terms_confirmed', at('05:40')),
    consentRecorded('russia', 'terms_confirmed', at('05:40')),
    lifecycleChanged('under_negotiation', 'agreed', at('05:45')),
    fact('WindowShortened', at('05:46'), { windowId: WINDOW, claim: STARTS_AT_TEN, reason: null }),
    ...more,
  );
const STARTS_AT_TEN = claim('start', { kind: 'instant', at: at('10:00') }, 'russia');

describe('fire, and a new attempt within its three hours', () => {
  it('is DANGER, then held: three hours alone make nothing PLANNED, looked at or not', () => {
    expect(wordsOf(agreed(looked), '08:14', '08:15')).toEqual(['danger', 'hold']);
    expect(wordsOf(agreed(), '08:14', '08:15')).toEqual(['danger', 'suspended']);
  });

  it('is PLANNED when two people have lifted that hold', () => {
    const held = written(agreed(looked), at('08:15'));
    expect(held.dossier.corridor.holds).toMatchObject([{ reason: 'attack', origin: 'rule', attackId: id<AttackId>('shells') }]);
    expect(wordsOf(liftHoldByTwo(held, at('08:20')), '08:21', '09:59')).toEqual(['planned', 'planned']);
  });

  it('is SUSPENDED where it is scheduled, and PLANNED when two people open it again after a look', () => {
    const scheduled = given(
      ...withFire(scheduledCorridor()),
      fact('WindowShortened', at('06:51'), { windowId: WINDOW, claim: STARTS_AT_TEN, reason: null }),
    );
    expect(wordsOf(scheduled, '08:14', '08:15')).toEqual(['danger', 'suspended']);
    const suspended = written(scheduled, at('08:15'));
    // The radio net lapsed at the go/no-go of T−2 h, which is a hold of its own.
    const checkedAgain = inTurn(lookAtRoad, see(SOUTH), ...ASSESSED_CRITERIA.map(assess), liftHoldByTwo, greenLight('ukraine', 'russia'));
    const reopened = inTurn(checkedAgain, openByTwo('reopen'))(suspended, at('09:31'));
    expect(wordsOf(reopened, '09:32')).toEqual(['planned']);
  });

  it('leaves an attempt that was started once they were over as it is: PLANNED, with that reason, and HOLD from its start', () => {
    const later = given(...withFire(scheduledCorridor(), '02:20'));
    const { display, beside } = later.statusAt(at('06:55'));
    expect({ display, codes: beside.map(({ code }) => code) }).toEqual({ display: 'planned', codes: ['road_not_looked_at'] });
    expect(wordsOf(later, '07:00')).toEqual(['hold']);
  });
});

describe('the hold that fire set', () => {
  const own = attackReported('shells', at('05:30'), { place: null });
  const [hold] = forcedEffects(
    { body: own.body, version: 1, recordedAt: own.at, actorId: null },
    [given(...proposedCorridor(), own).dossier],
    idFor,
  );
  const cleared = (...more: readonly Fact[]): History =>
    given(
      ...proposedCorridor(),
      own,
      { body: hold as DomainEvent, at: at('05:30'), actorId: null },
      fact('HoldCleared', at('05:40'), { corridorId: K7, holdId: (hold as { holdId: HoldId }).holdId, note: null }, SECOND),
      ...more,
    );
  const lift = { commandId: command('lift'), actor: FIRST, holdId: (hold as { holdId: HoldId }).holdId, reason: TEXT };

  it('is not lifted in the dark of its DANGER, only once the three hours are over', () => {
    cleared()
      .when(liftHold, lift, at('08:29:59.999'))
      .expectRefusal('danger-not-over', { endsAt: at('08:30') });
    cleared().when(liftHold, lift, at('08:30')).expectEvents({ type: 'HoldLifted' });
  });

  it('is lifted at once where the report was discounted', () => {
    const discounted = fact('AttackDiscounted', at('05:50'), {
      ...{ attackId: id<AttackId>('shells'), effect: 'no_effect', corridorIds: [K7], isEverywhere: true, place: null, reason: TEXT },
    });
    cleared(discounted).when(liftHold, lift, at('06:00')).expectEvents({ type: 'HoldLifted' });
  });
});

describe('fire that is told late, while the corridor is open', () => {
  const told = (occurred: string, receivedAt = '08:55'): Fact =>
    attackReported('shells', at(receivedAt), { occurredAt: at(occurred), countsFrom: at(occurred), place: null, teamOf: [] });
  const quiet = [...watched(at('11:50')), hotlineAnswered('ukraine', at('11:50')), hotlineAnswered('russia', at('11:50'))];

  it('from before the attempt: DANGER, then SUSPENDED, never OPEN again by time alone', () => {
    const startedAtSix = openCorridor().map((known) => (known.body.type === 'AttemptStarted' ? { ...known, at: at('06:30') } : known));
    const history = given(...startedAtSix, told('06:20'), observed(NORTH, at('09:10'), { roadLookedAt: true }), ...watched(at('09:15')));
    expect(wordsOf(history, '09:19', '09:20')).toEqual(['danger', 'suspended']);
  });

  it('whose three hours are over already: suspended at once, and a look at the road opens nothing', () => {
    const openedAgain = given(
      ...openCorridor(),
      opened(at('11:30')),
      ...quiet,
      told('06:00', '11:55'),
      observed(NORTH, at('11:57'), { roadLookedAt: true }),
    );
    expect(written(openedAgain, at('11:55')).dossier.corridor.attempt?.lifecycle).toBe('suspended');
    expect(wordsOf(written(openedAgain, at('11:55')), '11:58')).toEqual(['suspended']);
  });

  it('and judged only after the opening: suspended, since those who opened knew a rumour and nobody had looked', () => {
    const rumour = attackReported('shells', at('07:30'), { isAuthenticated: false, teamOf: [], place: null });
    const graded = fact('AttackGraded', at('11:55'), {
      attackId: id<AttackId>('shells'),
      grade: { reliability: 'B', credibility: '2' },
      verification: 'credible',
      place: null,
      note: null,
    });
    const history = given(...openCorridor(), rumour, opened(at('11:30')), ...quiet, graded);
    expect(written(history, at('11:55')).dossier.corridor.attempt?.lifecycle).toBe('suspended');
  });

  it('known, over and looked at when two people opened: suspends no second time, also after fire heard', () => {
    const history = given(
      ...openCorridor(),
      told('06:00', '06:05'),
      observed(NORTH, at('11:00'), { roadLookedAt: true }),
      greenLightOf('ukraine'),
      greenLightOf('russia'),
      opened(at('11:30')),
      ...quiet,
    );
    expect(wordsOf(history, '11:55')).toEqual(['open']);
    const heard = history.and(observed(NORTH, at('11:55'), { condition: 'fire_heard' }));
    expect(written(heard, at('11:56')).dossier.corridor.attempt?.lifecycle).toBe('open');
    expect(wordsOf(heard, '11:56')).toEqual(['suspended']); // until somebody looks again
  });
});

describe('the warning of a single unknown sender, just before a new attempt', () => {
  it('is held when its five minutes end in that attempt, not when they ended before it', () => {
    const warned = (time: string): readonly string[] => {
      const warning = attackReported('a rumour', at(time), { isAuthenticated: false, teamOf: [] });
      return timeEffects(given(...proposedCorridor(), warning).dossier, at('05:25'), idFor).map(({ type }) => type);
    };
    expect(warned('05:16')).toEqual(['HoldSet']); // the attempt began at 05:20
    expect(warned('05:14')).toEqual([]);
  });
});

function withFire(facts: readonly Fact[], when = '05:15'): readonly Fact[] {
  return [...facts, attackReported('shells', at(when), { place: null, teamOf: [] })];
}

const greenLightOf = (party: string): Fact => consentRecorded(party, 'green_light', at('11:25'));

function opened(when: Instant): Fact {
  const who = { requestedBy: FIRST.id, approvedBy: SECOND.id, requestId: id<OpeningRequestId>('another opening') };
  return fact('CorridorOpened', when, { corridorId: K7, isByVoice: false, overrides: [], ...who }, SECOND);
}
