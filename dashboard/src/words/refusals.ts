import type { ClientProblem } from '../../../client/rest.js';
import type { Instant } from '../../../src/domain/instant.js';
import type { FieldError } from '../../../src/domain/problem.js';
import type { Reason } from '../../../src/domain/status.js';
import { isolated, partyName, reasonSentence, term, type Reading } from './sentences.js';
import { timeNear } from './times.js';

/** What was refused, and what to do now. */
export interface Refusal {
  readonly title: string;
  readonly advice: string;
}

/** What the catalogue lets a refusal tell and a person can use; codes and ids are for programs. */
interface Told {
  readonly errors?: readonly FieldError[];
  readonly lifecycle?: string;
  readonly allowed?: readonly string[];
  readonly parties?: readonly { readonly party: string }[];
  readonly reasons?: readonly Reason[];
  readonly endsAt?: Instant;
  readonly latest?: Instant;
  readonly retryAfterSeconds?: number;
  readonly requestId?: string;
}

/** The list that the codes in `allowed` are of. */
const ALLOWED: Readonly<Record<string, string>> = {
  'transition-not-allowed': 'lifecycle',
  'mode-not-permitted': 'mode',
  'party-not-relevant': 'party',
};
const REASONS_TOLD = 3;

/** A refusal in the reader's language: by its code, which keeps its meaning. One that only a newer server knows is told in its words. */
export function refusalWords(reading: Reading, { code, title, advice, details }: ClientProblem): Refusal {
  const { intl } = reading;
  if (intl.messages[`problem.${code}`] === undefined) return { title: isolated(intl, title), advice: isolated(intl, advice) };
  return {
    title: intl.formatMessage({ id: `problem.${code}` }),
    advice: intl.formatMessage({ id: `advice.${code}` }, valuesOf(reading, code, details)),
  };
}

function valuesOf(reading: Reading, code: string, told: Told): Readonly<Record<string, string | number>> {
  const { intl, now, zone } = reading;
  const list = (words: readonly string[] | undefined): string =>
    words === undefined || words.length === 0 ? 'none' : intl.formatList(words, { type: 'conjunction' });
  const nameOf = (allowed: string): string =>
    ALLOWED[code] === 'party' ? partyName(intl, allowed) : term(reading, ALLOWED[code] ?? '', allowed);
  const at = told.endsAt ?? told.latest;
  const reasons = (told.reasons ?? []).slice(0, REASONS_TOLD).map((reason) => reasonSentence(reading, reason));
  return {
    fields: list(told.errors?.map(({ field }) => isolated(intl, field))),
    lifecycle: term(reading, 'lifecycle', told.lifecycle),
    allowed: list(told.allowed?.map(nameOf)),
    parties: list(told.parties?.map(({ party }) => partyName(intl, party))),
    reasons: reasons.length === 0 ? 'none' : reasons.join(' '),
    time: at === undefined ? '?' : timeNear(intl, at, now, zone),
    seconds: told.retryAfterSeconds ?? 1,
    requestId: told.requestId === undefined ? 'none' : isolated(intl, told.requestId),
  };
}
