import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { createIntl } from 'react-intl';
import { ClientProblem } from '../../client/rest.js';
import { refusalWords, type Refusal } from '../../dashboard/src/words/refusals.js';
import type { Instant } from '../../src/domain/instant.js';
import { PROBLEMS, type ProblemCode, type ProblemDetails } from '../../src/domain/problem.js';

const require = createRequire(import.meta.url);
const CODES = Object.keys(PROBLEMS) as ProblemCode[];
/** Each thing that a refusal's words may use; a code takes what it needs. */
const EVERYTHING = {
  errors: [{ field: 'note', code: 'maxLength', message: '' }],
  lifecycle: 'proposed',
  allowed: ['agreed', 'cancelled'],
  parties: [{ party: 'russia', consent: 'announced' }],
  reasons: [{ code: 'no_window', row: 7, liftedBy: 'choose_window', inputs: {} }],
  endsAt: '2022-03-09T10:08:00.000Z',
  latest: '2022-03-09T10:08:00.000Z',
  retryAfterSeconds: 4,
  requestId: 'b7c1',
};

function said(language: 'en' | 'ar', code: string, details: object = {}): Refusal {
  const messages = require(`../../dashboard/messages/${language}.json`) as Record<string, string>;
  const intl = createIntl({ locale: language === 'ar' ? 'ar-u-nu-latn' : 'en-GB', messages });
  const now = '2022-03-09T07:10:00.000Z' as Instant;
  return refusalWords({ intl, now, zone: 'Europe/Kyiv' }, new ClientProblem(409, code, 'In its own words', 'Do this.', { ...details }));
}

describe('a refusal on a page', () => {
  it.each(CODES)('%s is told in both languages, with nothing left out', (code) => {
    const [english, arabic] = [said('en', code, EVERYTHING), said('ar', code, EVERYTHING)];
    expect(english.title).toBe(PROBLEMS[code].title);
    expect(`${english.title} ${english.advice} ${arabic.title} ${arabic.advice}`).not.toMatch(/[{}?`]|none|In its own words/);
    expect(arabic.title).toMatch(/\p{Script=Arabic}/u);
    expect(arabic.advice).toMatch(/\p{Script=Arabic}/u);
  });

  it.each(CODES)('%s is told also where the answer lost its details', (code) => {
    expect(said('ar', code).advice).toMatch(/\p{Script=Arabic}/u);
  });

  it('says what the details say: the steps, the parties, the hour, the reasons', () => {
    const steps: ProblemDetails['transition-not-allowed'] = { lifecycle: 'proposed', allowed: ['under_negotiation', 'cancelled'] };
    expect(said('en', 'transition-not-allowed', steps).advice).toBe('It is “proposed”. From here: under negotiation and cancelled.');
    expect(said('ar', 'consent-missing', EVERYTHING).advice).toContain('روسيا');
    expect(said('en', 'danger-not-over', EVERYTHING).advice).toContain('after 12:08');
    expect(said('en', 'opening-not-safe', EVERYTHING).advice).toBe('No window has been chosen. Then request again.');
  });

  it('of a newer server is told in the words of that server', () => {
    expect(said('en', 'not-known-yet')).toEqual({ title: 'In its own words', advice: 'Do this.' });
  });
});
