import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { ATTACK_TYPES, VERIFICATIONS } from '../../src/domain/attack.js';
import {
  LIFECYCLES,
  LIMIT_KINDS,
  MODES,
  ORDNANCE_STATUSES,
  OVERRIDABLES,
  PASSABILITIES,
  RULE_HOLD_REASONS,
  STANCES,
  STOP_REASONS,
  WATCHES,
} from '../../src/domain/corridor.js';
import { CRITERION_CODES, CRITERION_VALUES } from '../../src/domain/criterion.js';
import type { EventType } from '../../src/domain/event.js';
import { CONDITIONS } from '../../src/domain/observation.js';
import { ROLES } from '../../src/domain/permission.js';
import { DISPLAYS, FRESHNESS, REASONS } from '../../src/domain/status.js';
import { BASES, CONSENTS, OUTCOMES, VIOLATION_KINDS } from '../../src/domain/window.js';

type Messages = Readonly<Record<string, string>>;
const require = createRequire(import.meta.url);
const english = require('../../dashboard/messages/en.json') as Messages;
const arabic = require('../../dashboard/messages/ar.json') as Messages;

/** A fact without an entry does not compile. */
const EVENT_TYPES: Readonly<Record<EventType, true>> = {
  CorridorDeclared: true,
  RouteChanged: true,
  StanceProposed: true,
  StanceSet: true,
  AttemptStarted: true,
  WindowChosen: true,
  LifecycleChanged: true,
  CorridorStopped: true,
  HoldSet: true,
  HoldCleared: true,
  HoldLifted: true,
  LimitSet: true,
  CriterionAssessed: true,
  WaiverProposed: true,
  WaiverGranted: true,
  OpeningRequested: true,
  OpeningRejected: true,
  CorridorOpened: true,
  OpeningCountersigned: true,
  LimitRemoved: true,
  TransitTimeSet: true,
  LightAndCurfewSet: true,
  PeopleInsideReported: true,
  OrdnanceAssessed: true,
  WindowAnnounced: true,
  ClaimMade: true,
  ConsentRecorded: true,
  HotlineAnswered: true,
  BasisSet: true,
  WindowExtended: true,
  WindowShortened: true,
  WindowCancelled: true,
  ViolationRecorded: true,
  OutcomeRecorded: true,
  AttackReported: true,
  AttackGraded: true,
  AttackCorroborated: true,
  AttackDiscountProposed: true,
  AttackDiscounted: true,
  AttackRetracted: true,
  AttackCountsRevised: true,
  AttackTouched: true,
  ObservationRecorded: true,
  CorridorStatusChanged: true,
};

/** Every list of the rules that a screen puts into words. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  reason: Object.keys(REASONS),
  lift: [...new Set(Object.values(REASONS).map(({ liftedBy }) => liftedBy))],
  event: Object.keys(EVENT_TYPES),
  display: DISPLAYS,
  freshness: FRESHNESS,
  mode: MODES,
  passability: PASSABILITIES,
  watch: WATCHES,
  ordnance: ORDNANCE_STATUSES,
  stance: STANCES,
  lifecycle: LIFECYCLES,
  limit: LIMIT_KINDS,
  override: OVERRIDABLES,
  why: [...STOP_REASONS, ...RULE_HOLD_REASONS],
  criterion: CRITERION_CODES,
  criterionValue: CRITERION_VALUES,
  consent: CONSENTS,
  basis: BASES,
  outcome: OUTCOMES,
  violation: VIOLATION_KINDS,
  attack: ATTACK_TYPES,
  verification: VERIFICATIONS,
  condition: CONDITIONS,
  role: ROLES,
};
/** Sentences of the page itself among those of a list. */
const OF_THE_PAGE: ReadonlySet<string> = new Set(['display.inside', 'display.insideUnknown', 'display.changed', 'reason.openFacts']);

describe('the words of the pages', () => {
  it.each(Object.entries(LISTS))('has a sentence for each %s, and for nothing else', (list, codes) => {
    const said = Object.keys(english).filter((id) => id.startsWith(`${list}.`) && !OF_THE_PAGE.has(id));
    expect(said.sort()).toEqual(codes.map((code) => `${list}.${code}`).sort());
  });

  it('translates only what there is, and asks for the same inputs', () => {
    for (const [id, text] of Object.entries(arabic)) {
      expect([id, inputsOf(text)]).toEqual([id, inputsOf(english[id] ?? '')]);
    }
  });
});

/** Names of the inputs of a message; plural and select arms are no inputs. */
function inputsOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)(?=\}|, (?:select|plural|number))/g)].map((match) => match[1] ?? ''))].sort();
}
