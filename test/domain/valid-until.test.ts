import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shown, status } from '../../src/domain/display.js';
import { addMs, msBetween, type Instant } from '../../src/domain/instant.js';
import { EASE, type Status } from '../../src/domain/status.js';
import { given } from '../support/given.js';
import { anyNow, corridorHistory } from '../support/histories.js';

const DAY_MS = 24 * 60 * 60_000;

/** All that a reader sees, but for when it was decided. */
function seen({ decidedAt: _decidedAt, validUntil: _validUntil, ...rest }: Status): object {
  return rest;
}

describe('the instant until which a status holds', () => {
  it('is exact: by time alone nothing changes before it', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (history, now, share) => {
        const { dossier } = given(...history.filter((fact) => fact.at <= now));
        const decided = status(dossier, now);
        const lastsMs = decided.validUntil === null ? DAY_MS : msBetween(now, decided.validUntil);
        const later = addMs(now, Math.floor(share * lastsMs));
        expect(seen(status(dossier, later))).toEqual(seen(decided));
      }),
      { numRuns: 400 },
    );
  });

  it('lies ahead, so that a deadline set on it fires once', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, (history, now) => {
        const { validUntil } = status(given(...history.filter((fact) => fact.at <= now)).dossier, now);
        if (validUntil !== null) expect(validUntil > now).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('passes: from then on every reader draws what is usable as unknown', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, fc.nat({ max: DAY_MS }), (history, now, lateMs) => {
        const decided = status(given(...history.filter((fact) => fact.at <= now)).dossier, now);
        if (decided.validUntil === null) return;
        const after: Instant = addMs(decided.validUntil, lateMs);
        expect(EASE[shown(decided, after, { isHealthy: true })]).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('is followed by nothing easier, but for the start of the window', () => {
    fc.assert(
      fc.property(corridorHistory, anyNow, fc.nat({ max: DAY_MS }), (history, now, laterMs) => {
        const { dossier } = given(...history.filter((fact) => fact.at <= now));
        const later = status(dossier, addMs(now, laterMs));
        const before = status(dossier, now);
        expect(EASE[later.display]).toBeLessThanOrEqual(EASE[before.display]);
      }),
      { numRuns: 400 },
    );
  });
});
