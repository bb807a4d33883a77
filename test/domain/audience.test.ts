import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { audienceOf, redact, VIEWS, type Audience, type BoardEvent, type OwnerOf } from '../../src/domain/audience.js';
import type { DomainEvent, EventType } from '../../src/domain/event.js';
import { distanceKm, gridCell } from '../../src/domain/geometry.js';
import type { CorridorId, PersonId } from '../../src/domain/ids.js';
import { ROLES, type Role } from '../../src/domain/permission.js';
import { CORRIDOR, EVENT_TYPES, EVERY_FACT, IMPACT, logged, loggedOf, OTHER_CORRIDOR, OURS, THEIRS } from '../support/every-fact.js';

const CELL: Audience = { kind: 'cell', organisationId: OURS, sharedCorridorIds: [] };
const FIELD: Audience = { kind: 'field', organisationId: OURS, corridorIds: [CORRIDOR] };
const PARTNER: Audience = { kind: 'partner', organisationId: THEIRS, sharedCorridorIds: [CORRIDOR] };
const PUBLIC: Audience = { kind: 'public' };
const BY_VIEW = { public: PUBLIC, partner: PARTNER, field: FIELD, cell: CELL } as const;
const ownerOf: OwnerOf = (id) => (id === CORRIDOR ? OURS : THEIRS);

function seen<Type extends EventType>(type: Type, audience: Audience): Extract<BoardEvent, { type: Type }> | null {
  return redact(loggedOf(type), audience, ownerOf) as Extract<BoardEvent, { type: Type }> | null;
}
/** Paths of all members, `status.segments[].name`. */
function paths(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => paths(item, `${at}[]`)))];
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, member]) => paths(member, `${at}.${key}`))];
}

