import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { createIntl } from 'react-intl';
import { reasonSentence, reasonsOf } from '../../dashboard/src/words/sentences.js';
import type { SeenStatus } from '../../src/domain/audience.js';
import type { Instant } from '../../src/domain/instant.js';

const messages = createRequire(import.meta.url)('../../dashboard/messages/en.json') as Record<string, string>;
const reading = {
  intl: createIntl({ locale: 'en-GB', messages }),
  now: '2022-03-09T07:10:00.000Z' as Instant,
  zone: 'Europe/Kyiv',
};
/** Midnight in Kyiv: where the rules put the end of a day. */
const MIDNIGHT = '2022-03-08T22:00:00.000Z' as Instant;

function toldOf(endClaims: readonly Instant[] | undefined): readonly string[] {
  const reasons = [{ code: 'not_opened', row: 3, liftedBy: 'new_attempt', modes: null, inputs: { lastEndAt: MIDNIGHT } }];
  return reasonsOf({ reasons, window: { endClaims } } as unknown as SeenStatus).map((reason) => reasonSentence(reading, reason));
}

describe('the end of a window in a reason', () => {
  it('is no hour where only its day was stated', () => {
    expect(toldOf([])).toEqual(['The window ended and it was never opened.']);
  });

  it('is told where it was stated', () => {
    expect(toldOf([MIDNIGHT])).toEqual(['The window ended 00:00 and it was never opened.']);
  });
});
