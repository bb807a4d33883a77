import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { status } from '../../src/domain/display.js';
import { addMs, MINUTE_MS, type Instant } from '../../src/domain/instant.js';
import { EASE, type Status } from '../../src/domain/status.js';
import { watched } from '../support/facts.js';
import { given, type Fact } from '../support/given.js';
import { AFTERWARDS, attack, corridorHistory, inOrder, report, time } from '../support/histories.js';

const RUNS = { numRuns: 400 };

function statusOf(facts: readonly Fact[], now: Instant): Status {
  return status(given(...inOrder(facts)).dossier, now);
}

/** A history after which every segment was seen quiet, with no word on its surface and no look for what struck it. */
function seenQuietAgain(history: readonly Fact[]): readonly Fact[] {
  return [...history, ...watched(AFTERWARDS)];
}

/** Promise 6: the word may only get worse, and DANGER and SUSPENDED stay what they are or become each other. */
function expectNoBetter(after: Status, before: Status): void {
  expect(EASE[after.display]).toBeLessThanOrEqual(EASE[before.display]);
  if (before.display === 'danger' || before.display === 'suspended') expect(['danger', 'suspended']).toContain(after.display);
}

type Observed = Extract<Fact['body'], { readonly type: 'ObservationRecorded' }>;
const observation = (fact: Fact): Observed => fact.body as Observed;

const untrusted = report.map((fact): Fact => ({ ...fact, body: { ...observation(fact), isTrusted: false } }));
const fromTheFuture = report.map((fact): Fact => {
  const { receivedAt } = observation(fact);
  return { ...fact, body: { ...observation(fact), isTrusted: true, isFutureDated: true, observedAt: addMs(receivedAt, 30 * MINUTE_MS) } };
});
const unknownSender = attack.map((fact): Fact => ({ ...fact, body: { ...fact.body, isAuthenticated: false, teamOf: [] } as Fact['body'] }));

function attackIdOf(body: Fact['body']): string | null {
  return 'attackId' in body ? body.attackId : null;
}

describe('no report makes a corridor easier to use', () => {
  it('that an outsider sent, whatever it says and whenever it comes', () => {
    fc.assert(
      fc.property(corridorHistory, untrusted, time, (history, forged, now) => {
        const known = history.filter((fact) => fact.at <= now);
        expectNoBetter(statusOf([...known, { ...forged, at: now }], now), statusOf(known, now));
      }),
      RUNS,
    );
  });

  it('that says it was seen in the future, also when its time has come', () => {
    fc.assert(
      fc.property(corridorHistory, fromTheFuture, (history, ahead) => {
        expectNoBetter(statusOf([...history, ahead], AFTERWARDS), statusOf(history, AFTERWARDS));
      }),
      RUNS,
    );
  });

  it('of an attack, from anybody', () => {
    fc.assert(
      fc.property(corridorHistory, fc.oneof(attack, unknownSender), (history, struck) => {
        fc.pre(history.every(({ body }) => attackIdOf(body) !== attackIdOf(struck.body))); // the door refuses an id that is taken
        expectNoBetter(statusOf([...history, struck], AFTERWARDS), statusOf(history, AFTERWARDS));
      }),
      RUNS,
    );
  });

  it('that is late: seen before the newest worse news of its segment', () => {
    fc.assert(
      fc.property(corridorHistory, report, (history, report) => {
        const worseAt = given(...history).dossier.evidence.segments[observation(report).segmentId]?.worseAt ?? null;
        fc.pre(worseAt !== null);
        const late = { ...observation(report), isTrusted: true, observedAt: addMs(worseAt, -MINUTE_MS) };
        const afterwards = seenQuietAgain(history);
        const seenAgainAt = addMs(AFTERWARDS, MINUTE_MS);
        expectNoBetter(statusOf([...history, { ...report, body: late }], AFTERWARDS), statusOf(history, AFTERWARDS));
        // Nor later, when what it is late for is over.
        expectNoBetter(statusOf([...afterwards, { ...report, body: late }], seenAgainAt), statusOf(afterwards, seenAgainAt));
      }),
      RUNS,
    );
  });
});

describe('what is said of the road for one mode', () => {
  it('is not bettered by a word that is older than the bad one', () => {
    fc.assert(
      fc.property(corridorHistory, report, (history, report) => {
        const before = given(...history).dossier.evidence.segments[observation(report).segmentId]?.passability.bus;
        fc.pre(before !== undefined);
        const { at: saidAt } = before as { readonly at: Instant };
        const older = {
          ...observation(report),
          isTrusted: true,
          passability: { bus: 'passable' as const },
          observedAt: addMs(saidAt, -MINUTE_MS),
        };
        const after = given(...history, { ...report, body: older }).dossier.evidence.segments[older.segmentId]?.passability.bus;
        expect(after).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('reports', () => {
  const evidenceOf = (facts: readonly Fact[]): unknown => {
    const { observationCount: _count, ...evidence } = given(...facts).dossier.evidence;
    return evidence;
  };

  it('come to the same in any order', () => {
    const shuffled = fc
      .array(report, { maxLength: 8 })
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray(facts, { minLength: facts.length })));
    fc.assert(
      fc.property(corridorHistory, shuffled, (history, [one, other]) => {
        expect(evidenceOf([...history, ...other])).toEqual(evidenceOf([...history, ...one]));
      }),
      { numRuns: 500 },
    );
  });

  it('sent twice count once', () => {
    fc.assert(
      fc.property(corridorHistory, report, (history, twice) => {
        expect(evidenceOf([...history, twice, twice])).toEqual(evidenceOf([...history, twice]));
      }),
      { numRuns: 500 },
    );
  });
});
