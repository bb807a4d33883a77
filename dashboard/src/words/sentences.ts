import type { IntlShape } from 'react-intl';
import type { SeenStatus } from '../../../src/domain/audience.js';
import { earliestOf, parseInstant, type Instant } from '../../../src/domain/instant.js';
import type { Display, Reason, SegmentStatus } from '../../../src/domain/status.js';
import { isRightToLeft } from './direction.js';
import { age, clockTime, timeNear } from './times.js';

/** Where and when a sentence is read: its times are of the corridor's zone. */
export interface Reading {
  readonly intl: IntlShape;
  readonly now: Instant;
  readonly zone: string;
}

/** A code of a list in words: `term(reading, 'mode', 'bus')`. A code that has no words yet is given as it is. */
export function term({ intl }: Pick<Reading, 'intl'>, list: string, code: string | null | undefined): string {
  if (code === null || code === undefined) return intl.formatMessage({ id: 'value.none' });
  const id = `${list}.${code}`;
  return intl.messages[id] === undefined ? isolated(intl, code.replaceAll('_', ' ')) : intl.formatMessage({ id });
}

/** Numbers that belong together, like a range: they read from the left in every language. */
export function leftToRight({ locale }: Pick<IntlShape, 'locale'>, numbers: string): string {
  return isRightToLeft(locale) ? `\u2066${numbers}\u2069` : numbers;
}

/** A name that keeps its own direction within a sentence of the other one. */
export function isolated({ locale }: Pick<IntlShape, 'locale'>, name: string): string {
  return isRightToLeft(locale) ? `\u2068${name}\u2069` : name;
}

/** Names of parties are the operation's own lower-case codes; those without words of their own are given as they are. */
export function partyName(intl: IntlShape, code: string): string {
  const id = `party.${code}`;
  if (intl.messages[id] !== undefined) return intl.formatMessage({ id });
  const name = code.replaceAll('_', ' ').replace(/(^|\s)\p{Ll}/gu, (letter) => letter.toUpperCase());
  return isolated(intl, name);
}

/** Which list the words of an input come from; other inputs are names, numbers and instants. */
const LIST_OF: Readonly<Record<string, string>> = {
  type: 'attack',
  why: 'why',
  mode: 'mode',
  criterion: 'criterion',
  value: 'criterionValue',
  consent: 'consent',
  basis: 'basis',
  kind: 'limit',
  what: 'override',
  ordnance: 'ordnance',
  watch: 'watch',
};
/** Inputs that a message asks about by their code. */
const CODES: ReadonlySet<string> = new Set(['how', 'stance', 'lifecycle']);

function valueOf(reading: Reading, key: string, value: string | number | null): string | number {
  if (value === null) return 'none';
  if (typeof value === 'number')
    return key === 'distanceKm' ? reading.intl.formatNumber(value, { maximumFractionDigits: 1, numberingSystem: 'latn' }) : String(value);
  if (CODES.has(key)) return value;
  if (key === 'party') return partyName(reading.intl, value);
  if (key === 'modes')
    return value
      .split(', ')
      .map((mode) => term(reading, 'mode', mode))
      .join(', ');
  const list = LIST_OF[key];
  if (list !== undefined)
    return value
      .split(', ')
      .map((code) => term(reading, list, code))
      .join(', ');
  const instant = /^\d{4}-\d\d-\d\dT/.test(value) ? parseInstant(value) : null;
  return instant === null ? isolated(reading.intl, value) : timeNear(reading.intl, instant, reading.now, reading.zone);
}

/** Why, as a sentence. */
export function reasonSentence(reading: Reading, reason: Reason): string {
  const values: Record<string, string | number> = { modes: (reason.modes ?? []).map((mode) => term(reading, 'mode', mode)).join(', ') };
  for (const [key, value] of Object.entries(reason.inputs)) values[key] = valueOf(reading, key, value);
  for (const { name, isAsked } of inputsOf(reading, reason.code)) {
    if ((values[name] ?? 'none') === 'none') values[name] = isAsked ? 'none' : withheld(reading, name);
  }
  return reading.intl.formatMessage({ id: `reason.${reason.code}` }, values);
}

