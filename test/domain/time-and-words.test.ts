import { describe, expect, it } from '@jest/globals';
import { LIFECYCLES, TRANSITIONS, isEnded } from '../../src/domain/corridor.js';
import { parseInstant } from '../../src/domain/instant.js';
import { readLocalTime, parseZone, dayBounds, parseLocalDate, type Zone, type LocalDate } from '../../src/domain/zone.js';

describe('an instant', () => {
  it.each(['2022-03-09T07:00:00Z', '2022-03-09T09:00:00+02:00', '2022-03-09T07:00Z'])('%s is read as UTC with three decimals', (text) => {
    expect(parseInstant(text)).toBe('2022-03-09T07:00:00.000Z');
  });

  it.each(['2022-03-09T07:00:00', '2022-02-30T07:00:00Z', '9999-01-01T00:00:00Z', '2022-03-09', 'now', '2022-03-09T24:30:00Z', ''])(
    '%s is refused',
    (text) => {
      expect(parseInstant(text)).toBeNull();
    },
  );
});

describe('a local time', () => {
  const kyiv = parseZone('Europe/Kyiv') as Zone;

  it('that never was, when summer time begins, is asked back', () => {
    expect(readLocalTime('2022-03-27T03:30', kyiv).kind).toBe('skipped');
  });

  it('that came twice, when summer time ends, is asked back', () => {
    expect(readLocalTime('2022-10-30T03:30', kyiv).kind).toBe('ambiguous');
  });

  it('of a day with 23 hours lies between the bounds of that day', () => {
    expect(dayBounds(parseLocalDate('2022-03-27') as LocalDate, kyiv)).toEqual({
      from: '2022-03-26T22:00:00.000Z',
      to: '2022-03-27T21:00:00.000Z',
    });
  });

  it('needs a zone that knows summer time', () => {
    expect(parseZone('+02:00')).toBeNull();
  });
});

describe('the steps of people', () => {
  it('name only steps that exist, and none leads out of an attempt that has ended', () => {
    for (const from of LIFECYCLES) {
      expect(LIFECYCLES).toEqual(expect.arrayContaining([...TRANSITIONS[from]]));
      expect(isEnded(from)).toBe(TRANSITIONS[from].length === 0);
    }
  });
});
