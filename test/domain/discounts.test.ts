import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countsFor, evolveAttack, type Attack, type AttackEvent, type Grade } from '../../src/domain/attack.js';
import type { Dossier } from '../../src/domain/dossier.js';
import { forcedEffects, lookBack } from '../../src/domain/forced-effects.js';
import type { AttackId, CorridorId, HoldId } from '../../src/domain/ids.js';
import { discountAttack, gradeAttack } from '../../src/domain/report.js';
import {
  FIRST,
  K7,
  NORTH,
  SECOND,
  TEXT,
  at,
  attackReported,
  command,
  fact,
  holdSet,
  id,
  observed,
  openCorridor,
} from '../support/facts.js';
import { given, type Fact } from '../support/given.js';

const K8 = id<CorridorId>('corridor K8');
const SHELLS = id<AttackId>('shells');
const discount = { commandId: command('discount'), effect: 'false_report', reason: TEXT } as const;

function dossierWith(attack: Fact, ...more: readonly Fact[]): Dossier {
  return given(...openCorridor(), attack, ...more).dossier;
}
const attackIn = ({ attacks }: Dossier): Attack => attacks[0] as Attack;
const proposed = (by = FIRST): Fact =>
  fact('AttackDiscountProposed', at('09:05'), { attackId: SHELLS, effect: 'false_report', corridorIds: [K7], reason: TEXT }, by);

const signedIn = attackReported('shells', at('09:00'), { teamOf: [] });
const unknown = { isAuthenticated: false, teamOf: [] };
const oneStranger = attackReported('shells', at('09:00'), unknown);
const twoStrangers = attackReported('shells', at('09:00'), { ...unknown, originGroups: ['a channel', 'another channel'] });
const graded = fact('AttackGraded', at('09:01'), {
  attackId: SHELLS,
  grade: { reliability: 'C', credibility: '3' },
  verification: 'credible',
  place: null,
  note: null,
});

/** What the first coordinator's word comes to. */
function firstSays(dossier: Dossier): readonly string[] {
  const decision = discountAttack(attackIn(dossier), [dossier], { ...discount, actor: FIRST });
  return decision.kind === 'accepted' ? decision.events.map(({ type }) => type) : [decision.problem.code];
}

describe('a discount', () => {
  it('of a report that is signed in takes two coordinators who say the same', () => {
    expect(firstSays(dossierWith(signedIn))).toEqual(['AttackDiscountProposed']);
    expect(firstSays(dossierWith(signedIn, proposed()))).toEqual(['same-person']);
    expect(firstSays(dossierWith(signedIn, proposed(SECOND)))).toEqual(['AttackDiscounted']);
    const otherwise = discountAttack(attackIn(dossierWith(signedIn, proposed(SECOND))), [dossierWith(signedIn)], {
      ...discount,
      effect: 'no_effect',
      actor: FIRST,
    });
    expect(otherwise).toMatchObject({ kind: 'accepted', events: [{ type: 'AttackDiscountProposed', effect: 'no_effect' }] });
  });

  it('of a report that was graded takes two, too', () => {
    expect(firstSays(dossierWith(oneStranger, graded))).toEqual(['AttackDiscountProposed']);
  });

  it('of a single unknown sender takes one: it was a warning', () => {
    expect(firstSays(dossierWith(oneStranger))).toEqual(['AttackDiscounted']);
  });

  it('of two origins that nobody judged takes one and the “clear” of the team, or a second', () => {
    const hold = holdSet('the hold', at('09:00'), { origin: 'rule', reason: 'attack', attackId: SHELLS });
    const cleared = (by = SECOND): Fact =>
      fact('HoldCleared', at('09:02'), { corridorId: K7, holdId: id<HoldId>('the hold'), note: null }, by);
    expect(firstSays(dossierWith(twoStrangers, hold))).toEqual(['AttackDiscountProposed']);
    expect(firstSays(dossierWith(twoStrangers, hold, cleared()))).toEqual(['AttackDiscounted']);
    expect(firstSays(dossierWith(twoStrangers, hold, cleared(FIRST)))).toEqual(['AttackDiscountProposed']);
    expect(firstSays(dossierWith(twoStrangers, observed(NORTH, at('09:02'), { roadLookedAt: true })))).toEqual(['AttackDiscounted']);
    expect(firstSays(dossierWith(twoStrangers, hold, proposed(SECOND)))).toEqual(['AttackDiscounted']);
  });

  it('counts for the corridors on which those who said it decide, and for no other', () => {
    const touches = [K7, K8].map((corridorId) => ({ corridorId, how: 'stop' as const, segmentIds: [NORTH], distanceKm: 0.4 }));
    const struck = attackReported('shells', at('09:00'), { touches, teamOf: [] });
    const dossier = dossierWith(struck, proposed(SECOND));
    const decision = discountAttack(attackIn(dossier), [dossier], { ...discount, actor: FIRST });
    expect(decision).toMatchObject({ events: [{ type: 'AttackDiscounted', corridorIds: [K7], isEverywhere: false }] });
    if (decision.kind === 'refused') throw new Error('refused');
    const after = dossierWith(struck, proposed(SECOND), { body: decision.events[0] as never, at: at('09:06'), actorId: FIRST.id });
    expect(after.attacks).toEqual([]);
    const [attack] = dossier.attacks;
    const evolved = { ...(attack as Attack), discountedFor: [K7] };
    expect([countsFor(evolved, K7), countsFor(evolved, K8)]).toEqual([false, true]);
    expect(discountAttack(evolved, [dossier], { ...discount, actor: FIRST })).toMatchObject({ problem: { code: 'already-decided' } });
  });
});

