import { describe, expect, it } from '@jest/globals';
import { redact, type Audience, type BoardEvent, type OwnerOf } from '../../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD } from '../../src/domain/board.js';
import type { DomainEvent, LoggedEvent } from '../../src/domain/event.js';
import type { OrganisationId } from '../../src/domain/ids.js';
import { CORRIDOR, EVENT_TYPES, EVERY_FACT, NOON, OTHER_CORRIDOR, OURS, THEIRS, logged, loggedOf } from '../support/every-fact.js';

const STRANGERS = 'an organisation that has to do with neither' as OrganisationId;

/** Every kind of audience, each once close to the corridor and once away from it. */
const AUDIENCES: Readonly<Record<string, Audience>> = {
  'our cell': { kind: 'cell', organisationId: OURS, sharedCorridorIds: [] },
  'a cell it is shared with': { kind: 'cell', organisationId: STRANGERS, sharedCorridorIds: [CORRIDOR] },
  'a cell of others': { kind: 'cell', organisationId: STRANGERS, sharedCorridorIds: [] },
  'its field team': { kind: 'field', organisationId: OURS, corridorIds: [CORRIDOR] },
  'a field team elsewhere': { kind: 'field', organisationId: OURS, corridorIds: [OTHER_CORRIDOR] },
  'a partner on it': { kind: 'partner', organisationId: THEIRS, sharedCorridorIds: [CORRIDOR] },
  'a partner elsewhere': { kind: 'partner', organisationId: THEIRS, sharedCorridorIds: [OTHER_CORRIDOR] },
  'the public': { kind: 'public' },
};
const NAMES = Object.keys(AUDIENCES);
const ownerOf: OwnerOf = (id) => (id === CORRIDOR ? OURS : THEIRS);

const EVERYBODY_ELSE = NAMES.filter((name) => name !== 'our cell');
/** What is for the cell alone (4.4): its texts, names and digests, and how far an attack lies that nobody has corroborated. */
const FOR_THE_CELL = /CELL|0\.42|0\.17/;

function seenBy(name: string, event: LoggedEvent): BoardEvent | null {
  return redact(event, AUDIENCES[name] as Audience, ownerOf);
}

/** The same with one more member in every thing inside it, as a newer release might write it. */
function withUnclassified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnclassified);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withUnclassified(member)] as const);
  return { ...Object.fromEntries(members), unclassified: true };
}

describe.each(EVENT_TYPES)('%s', (type) => {
  it.each(NAMES)('reaches %s as a fact of its kind, or not at all, and without its place in the log', (name) => {
    const seen = seenBy(name, loggedOf(type));
    if (seen !== null) expect(seen).toMatchObject({ type, version: 1, recordedAt: NOON });
    expect(Object.keys(seen ?? {})).not.toContain('seq');
  });

  it('tells nobody but the cell a value that is for the cell, however deep it lies', () => {
    const told = EVERYBODY_ELSE.filter((name) => FOR_THE_CELL.test(JSON.stringify(seenBy(name, loggedOf(type)))));
    expect(told).toEqual([]);
  });

  it('tells nobody but the cell a member that nobody has classified, however deep it lies (R10)', () => {
    const newer = logged(withUnclassified({ type, ...EVERY_FACT[type] }) as DomainEvent);
    const told = EVERYBODY_ELSE.filter((name) => JSON.stringify(seenBy(name, newer)).includes('unclassified'));
    expect(told).toEqual([]);
    expect(JSON.stringify(seenBy('our cell', newer))).toContain('unclassified');
  });

  it('changes no board that does not know what it is about, unless it is a beginning', () => {
    const isBeginning = ['CorridorDeclared', 'WindowAnnounced', 'AttackReported', 'AttackTouched'].includes(type);
    for (const name of NAMES) {
      const seen = seenBy(name, loggedOf(type));
      if (seen === null) continue;
      const board = boardAfter(EMPTY_BOARD, seen);
      if (!isBeginning) expect(board).toBe(EMPTY_BOARD);
      expect(JSON.parse(JSON.stringify(board))).toEqual(board); // as it travels
    }
  });

  it('moves a board that knows all, and leaves the one before as it was', () => {
    for (const name of NAMES) {
      const seen = EVENT_TYPES.flatMap((known) => seenBy(name, loggedOf(known)) ?? []);
      const before = seen.reduce(boardAfter, EMPTY_BOARD);
      const kept = JSON.stringify(before);
      const event = seenBy(name, loggedOf(type));
      if (event !== null) boardAfter(before, event);
      expect(JSON.stringify(before)).toBe(kept);
    }
  });
});

it('is told to the cell, and so the search above can find it', () => {
  const told = EVENT_TYPES.filter((type) => FOR_THE_CELL.test(JSON.stringify(seenBy('our cell', loggedOf(type)))));
  expect(told).toHaveLength(26);
});

it('names the place of an attack to the team only with the fact that it is corroborated', () => {
  const told = EVENT_TYPES.filter((type) => JSON.stringify(seenBy('its field team', loggedOf(type))).includes('CANARY school'));
  expect(told).toEqual(['AttackGraded']);
});
