import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boardOfRows } from '../../src/domain/as-seen.js';
import { evolveAttack, VERIFICATIONS, type Attack, type AttackEvent } from '../../src/domain/attack.js';
import { redact, type Audience, type BoardEvent, type OwnerOf } from '../../src/domain/audience.js';
import { boardAfter, EMPTY_BOARD, MEMORY_MS, remembered, type Board } from '../../src/domain/board.js';
import { evolveCorridor, ORDNANCE_STATUSES, type Corridor, type CorridorEvent } from '../../src/domain/corridor.js';
import type { DomainEvent, LoggedEvent, Recorded } from '../../src/domain/event.js';
import { addMs } from '../../src/domain/instant.js';
import { DISPLAYS, type StatusEvent } from '../../src/domain/status.js';
import { BASES, evolveWindow, OUTCOMES, type CeasefireWindow, type WindowEvent } from '../../src/domain/window.js';
import {
  ATTACK,
  attack,
  CORRIDOR,
  EVERY_FACT,
  logged,
  NOON,
  OTHER_CORRIDOR,
  OURS,
  SEGMENT,
  status,
  THEIRS,
  WINDOW,
} from '../support/every-fact.js';

const AUDIENCES: Readonly<Record<string, Audience>> = {
  'our cell': { kind: 'cell', organisationId: OURS, sharedCorridorIds: [] },
  'another cell': { kind: 'cell', organisationId: THEIRS, sharedCorridorIds: [CORRIDOR] },
  'a field team': { kind: 'field', organisationId: OURS, corridorIds: [CORRIDOR] },
  'a partner': { kind: 'partner', organisationId: THEIRS, sharedCorridorIds: [CORRIDOR] },
  'the public': { kind: 'public' },
};
const NAMES = Object.keys(AUDIENCES);
const ownerOf: OwnerOf = (id) => (id === CORRIDOR ? OURS : THEIRS);

const { touch } = EVERY_FACT.AttackTouched;
const elsewhere = { ...touch, corridorId: OTHER_CORRIDOR };
const fact = <Type extends DomainEvent['type']>(type: Type): Extract<DomainEvent, { type: Type }> =>
  ({ type, ...EVERY_FACT[type] }) as unknown as Extract<DomainEvent, { type: Type }>;
const text = fc.constant(EVERY_FACT.HoldCleared.note);

/** What may happen after a declaration, an announcement and a report, in any order and number. */
const later: fc.Arbitrary<DomainEvent> = fc.oneof(
  fc.constantFrom(...DISPLAYS).map((display) => ({ ...fact('CorridorStatusChanged'), status: { ...status, display } })),
  fc.constantFrom(...ORDNANCE_STATUSES).map((assessed) => ({ ...fact('OrdnanceAssessed'), status: assessed })),
  fc.constant(fact('RouteChanged')),
  fc.constant(fact('ObservationRecorded')),
  fc.constant(fact('ConsentRecorded')),
  fc.constant(fact('ClaimMade')),
  fc.constant(fact('WindowExtended')),
  fc.constant(fact('WindowShortened')),
  fc.constantFrom(...BASES).map((basis) => ({ ...fact('BasisSet'), basis })),
  fc.constant(fact('WindowCancelled')),
  fc.constant(fact('ViolationRecorded')),
  fc.constantFrom(...OUTCOMES).map((outcome) => ({ ...fact('OutcomeRecorded'), outcome })),
  fc.constantFrom(...VERIFICATIONS).map((verification) => ({ ...fact('AttackGraded'), verification })),
  text.map((note) => ({ ...fact('AttackCorroborated'), note })),
  fc.constant(fact('AttackDiscounted')),
  fc.constant(fact('AttackRetracted')),
  fc.constant(fact('AttackCountsRevised')),
);

interface Story {
  readonly events: readonly LoggedEvent[];
  readonly corridor: Corridor;
  readonly window: CeasefireWindow;
  readonly attack: Attack;
}

/** A log, and the rows that the writer would have made of it. */
function story(facts: readonly DomainEvent[], touchesUs: boolean): Story {
  const touches = touchesUs ? [touch] : [elsewhere];
  const begin: DomainEvent[] = [fact('CorridorDeclared'), fact('WindowAnnounced'), { ...fact('AttackReported'), touches }];
  let rows: Partial<Omit<Story, 'events'>> = {};
  const events = [...begin, ...facts].map((body, index) => {
    const event = logged(body, { seq: index + 1, version: index + 1 });
    if (event.entity === 'corridor') rows = { ...rows, corridor: evolveCorridor(rows.corridor ?? null, event as Recorded<CorridorEvent>) };
    if (event.entity === 'window') rows = { ...rows, window: evolveWindow(rows.window ?? null, event as Recorded<WindowEvent>) };
    if (event.entity === 'window') return { ...event, corridorIds: rows.window?.corridorIds ?? [] };
    if (event.entity !== 'attack') return event;
    rows = { ...rows, attack: evolveAttack(rows.attack ?? null, event as Recorded<AttackEvent>) };
    return { ...event, corridorIds: rows.attack?.touches.map(({ corridorId }) => corridorId) ?? [] };
  });
  return { events, ...(rows as Omit<Story, 'events'>) };
}

