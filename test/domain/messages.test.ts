import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { createIntl } from 'react-intl';
import { reasonSentence } from '../../dashboard/src/words/sentences.js';
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
import type { Instant } from '../../src/domain/instant.js';
import { CONDITIONS } from '../../src/domain/observation.js';
import { ROLES } from '../../src/domain/permission.js';
import { PROBLEMS } from '../../src/domain/problem.js';
import { DISPLAYS, FRESHNESS, REASONS, type ReasonCode } from '../../src/domain/status.js';
import { BASES, CONSENTS, OUTCOMES, VIOLATION_KINDS } from '../../src/domain/window.js';

type Messages = Readonly<Record<string, string>>;
const require = createRequire(import.meta.url);
const wordsOf = (language: string): Messages => require(`../../dashboard/messages/${language}.json`) as Messages;
const english = wordsOf('en');
const LANGUAGES = readdirSync(new URL('../../dashboard/messages', import.meta.url)).map((file) => basename(file, '.json'));

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
  problem: Object.keys(PROBLEMS),
  advice: Object.keys(PROBLEMS),
};
/** Sentences of the page itself among those of a list. */
const OF_THE_PAGE: ReadonlySet<string> = new Set([
  'display.inside',
  'display.insideUnknown',
  'display.changed',
  'reason.openFacts',
  'reason.inDoubt',
]);

describe('the words of the pages', () => {
  it.each(Object.entries(LISTS))('has a sentence for each %s, and for nothing else', (list, codes) => {
    const said = Object.keys(english).filter((id) => id.startsWith(`${list}.`) && !OF_THE_PAGE.has(id));
    expect(said.sort()).toEqual(codes.map((code) => `${list}.${code}`).sort());
  });

  it('call a refusal what the catalogue calls it', () => {
    const titles = Object.entries(PROBLEMS).map(([code, { title }]) => [`problem.${code}`, title]);
    expect(english).toMatchObject(Object.fromEntries(titles));
  });

  it.each(LANGUAGES)('says everything in %s too, with the same inputs', (language) => {
    const translated = wordsOf(language);
    expect(Object.keys(translated).sort()).toEqual(Object.keys(english).sort());
    for (const [id, text] of Object.entries(translated)) {
      expect([id, inputsOf(text, language)]).toEqual([id, inputsOf(english[id] ?? '', 'en')]);
    }
  });

  it.each(LANGUAGES)('tell each reason in %s also to who may not know its details', (language) => {
    const intl = createIntl({ locale: language, messages: wordsOf(language) });
    const reading = { intl, now: '2022-03-09T07:10:00.000Z' as Instant, zone: 'Europe/Kyiv' };
    for (const code of Object.keys(REASONS) as ReasonCode[]) {
      const sentence = reasonSentence(reading, { code, row: 1, liftedBy: 'nothing', modes: null, inputs: {} });
      expect(sentence).not.toMatch(/\bnone\b|[{}]| ,|،\s*\.|,\s*\./);
    }
  });

  it.each(LANGUAGES)('has an arm for each plural that %s knows', (language) => {
    const asked = new Intl.PluralRules(language).resolvedOptions().pluralCategories.toSorted();
    const plurals = Object.values(wordsOf(language)).flatMap((text) => partsOf(text, language).filter(({ type }) => type === PLURAL));
    expect(plurals.length).toBeGreaterThan(0);
    for (const { options } of plurals) expect(Object.keys(options ?? {}).sort()).toEqual(asked);
  });
});

/** A part of a parsed message: text, an input, or an input with an arm for each case. */
interface Part {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
}
const LITERAL = 0;
const PLURAL = 6;
const POUND = 7;

function partsOf(text: string, language: string): readonly Part[] {
  const open = (parts: readonly Part[]): readonly Part[] =>
    parts.flatMap((part) => [part, ...Object.values(part.options ?? {}).flatMap((arm) => open(arm.value))]);
  const { formatters } = createIntl({ locale: language });
  return open(formatters.getMessageFormat(text, language).getAst());
}

function inputsOf(text: string, language: string): readonly string[] {
  const names = partsOf(text, language).flatMap(({ type, value }) => (type === LITERAL || type === POUND ? [] : [value ?? '']));
  return [...new Set(names)].sort();
}