/** The inputs of a message; `isAsked`: it has words of its own for `none`, which is also what is withheld from this reader. */
function inputsOf({ intl }: Reading, code: string): readonly { readonly name: string; readonly isAsked: boolean }[] {
  const text = intl.messages[`reason.${code}`];
  if (typeof text !== 'string') return [];
  const asked = new Set([...text.matchAll(/\{(\w+), select, /g)].map(([, name]) => name));
  return [...text.matchAll(/\{(\w+)/g)].map(([, name = '']) => ({ name, isAsked: asked.has(name) }));
}

const NAMED: ReadonlySet<string> = new Set(['segment', 'party', 'criterion', 'mode']);

/** What stands in a sentence for something that its reader may not know, or that nobody knows. */
function withheld({ intl }: Reading, name: string): string {
  if (NAMED.has(name)) return intl.formatMessage({ id: `withheld.${name}` });
  return intl.formatMessage({ id: /At$|From$|^(since|until)$/.test(name) ? 'withheld.time' : 'withheld.other' });
}

/** The reasons of a status as they are told: an edge that is known only as a day has an hour for the rules, midnight, and none to tell. */
export function reasonsOf({ reasons, window }: SeenStatus): readonly Reason[] {
  const isStated = ([key, value]: readonly [string, unknown]): boolean => {
    const claims = key === 'lastEndAt' ? window?.endClaims : key === 'startsAt' ? window?.startClaims : undefined;
    return claims === undefined || claims.some((at) => at === value);
  };
  return reasons.map((reason) => ({ ...reason, inputs: Object.fromEntries(Object.entries(reason.inputs).filter(isStated)) }));
}

/** Why a corridor is drawn as unknown whose logged word was another: too old, or nothing was heard since. Its reasons are that word's. */
export function doubtSentence(reading: Reading, { display, validUntil }: SeenStatus): string {
  const { intl, now, zone } = reading;
  const until = validUntil === null ? 'none' : timeNear(intl, validUntil, now, zone);
  return intl.formatMessage({ id: 'reason.inDoubt' }, { word: term(reading, 'display', display), until });
}

/** What would lift it, as a sentence; empty when nothing would. */
export function liftSentence({ intl }: Pick<Reading, 'intl'>, reason: Pick<Reason, 'liftedBy'>): string {
  const text = intl.messages[`lift.${reason.liftedBy}`];
  return text === '' || text === undefined ? '' : intl.formatMessage({ id: `lift.${reason.liftedBy}` });
}

export interface SaidReason {
  readonly code: string;
  readonly sentence: string;
  readonly lift: string;
  /** How many more of the same kind stand behind it. */
  readonly alike: number;
}

/**
 * The reasons in their order, those of one kind folded into the first.
 *
 * @param word as it is drawn for this reader
 */
export function saidReasons(reading: Reading, status: SeenStatus, word: Display): readonly SaidReason[] {
  if (word !== status.display) return [{ code: 'inDoubt', sentence: doubtSentence(reading, status), lift: '', alike: 0 }];
  const said = new Map<string, SaidReason>();
  for (const reason of reasonsOf(status)) {
    const known = said.get(reason.code);
    if (known !== undefined) said.set(reason.code, { ...known, alike: known.alike + 1 });
    else
      said.set(reason.code, {
        code: reason.code,
        sentence: reasonSentence(reading, reason),
        lift: liftSentence(reading, reason),
        alike: 0,
      });
  }
  if (status.display !== 'open' && status.display !== 'limited') return [...said.values()];
  return [{ code: 'openFacts', sentence: openFacts(reading, status), lift: '', alike: 0 }, ...said.values()];
}

/** What a green row stands on: its end, its oldest evidence, its hotlines. */
function openFacts(reading: Reading, status: SeenStatus): string {
  const { intl, now, zone } = reading;
  const weakest = weakestSegment(status);
  const until =
    status.validUntil === null
      ? 'none'
      : clockTime(
          intl,
          earliestOf([status.validUntil, ...(status.lastDepartureAt === null ? [] : [status.lastDepartureAt])]) ?? status.validUntil,
          zone,
        );
  const hotlines = status.consents?.flatMap((consent) =>
    consent.hotlineAnsweredAt === null ? [] : [age(intl, consent.hotlineAnsweredAt, now)],
  );
  return intl.formatMessage(
    { id: 'reason.openFacts' },
    {
      until,
      weakest: weakest === null ? 'none' : isolated(intl, weakest.name),
      weakestAge:
        weakest?.seenAt == null
          ? intl.formatMessage({ id: 'segment.never' })
          : intl.formatMessage({ id: 'segment.age' }, { age: age(intl, weakest.seenAt, now) }),
      hotlines: hotlines === undefined ? 'withheld' : hotlines.length === 0 ? 'none' : hotlines.join(' / '),
    },
  );
}

const WORST_FIRST: Readonly<Record<SegmentStatus['freshness'], number>> = { missing: 0, stale: 1, ageing: 2, live: 3 };

/** The segment we know least about: by freshness, then by age. Null when the reader may not know the segments. */
export function weakestSegment(status: SeenStatus): SegmentStatus | null {
  const [weakest] = [...(status.segments ?? [])].sort(
    (a, b) => WORST_FIRST[a.freshness] - WORST_FIRST[b.freshness] || (a.seenAt ?? '').localeCompare(b.seenAt ?? '') || a.no - b.no,
  );
  return weakest ?? null;
}