/** The look back of a corridor: it says the report again, as it stands. */
function lookedBack(before: Attack, cameNear = touch): DomainEvent {
  const {
    id: attackId,
    version: _version,
    touches: _touches,
    reportedBy: _by,
    discountedFor: _for,
    discountProposals: _open,
    ...report
  } = before;
  return { type: 'AttackTouched', attackId, touch: cameNear, attack: report };
}

const stories = fc
  .tuple(
    fc.array(later, { maxLength: 12 }),
    fc.array(later, { maxLength: 12 }),
    fc.boolean(),
    fc.subarray([touch, elsewhere], { minLength: 0 }),
  )
  .map(([first, second, touchesUs, cameNear]) => {
    const before = story(first, touchesUs);
    return story([...first, ...cameNear.map((next) => lookedBack(before.attack, next)), ...second], touchesUs);
  });

function seenBy(audience: Audience, events: readonly LoggedEvent[]): readonly BoardEvent[] {
  return events.flatMap((event) => redact(event, audience, ownerOf) ?? []);
}
function asAudience(name: string): Audience {
  const audience = AUDIENCES[name];
  if (audience === undefined) throw new TypeError(name);
  return audience;
}
const replay = (events: readonly BoardEvent[]): Board => events.reduce(boardAfter, EMPTY_BOARD);

describe('the board', () => {
  it.each(NAMES)('for %s: a snapshot at any place and the tail from there are the replay', (name) => {
    fc.assert(
      fc.property(stories, fc.nat(), ({ events }, place) => {
        const seen = seenBy(asAudience(name), events);
        const at = place % (seen.length + 1);
        const snapshot = JSON.parse(JSON.stringify(replay(seen.slice(0, at)))) as Board; // as it travels
        expect(seen.slice(at).reduce(boardAfter, snapshot)).toEqual(replay(seen));
      }),
    );
  });

  it.each(NAMES)('for %s: rows, as the doors that serve them give them, are what the log comes to', (name) => {
    const audience = asAudience(name);
    fc.assert(
      fc.property(stories, ({ events, ...rows }) => {
        const isStatus = (event: LoggedEvent): event is LoggedEvent & { body: StatusEvent } => event.body.type === 'CorridorStatusChanged';
        const last = events.findLast(isStatus)?.body.status ?? null;
        const board = boardOfRows(
          { corridors: [{ corridor: rows.corridor, status: last }], windows: [rows.window], attacks: [rows.attack] },
          audience,
          ownerOf,
        );
        expect(board).toEqual(replay(seenBy(audience, events)));
      }),
    );
  });

  it('shows an attack to those who see it only through a corridor declared after it', () => {
    const { events } = story([], false);
    expect(replay(seenBy(asAudience('a partner'), events)).attacks[ATTACK]).not.toHaveProperty('touches'); // as the public may
    const graded = evolveAttack(story([], false).attack, logged(fact('AttackGraded')) as Recorded<AttackEvent>);
    const board = replay(seenBy(asAudience('a partner'), [logged(lookedBack(graded))]));
    expect(board.attacks[ATTACK]).toMatchObject({
      verification: 'corroborated',
      touches: [{ corridorId: CORRIDOR }],
      place: { precisionKm: 2 },
      isRetracted: false,
    });
    expect(JSON.stringify(board)).not.toMatch(/CANARY|SEALED/);
  });

  it('is not changed by a fact about what this audience does not know', () => {
    const unknown = seenBy(
      asAudience('our cell'),
      [fact('CorridorStatusChanged'), fact('WindowCancelled'), fact('AttackRetracted')].map((body) => logged(body)),
    );
    expect(replay(unknown)).toEqual(EMPTY_BOARD);
  });

  it('keeps every corridor, and forgets attacks and windows after three days, but not the window of a running attempt', () => {
    const board = replay(seenBy(asAudience('our cell'), story([], true).events));
    const justBefore = remembered(board, addMs(NOON, MEMORY_MS - 1));
    expect([Object.keys(justBefore.attacks), Object.keys(justBefore.windows)]).toEqual([[ATTACK], [WINDOW]]);
    const after = remembered(board, addMs(NOON, MEMORY_MS));
    expect([Object.keys(after.corridors), Object.keys(after.attacks), Object.keys(after.windows)]).toEqual([[CORRIDOR], [], []]);
    const running = boardAfter(board, seenBy(asAudience('our cell'), [logged(fact('CorridorStatusChanged'))])[0] as BoardEvent);
    expect(Object.keys(remembered(running, addMs(NOON, MEMORY_MS)).windows)).toEqual([WINDOW]);
  });

  it('carries the words of the segment that was assessed', () => {
    const board = replay(seenBy(asAudience('our cell'), story([fact('OrdnanceAssessed')], true).events));
    expect(board.corridors[CORRIDOR]?.segments?.find((candidate) => candidate.id === SEGMENT)?.ordnance?.status).toBe('suspected');
    expect(attack.isRetracted).toBe(false);
  });
});
