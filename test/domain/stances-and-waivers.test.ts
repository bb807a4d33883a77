import { describe, expect, it } from '@jest/globals';
import { STANCES, type Stance } from '../../src/domain/corridor.js';
import { CRITERIA, CRITERION_CODES, type Criterion, type CriterionClass, type CriterionCode } from '../../src/domain/criterion.js';
import { criterionEnd, isForOperation } from '../../src/domain/display.js';
import type { CorridorId } from '../../src/domain/ids.js';
import { HOUR_MS, MINUTE_MS, addMs, type Instant } from '../../src/domain/instant.js';
import { requestOpening, type RequestOpening } from '../../src/domain/opening.js';
import type { Actor } from '../../src/domain/permission.js';
import {
  assessCriterion,
  grantWaiver,
  proposeWaiver,
  type AssessCriterion,
  type GrantWaiver,
  type ProposeWaiver,
} from '../../src/domain/readiness.js';
import { approveStance, proposeStance, type ApproveStance, type ProposeStance } from '../../src/domain/stance.js';
import { windowTimes } from '../../src/domain/window.js';
import { parseZone, type Zone } from '../../src/domain/zone.js';
import { assess, close, startAnew, support } from '../support/acts.js';
import {
  FIRST,
  K7,
  SECOND,
  TEXT,
  at,
  attackReported,
  claim,
  command,
  corridorDeclared,
  fact,
  id,
  openCorridor,
  proposedCorridor,
  scheduledCorridor,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const NINE = at('09:00');
const open = (...more: readonly Fact[]): History => given(...openCorridor(), ...more);

// ── Stances ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────

function proposal(stance: Stance, actor: Actor = FIRST, name = 'proposal'): ProposeStance {
  return { commandId: command(name), actor, stance, reason: TEXT };
}
function approval(actor: Actor, name = 'proposal'): ApproveStance {
  return { commandId: command('approval'), actor, proposalId: command(name) };
}
function stanceIs(stance: Stance): Fact {
  return fact('StanceSet', at('05:06'), { corridorId: K7, proposalId: command('another'), stance, proposedBy: FIRST.id }, SECOND);
}

describe('our stance to a corridor (1.5, `stance`)', () => {
  it('is `observed` until two people say otherwise', () => {
    expect(given(corridorDeclared()).dossier.corridor.stance).toBe('observed');
  });

  it('is proposed by one and set by another', () => {
    const proposed = given(corridorDeclared()).when(proposeStance, proposal('supported'), NINE);
    proposed.expectCorridor({ stance: 'observed' });
    proposed.after
      .when(approveStance, approval(SECOND), NINE)
      .expectEvents({ type: 'StanceSet', stance: 'supported', proposedBy: FIRST.id })
      .expectCorridor({ stance: 'supported', stanceProposal: null });
  });

  it('is not set by the person who proposed it', () => {
    given(corridorDeclared())
      .when(proposeStance, proposal('supported'), NINE)
      .after.when(approveStance, approval(FIRST), NINE)
      .expectRefusal('same-person', { firstBy: FIRST.id });
  });

  it('takes two people also where it gets worse', () => {
    open()
      .when(proposeStance, proposal('not_supported'), NINE)
      .expectEvents({ type: 'StanceProposed' })
      .expectCorridor({ stance: 'supported' });
  });

  it('is not set by the approval of a proposal that another has replaced', () => {
    given(corridorDeclared())
      .when(proposeStance, proposal('supported'), NINE)
      .after.when(proposeStance, proposal('not_supported', FIRST, 'a second thought'), NINE)
      .after.when(approveStance, approval(SECOND), NINE)
      .expectRefusal('proposal-unknown', { open: [command('a second thought')] });
  });

  it('is not set twice', () => {
    open().when(proposeStance, proposal('supported'), NINE).expectRefusal('already-decided', { was: 'supported' });
    open().when(approveStance, approval(SECOND), NINE).expectRefusal('proposal-unknown', { open: [] });
  });

  it('stays over attempts until two people change it', () => {
    const nextAttempt = startAnew(close(open(), NINE), NINE);
    expect(nextAttempt.dossier.corridor).toMatchObject({ stance: 'supported', attempt: { no: 2 } });
  });

  const usable: readonly (readonly [string, readonly Fact[], Instant])[] = [
    ['planned', scheduledCorridor(), at('06:59')],
    ['limited', [...openCorridor(), fact('BasisSet', at('08:00'), { windowId: id('window of 9 March'), basis: 'single_control' })], NINE],
    ['open', openCorridor(), NINE],
  ];
  describe.each(STANCES)('%s', (stance) => {
    it.each(usable)(stance === 'supported' ? 'may show %s' : 'never shows %s', (word, facts, now) => {
      const [declared, , ...rest] = facts as readonly [Fact, Fact, ...Fact[]];
      const history = given(declared, stanceIs(stance), ...rest);
      expect(history.statusAt(now).display).toBe(stance === 'supported' ? word : 'not_agreed');
    });
  });

  it('does not hide danger on a corridor that we do not support', () => {
    const [declared, , ...rest] = openCorridor() as readonly [Fact, Fact, ...Fact[]];
    expect(given(declared, stanceIs('not_supported'), ...rest, attackReported('shells', at('08:58'))).statusAt(NINE).display).toBe(
      'danger',
    );
  });
});

describe('a destination under a party to the conflict (1.5, criterion 7)', () => {
  const under = { destinationParty: 'russia' } as const;
  const withAlternative = { ...under, alternativeIds: [id<CorridorId>('another way out')] };

  it('is not supported while no alternative is recorded', () => {
    given(corridorDeclared(under))
      .when(proposeStance, proposal('supported'), NINE)
      .expectRefusal('destination-under-a-party', { party: 'russia' });
  });

  it('is not supported either by the approval of an earlier proposal', () => {
    const earlier = fact('StanceProposed', at('05:30'), {
      corridorId: K7,
      proposalId: command('proposal'),
      stance: 'supported',
      reason: TEXT,
    });
    given(corridorDeclared(under), earlier)
      .when(approveStance, approval(SECOND), NINE)
      .expectRefusal('destination-under-a-party', { party: 'russia' });
  });

  it('is supported where another way out is recorded', () => {
    expect(support(given(corridorDeclared(withAlternative)), NINE).dossier.corridor.stance).toBe('supported');
  });

  it.each(['not_supported'] as const)('may always be %s', (stance) => {
    given(corridorDeclared(under)).when(proposeStance, proposal(stance), NINE).expectEvents({ type: 'StanceProposed', stance });
  });

  it('never has its criterion 7 waived, not even with an alternative', () => {
    given(...openCorridor(withAlternative))
      .when(proposeWaiver, waiver('destination_choice'), NINE)
      .expectRefusal('criterion-not-waivable', { criterion: 'destination_choice' });
  });

  it('does not count a waiver of criterion 7 that was granted before', () => {
    const lapsed = assessment('destination_choice', 'not_met');
    const history = (changes: object): History => given(...openCorridor(changes), lapsed, granted('destination_choice', at('12:00')));
    expect(history({}).statusAt(NINE).display).toBe('limited');
    expect(history(withAlternative).statusAt(NINE)).toMatchObject({ display: 'unknown', reasons: [{ code: 'criterion_missing' }] });
  });
});

// ── Criteria and waivers ─────────────────────────────────────────────────────────────────────────────────────────────────────

function assessment(criterion: CriterionCode, value: Criterion['value'], when = at('08:00'), validUntil = at('19:00')): Fact {
  return fact('CriterionAssessed', when, { corridorId: K7, criterion, value, validUntil, note: null });
}
function granted(criterion: CriterionCode, until: Instant): Fact {
  return fact('WaiverGranted', at('08:30'), { corridorId: K7, waiverId: command('w'), criterion, until, proposedBy: FIRST.id }, SECOND);
}
function waiver(criterion: CriterionCode, until: Instant = at('12:00')): ProposeWaiver {
  return { commandId: command('waiver'), actor: FIRST, criterion, until, mitigation: TEXT };
}
function grant(actor: Actor): GrantWaiver {
  return { commandId: command('grant'), actor, waiverId: command('waiver') };
}
function says(criterion: CriterionCode, value: Criterion['value'], validUntil: Instant | null = null): AssessCriterion {
  return { commandId: command('assessment'), actor: FIRST, criterion, value, validUntil, note: null };
}

/** Domain 1.3, "Class": the numbers of the criteria in each. */
const CLASSES: Readonly<Record<CriterionClass, readonly number[]>> = {
  absolute: [1, 2, 3, 4, 6, 8, 9, 13, 15, 24],
  waivable: [5, 7, 10, 11, 12, 14, 16, 19, 22],
  advisory: [17, 18, 20, 21, 23, 25],
};
const ASSESSED = CRITERION_CODES.filter((code) => ![1, 2, 3, 9, 13].includes(CRITERIA[code].no));

describe('the 25 criteria (1.3)', () => {
  it.each(Object.entries(CLASSES))('those that are %s', (kind, numbers) => {
    const found = CRITERION_CODES.filter((code) => CRITERIA[code].class === kind).map((code) => CRITERIA[code].no);
    expect(found).toEqual(numbers);
  });

  it('5, 14 and 16 to 23 are assessed once for an operation and inherited by the next attempt, the others not', () => {
    const operation = [5, 14, 16, 17, 18, 19, 20, 21, 22, 23];
    expect(CRITERION_CODES.filter(isForOperation).map((code) => CRITERIA[code].no)).toEqual(operation);
    const inherited = Object.keys(startAnew(close(open(), NINE), NINE).dossier.corridor.criteria) as CriterionCode[];
    expect(inherited.map((code) => CRITERIA[code].no).toSorted((a, b) => a - b)).toEqual(operation);
  });

  it.each(ASSESSED)('%s blocks an opening when it is not met, unless it is only advisory', (criterion) => {
    const isAdvisory = CRITERIA[criterion].class === 'advisory';
    expect(open(assessment(criterion, 'not_met')).statusAt(NINE).display).toBe(isAdvisory ? 'open' : 'unknown');
  });

  it.each(CRITERION_CODES)('%s is assessed by people, unless the dossier itself shows it', (criterion) => {
    const outcome = open().when(assessCriterion, says(criterion, 'met'), NINE);
    if (ASSESSED.includes(criterion)) outcome.expectEvents({ type: 'CriterionAssessed', criterion });
    else outcome.expectRefusal('criterion-computed', { criterion });
  });

  it.each(ASSESSED)('%s is not applicable only where it is not absolute', (criterion) => {
    const outcome = open().when(assessCriterion, { ...says(criterion, 'not_applicable'), note: TEXT }, NINE);
    if (CRITERIA[criterion].class === 'absolute') outcome.expectRefusal('criterion-absolute', { criterion });
    else expect(outcome.after.statusAt(NINE).display).toBe('open');
  });

  it('are not applicable only for a reason', () => {
    const field = { field: 'note', code: 'reason-missing', message: 'note must say why the criterion is not applicable' };
    open()
      .when(assessCriterion, says('medical', 'not_applicable'), NINE)
      .expectRefusal('invalid-request', { errors: [field] });
  });

  it('are assessed for no longer than their kind allows', () => {
    open()
      .when(assessCriterion, says('transport', 'met', at('15:00')), NINE)
      .expectEvents({ type: 'CriterionAssessed', validUntil: at('15:00') });
    open()
      .when(assessCriterion, says('transport', 'met', at('15:00:00.001')), NINE)
      .expectRefusal('ends-too-late', { latest: at('15:00') });
    open()
      .when(assessCriterion, says('abort_plan', 'met'), NINE)
      .expectEvents({ type: 'CriterionAssessed', validUntil: at('19:00') });
  });
});

describe('a criterion ends at the next go/no-go (1.3, E8)', () => {
  const startsAt = at('07:00', '2022-03-10');
  const times = windowTimes({ claims: [claim('start', { kind: 'instant', at: startsAt })], zone: parseZone('Europe/Kyiv') as Zone });
  const own = addMs(startsAt, 12 * HOUR_MS);
  const before = (ms: number): Instant => addMs(startsAt, -ms);
  const cases: readonly (readonly [string, Instant, Instant])[] = [
    ['assessed before T−24 h: at T−24 h', before(24 * HOUR_MS + 1), before(24 * HOUR_MS)],
    ['assessed at T−24 h: at T−2 h', before(24 * HOUR_MS), before(2 * HOUR_MS)],
    ['assessed at T−2 h: at T−30 min', before(2 * HOUR_MS), before(30 * MINUTE_MS)],
    ['assessed at T−30 min: at its own end', before(30 * MINUTE_MS), own],
  ];
  const ends = (criterion: CriterionCode, assessedAt: Instant): Instant =>
    criterionEnd(criterion, { value: 'met', assessedBy: FIRST.id, assessedAt, validUntil: own, waiver: null }, times);

  it.each(cases)('%s', (_what, assessedAt, end) => {
    expect(ends('transport', assessedAt)).toBe(end);
  });

  it('unless its own end comes first', () => {
    const criterion = {
      value: 'met',
      assessedBy: null,
      assessedAt: before(3 * HOUR_MS),
      validUntil: before(150 * MINUTE_MS),
      waiver: null,
    };
    expect(criterionEnd('transport', criterion as Criterion, times)).toBe(before(150 * MINUTE_MS));
  });

  it('unless it is assessed for the whole operation', () => {
    expect(ends('medical', before(30 * HOUR_MS))).toBe(own);
  });
});

describe('a waiver (1.3)', () => {
  it.each(CRITERION_CODES)('of %s is proposed only where the criterion is waivable', (criterion) => {
    const outcome = open().when(proposeWaiver, waiver(criterion), NINE);
    if (CLASSES.waivable.includes(CRITERIA[criterion].no)) outcome.expectEvents({ type: 'WaiverProposed', criterion });
    else outcome.expectRefusal('criterion-not-waivable', { criterion });
  });

  it('takes a risk owner and a second person, who both stand beside the word', () => {
    const proposed = open(assessment('transport', 'partly')).when(proposeWaiver, waiver('transport'), NINE).after;
    expect(proposed.statusAt(NINE).display).toBe('unknown');
    proposed.when(grantWaiver, grant(FIRST), NINE).expectRefusal('same-person', { firstBy: FIRST.id });
    const after = proposed.when(grantWaiver, grant(SECOND), NINE).expectEvents({ type: 'WaiverGranted', proposedBy: FIRST.id }).after;
    expect(after.dossier.corridor.criteria.transport?.waiver).toEqual({ riskOwner: FIRST.id, grantedBy: SECOND.id, until: at('12:00') });
    expect(after.statusAt(NINE)).toMatchObject({ display: 'limited', reasons: [{ code: 'waiver', inputs: { riskOwner: FIRST.id } }] });
  });

  it('is granted once', () => {
    const after = open().when(proposeWaiver, waiver('transport'), NINE).after.when(grantWaiver, grant(SECOND), NINE).after;
    after.when(grantWaiver, grant(SECOND), NINE).expectRefusal('proposal-unknown', { open: [] });
  });

  it('ends: within a day, and after now', () => {
    const latest = at('09:00', '2022-03-10');
    open().when(proposeWaiver, waiver('transport', latest), NINE).expectEvents({ type: 'WaiverProposed' });
    open()
      .when(proposeWaiver, waiver('transport', addMs(latest, 1)), NINE)
      .expectRefusal('ends-too-late', { latest });
    open().when(proposeWaiver, waiver('transport', NINE), NINE).expectRefusal('ends-too-late', { latest });
  });

  it('counts until its end, exclusive', () => {
    const history = open(assessment('transport', 'not_met'), granted('transport', NINE));
    expect(history.statusAt(at('08:59:59.999')).display).toBe('limited');
    expect(history.statusAt(NINE)).toMatchObject({ display: 'unknown', reasons: [{ code: 'criterion_missing' }] });
  });

  it('ends nothing where the criterion is met all the same: no passing of time makes a corridor easier to use (1.5, `ease`)', () => {
    const history = open(granted('transport', NINE));
    expect([at('08:59'), NINE].map((now) => history.statusAt(now).display)).toEqual(['limited', 'limited']);
    expect(assess('transport')(history, NINE).statusAt(NINE).display).toBe('open');
  });

  it('covers a criterion that nobody has assessed yet', () => {
    const unassessed = openCorridor().filter(({ body }) => body.type !== 'CriterionAssessed' || body.criterion !== 'transport');
    expect(given(...unassessed).statusAt(NINE).display).toBe('unknown');
    expect(given(...unassessed, granted('transport', at('12:00'))).statusAt(NINE).display).toBe('limited');
  });

  it('is over when the criterion is assessed again', () => {
    const waived = open(assessment('transport', 'not_met'), granted('transport', at('12:00')));
    expect(assess('transport')(waived, NINE).dossier.corridor.criteria.transport?.waiver).toBeNull();
    expect(waived.and(assessment('transport', 'not_met', at('08:50'))).statusAt(NINE).display).toBe('unknown');
  });

  it('of an attempt ends with it; one of the operation goes on', () => {
    const waived = open(granted('transport', at('12:00')), granted('medical', at('12:00')));
    const { criteria } = startAnew(close(waived, NINE), NINE).dossier.corridor;
    expect([criteria.transport?.waiver, criteria.medical?.waiver?.until]).toEqual([undefined, at('12:00')]);
  });

  it('does not outlive its attempt as a proposal', () => {
    const proposed = open().when(proposeWaiver, waiver('medical'), NINE).after;
    startAnew(close(proposed, NINE), NINE).when(grantWaiver, grant(SECOND), NINE).expectRefusal('proposal-unknown', { open: [] });
  });
});

describe('an override that an opening names (1.5, S2)', () => {
  const asked = at('06:55');
  const request = (override: RequestOpening['overrides'][number]): RequestOpening => ({
    commandId: command('request'),
    actor: FIRST,
    kind: 'open',
    limitId: null,
    overrides: [override],
    isByVoice: false,
    reason: null,
    boundDigest: 'digest',
    realNow: asked,
  });
  const scheduled = given(...scheduledCorridor());

  it('ends within six hours, and after now', () => {
    const until = (end: Instant): RequestOpening => request({ what: 'hotline', subject: 'russia', until: end });
    scheduled.when(requestOpening, until(at('12:55')), asked).expectEvents({ type: 'OpeningRequested' });
    scheduled.when(requestOpening, until(at('12:55:00.001')), asked).expectRefusal('ends-too-late', { latest: at('12:55') });
    scheduled.when(requestOpening, until(asked), asked).expectRefusal('ends-too-late', { latest: at('12:55') });
  });

  it.each(CRITERION_CODES)('of the criterion %s is refused where it is absolute', (criterion) => {
    const outcome = scheduled.when(requestOpening, request({ what: 'criterion', subject: criterion, until: at('12:00') }), asked);
    if (CLASSES.absolute.includes(CRITERIA[criterion].no)) outcome.expectRefusal('criterion-absolute', { criterion });
    else outcome.expectEvents({ type: 'OpeningRequested' });
  });

  it('is no use before an attempt is scheduled', () => {
    given(...proposedCorridor())
      .when(requestOpening, request({ what: 'hotline', subject: 'russia', until: at('12:00') }), asked)
      .expectRefusal('transition-not-allowed', { lifecycle: 'proposed' });
  });
});