describe('a discount holds where it was judged (ADR 13)', () => {
  const K9 = id<CorridorId>('corridor K9');
  const CORRIDORS = [K7, K8, K9] as const;
  const touchOf = (corridorId: CorridorId) => ({ corridorId, how: 'stop' as const, segmentIds: [NORTH], distanceKm: 0.4 });
  type Step = { readonly what: 'discounted' | 'touched'; readonly corridorId: CorridorId } | { readonly what: 'retracted' };
  const steps: fc.Arbitrary<readonly Step[]> = fc.array(
    fc.oneof(
      fc.record({ what: fc.constantFrom('discounted' as const, 'touched' as const), corridorId: fc.constantFrom(...CORRIDORS) }),
      fc.constant({ what: 'retracted' as const }),
    ),
    { maxLength: 10 },
  );

  /** As the rules write it: only what counts is discounted, only what is not over is looked back at. */
  function toldOn(attack: Attack, step: Step): AttackEvent | null {
    if (step.what === 'retracted')
      return attack.isRetracted ? null : { type: 'AttackRetracted', attackId: SHELLS, place: null, reason: null };
    const { corridorId } = step;
    if (step.what === 'touched') {
      const isKnown = attack.touches.some((touch) => touch.corridorId === corridorId);
      const [found] = isKnown ? [] : lookBack({ ...given(...openCorridor()).dossier.corridor, id: corridorId }, [attack]);
      return found ?? null;
    }
    const dossier = dossierWith(signedIn);
    const judged = { ...dossier, corridor: { ...dossier.corridor, id: corridorId } };
    const proposals = [{ corridorIds: [corridorId], effect: 'false_report' as const, proposedBy: SECOND.id }];
    if (!attack.touches.some((touch) => touch.corridorId === corridorId)) return null;
    const decision = discountAttack({ ...attack, discountProposals: proposals }, [judged], { ...discount, actor: FIRST });
    return decision.kind === 'accepted' ? (decision.events[0] ?? null) : null;
  }

  it('and for no other corridor, in whatever order it is judged, taken back, and looked at by new ones', () => {
    fc.assert(
      fc.property(steps, (told) => {
        let attack = attackIn(dossierWith(signedIn));
        const judged = new Set<CorridorId>();
        for (const step of told) {
          const body = toldOn(attack, step);
          if (body === null) continue;
          attack = evolveAttack(attack, { body, version: attack.version + 1, recordedAt: at('10:00'), actorId: FIRST.id });
          if (step.what === 'discounted') judged.add(step.corridorId);
        }
        const touched = attack.touches.map(({ corridorId }) => corridorId);
        expect(touched.filter((corridorId) => !countsFor(attack, corridorId))).toEqual(
          touched.filter((corridorId) => judged.has(corridorId)),
        );
        expect(attack.discount !== null).toBe(touched.every((corridorId) => judged.has(corridorId)));
        // One that is declared tomorrow looks at it, unless nobody says it any more.
        expect(countsFor(attack, id<CorridorId>('tomorrow'))).toBe(!(attack.isRetracted && touched.every((one) => judged.has(one))));
      }),
      { numRuns: 300 },
    );
  });

  it('until the corridor comes into its rings anew: then it is judged anew, by two again', () => {
    const struck = attackIn(dossierWith(signedIn));
    const known = { ...struck, discountedFor: [K7], discount: 'false_report' as const, verification: 'discounted' as const };
    const proposal = { corridorIds: [K7, K8], effect: 'false_report' as const, proposedBy: SECOND.id };
    const report = { ...known, discount: null, verification: 'under_review' as const };
    const body: AttackEvent = { type: 'AttackTouched', attackId: SHELLS, touch: touchOf(K7), attack: report };
    const after = evolveAttack({ ...known, discountProposals: [proposal] }, { body, version: 9, recordedAt: at('10:00'), actorId: null });
    expect(after).toMatchObject({
      discount: null,
      verification: 'under_review',
      discountedFor: [],
      discountProposals: [{ corridorIds: [K8] }],
    });
    expect(countsFor(after, K7)).toBe(true);
  });
});