describe('what an audience may see', () => {
  it.each(EVENT_TYPES)('of %s, nothing that says CANARY reaches partners or the public, and nothing SEALED anybody', (type) => {
    expect(JSON.stringify(seen(type, PARTNER))).not.toMatch(/CANARY|SEALED/);
    expect(JSON.stringify(seen(type, PUBLIC))).not.toMatch(/CANARY|SEALED/);
    expect(JSON.stringify(seen(type, FIELD))).not.toContain('SEALED');
    expect(JSON.stringify(seen(type, CELL))).not.toContain('SEALED');
  });

  it.each(EVENT_TYPES)('of %s, no exact place, line, hour of a window or count of people reaches partners or the public', (type) => {
    const told = JSON.stringify([seen(type, PARTNER), seen(type, PUBLIC)]);
    expect(told).not.toMatch(/34\.65432|34\.91234|36\.12345|49\.98765/);
    expect(told).not.toMatch(/07:01:00|19:00:00|19:01:00|22:30:00/);
    expect(told).not.toMatch(/"line"|"min":73|"max":111/);
  });

  it.each(EVENT_TYPES)('of %s, what a view sees every closer view sees as well', (type) => {
    const visible = VIEWS.map((view) => {
      const event = seen(type, BY_VIEW[view]);
      return new Set(event === null ? [] : paths(event.body).filter((path) => !/startsOn|endsOn/.test(path)));
    });
    visible.slice(1).forEach((closer, index) => {
      expect([...closer]).toEqual(expect.arrayContaining([...(visible[index] ?? [])]));
    });
  });

  it.each(EVENT_TYPES)('of %s, a member that nobody has classified yet is for the cell alone', (type) => {
    const event = logged({ type, ...EVERY_FACT[type], invented: 'CANARY' } as unknown as DomainEvent);
    const told = VIEWS.filter((view) => JSON.stringify(redact(event, BY_VIEW[view], ownerOf)).includes('"invented"'));
    expect(told).toEqual(['cell']);
  });

  it('never says who reported, not even to their own cell', () => {
    const report = seen('AttackReported', CELL);
    expect(report?.actorId).toBeNull();
    expect(Object.keys(report?.body ?? {}).filter((key) => ['originGroups', 'teamOf', 'organisationId'].includes(key))).toEqual([]);
    expect(seen('ObservationRecorded', CELL)?.actorId).toBeNull();
    expect(seen('AttackRetracted', CELL)?.actorId).toBeNull();
    expect(seen('CorridorStopped', CELL)?.actorId).not.toBeNull();
  });

  it('gives partners the word, its reasons, the day of the window and the last departure of a shared corridor', () => {
    const status = seen('CorridorStatusChanged', PARTNER)?.body.status;
    expect(status).toMatchObject({
      display: 'hold',
      reasons: [{ code: 'hold', inputs: { why: 'shelling' } }],
      validUntil: '2022-03-09T13:00:00.000Z',
      lastDepartureAt: '2022-03-09T16:00:00.000Z',
      window: { startsOn: '2022-03-09', endsOn: '2022-03-10', zone: 'Europe/Kyiv' }, // 22:30Z is past midnight in Kyiv
      peopleInside: { min: 50, max: 200 },
      limits: [{ kind: 'escorted_only' }],
    });
    expect(status).not.toHaveProperty('segments');
    expect(status?.window).not.toHaveProperty('startsAt');
  });

  it('gives a field team its own corridor exactly, and of the others only what the public may know', () => {
    expect(seen('RouteChanged', FIELD)?.body.segments).toEqual(EVERY_FACT.RouteChanged.segments);
    const elsewhere: Audience = { kind: 'field', organisationId: OURS, corridorIds: [OTHER_CORRIDOR] };
    expect(seen('CorridorStatusChanged', elsewhere)).toBeNull();
    expect(redact(loggedOf('AttackReported'), elsewhere, () => null)?.body).toEqual(seen('AttackReported', elsewhere)?.body);
  });

  it('gives a cell a corridor of others like a partner, and only if it is shared with it', () => {
    const other: Audience = { kind: 'cell', organisationId: THEIRS, sharedCorridorIds: [] };
    expect(redact(loggedOf('CorridorStatusChanged'), other, ownerOf)).toBeNull();
    const shared: Audience = { ...other, sharedCorridorIds: [CORRIDOR] };
    expect(redact(loggedOf('CorridorStatusChanged'), shared, ownerOf)).toEqual(seen('CorridorStatusChanged', PARTNER));
  });

  it('gives a cell an attack on its corridor closely, whoever reported it', () => {
    expect(loggedOf('AttackReported').organisationId).toBe(THEIRS);
    expect(seen('AttackReported', CELL)?.body.place).toEqual(EVERY_FACT.AttackReported.place);
    // An owner that is not known is nobody: not closely.
    expect(redact(loggedOf('AttackReported'), CELL)?.body).not.toHaveProperty('touches');
  });

  it('lists no corridor that the audience may not see', () => {
    const event = { ...loggedOf('WindowAnnounced'), corridorIds: [CORRIDOR, OTHER_CORRIDOR] };
    const told = redact(event, PARTNER, ownerOf);
    expect(told?.corridorIds).toEqual([CORRIDOR]);
    expect(JSON.stringify(told)).not.toContain(OTHER_CORRIDOR);
    expect(JSON.stringify(seen('AttackReported', PARTNER))).not.toContain(OTHER_CORRIDOR);
  });

  it('tells partners children only where they are at least five', () => {
    const { casualties } = seen('AttackReported', PARTNER)?.body ?? {};
    expect(casualties).toMatchObject({ killed: { min: 8 }, childrenInjured: { min: 6 } });
    expect(casualties).not.toHaveProperty('childrenKilled');
  });

  it('comes closer to an attack once it is corroborated: 5 km, then 1 km for partners, then exact for the team', () => {
    const distance = (audience: Audience, type: 'AttackReported' | 'AttackGraded'): number => {
      const position = seen(type, audience)?.body.place?.position as readonly [number, number];
      return distanceKm(position, IMPACT);
    };
    expect(seen('AttackReported', PARTNER)?.body.place?.precisionKm).toBe(10);
    expect(distance(PARTNER, 'AttackReported')).toBeLessThan(5);
    expect(seen('AttackGraded', PARTNER)?.body.place?.precisionKm).toBe(2);
    expect(distance(PARTNER, 'AttackGraded')).toBeLessThan(1);
    expect(seen('AttackReported', FIELD)?.body.place).toEqual(seen('AttackReported', PARTNER)?.body.place);
    expect(seen('AttackGraded', FIELD)?.body.place).toEqual(EVERY_FACT.AttackGraded.place);
  });

  it('tells the public of hazards alone', () => {
    expect(EVENT_TYPES.filter((type) => seen(type, PUBLIC) !== null)).toEqual(['AttackReported', 'AttackDiscounted', 'AttackRetracted']);
    expect(Object.keys(seen('AttackReported', PUBLIC)?.body ?? {}).toSorted()).toEqual([
      'attackId',
      'place',
      'provenance',
      'receivedAt',
      'types',
      'zone',
    ]);
    const anonymous = logged({ type: 'AttackReported', ...EVERY_FACT.AttackReported, isAuthenticated: false });
    expect(redact(anonymous, PUBLIC)).toBeNull();
  });

  it('is the same for equal rights, in whatever order they are listed', () => {
    const actor = (role: Role, ...ids: string[]) =>
      audienceOf({ id: 'p' as PersonId, organisationId: OURS, role, corridorIds: ids as CorridorId[] });
    expect(actor('partner', 'b', 'a', 'b')).toEqual(actor('partner', 'a', 'b'));
    expect(ROLES.map((role) => actor(role).kind)).toEqual(['cell', 'cell', 'cell', 'cell', 'field', 'field', 'partner', 'cell', 'public']);
  });
});

describe('the grid', () => {
  const anywhere = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }));
  it.each([1, 5, 50])('of %d km holds every place within a cell of that size, and asked twice says nothing new', (sizeKm) => {
    fc.assert(
      fc.property(anywhere, (position) => {
        const cell = gridCell(position, sizeKm);
        expect(Math.abs(cell[0])).toBeLessThanOrEqual(180);
        expect(distanceKm(cell, position)).toBeLessThan(sizeKm);
        expect(gridCell(cell, sizeKm)).toEqual(cell);
      }),
    );
  });
});
