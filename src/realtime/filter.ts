import type { BoardEvent } from '../domain/audience.js';
import type { Board } from '../domain/board.js';
import type { Entity } from '../domain/event.js';
import type { CorridorId } from '../domain/ids.js';

/** What a client wants of what it may see; null: everything. Sorted, each once: equal wishes are equal values, and so one group. */
export interface Filter {
  readonly corridorIds: readonly CorridorId[] | null;
  /** The `entity` of an event. */
  readonly kinds: readonly Entity[] | null;
}

interface FilterWish {
  readonly corridorIds?: readonly string[] | null;
  readonly kinds?: readonly Entity[] | null;
}

/** What is left out or null is not narrowed. */
export function filterOf(wish?: FilterWish | null): Filter {
  return { corridorIds: setOf(wish?.corridorIds?.map((id) => id.toLowerCase() as CorridorId)), kinds: setOf(wish?.kinds) };
}

export function wantsEvent({ corridorIds, kinds }: Filter, event: Pick<BoardEvent, 'entity' | 'corridorIds'>): boolean {
  return isAmong(kinds, [event.entity]) && isAmong(corridorIds, event.corridorIds);
}

/** The part of a board that the wanted events come to: without `corridor_status` a corridor has no status, without `corridor` none is there. */
export function wantedOf({ corridorIds, kinds }: Filter, board: Board): Board {
  const of = <Item>(kind: Entity, items: Readonly<Record<string, Item>>, about: (item: Item) => readonly CorridorId[]) =>
    isAmong(kinds, [kind]) ? Object.fromEntries(Object.entries(items).filter(([, item]) => isAmong(corridorIds, about(item)))) : {};
  const corridors = of('corridor', board.corridors, ({ id }) => [id]);
  return {
    corridors: isAmong(kinds, ['corridor_status'])
      ? corridors
      : Object.fromEntries(Object.entries(corridors).map(([id, corridor]) => [id, { ...corridor, status: null }])),
    windows: of('window', board.windows, (window) => window.corridorIds ?? []),
    attacks: of('attack', board.attacks, (attack) => (attack.touches ?? []).flatMap(({ corridorId }) => corridorId ?? [])),
  };
}

function setOf<Value extends string>(values: readonly Value[] | null | undefined): readonly Value[] | null {
  return values === null || values === undefined ? null : [...new Set(values)].toSorted();
}

function isAmong<Value>(wanted: readonly Value[] | null, found: readonly Value[]): boolean {
  return wanted === null || found.some((value) => wanted.includes(value));
}