describe('a grade', () => {
  const grade = (dossier: Dossier, reliability: Grade['reliability']): string => {
    const said = { grade: { reliability, credibility: '4' }, verification: 'disputed' } as const;
    const decision = gradeAttack(attackIn(dossier), { commandId: command('grade'), actor: FIRST, note: null, ...said });
    return decision.kind === 'accepted' ? 'accepted' : decision.problem.code;
  };

  it.each(['D', 'E', 'F'] as const)('of %s does not take away a danger that rested on the grade before it', (reliability) => {
    expect(grade(dossierWith(oneStranger, graded), reliability)).toBe('discount-instead');
  });

  it.each(['D', 'E', 'F'] as const)('of %s leaves two origins, and a sender who signed in, the danger that they are', (reliability) => {
    for (const report of [twoStrangers, signedIn]) {
      expect(grade(dossierWith(report), reliability)).toBe('accepted');
      const regraded = fact('AttackGraded', at('09:01'), {
        ...{ attackId: SHELLS, verification: 'disputed', place: null, note: null },
        grade: { reliability, credibility: '4' },
      });
      expect(given(...openCorridor(), report, regraded).statusAt(at('09:02')).display).toBe('danger');
    }
  });

  it('of a report of a mine does not take back what an assessor cleared since; a second origin does', () => {
    const mine = attackReported('shells', at('08:40'), { types: ['mine_uxo_ied'] });
    const cleared = fact('OrdnanceAssessed', at('08:50'), { corridorId: K7, segmentId: NORTH, status: 'cleared', cause: 'assessor' });
    const forced = (cause: Fact): readonly string[] => {
      const { dossier } = given(...openCorridor(), mine, cleared, cause);
      const recorded = { body: cause.body, version: 2, recordedAt: cause.at, actorId: cause.actorId };
      return forcedEffects(recorded, [dossier], (name) => id<HoldId>(name)).map(({ type }) => type);
    };
    expect(forced(graded)).toEqual([]);
    const again = fact('AttackCorroborated', at('09:01'), { attackId: SHELLS, originGroup: 'a farmer', note: null });
    expect(forced(again)).toContain('OrdnanceAssessed');
  });
});
