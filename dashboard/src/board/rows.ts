import type { SeenStatus } from '../../../src/domain/audience.js';
import type { BoardCorridor } from '../../../src/domain/board.js';
import { EASE, type Display } from '../../../src/domain/status.js';
import { shownWord, type View } from '../../../client/follow.js';
import { nameOf } from '../corridor.js';

/** The order of the rows (domain 7.2): who may die first, then who may still leave, then the rest. */
export const SECTIONS = ['inside', 'danger', 'stopped', 'usable', 'unknown', 'planned', 'closed', 'not_agreed'] as const;
export type Section = (typeof SECTIONS)[number];
/** Sections that stand folded, with their count. */
export const FOLDED: ReadonlySet<Section> = new Set<Section>(['closed', 'not_agreed']);

export interface Row {
  readonly corridor: BoardCorridor;
  /** What is drawn: the logged word through `shown()`, UNKNOWN when this reader is in doubt. */
  readonly word: Display;
  readonly onRoad: OnRoad;
  readonly section: Section;
}

/** `nobody` was counted; `uncounted` never opened and nobody counted, which is not the same. */
export type OnRoad =
  | { readonly is: 'nobody' }
  | { readonly is: 'uncounted' }
  | { readonly is: 'unknown' }
  | { readonly is: 'somebody'; readonly min: number; readonly max: number | null };

/** Whether somebody is on the road, or may be as far as anybody knows. */
export function mayBeInside(people: OnRoad): boolean {
  return people.is === 'somebody' || people.is === 'unknown';
}

/** Who is on the road, as far as this reader may know. */
export function onRoad(status: SeenStatus | null): OnRoad {
  if (status === null || status.attempt === null) return { is: 'uncounted' };
  const { peopleInside, attempt, opening } = status;
  if (peopleInside !== null) {
    const { min, max, unaccounted } = peopleInside;
    if (min === 0 && max === null && (unaccounted ?? 0) === 0) return { is: 'unknown' };
    const isEmpty = max === 0 && (unaccounted ?? 0) === 0;
    return isEmpty ? { is: 'nobody' } : { is: 'somebody', min, max };
  }
  const wasOpened = opening != null || attempt.lifecycle === 'open' || attempt.lifecycle === 'closing';
  return wasOpened ? { is: 'unknown' } : { is: 'uncounted' };
}

const SECTION_OF: Readonly<Record<Display, Section>> = {
  danger: 'danger',
  suspended: 'stopped',
  hold: 'stopped',
  open: 'usable',
  limited: 'usable',
  unknown: 'unknown',
  planned: 'planned',
  closed: 'closed',
  not_agreed: 'not_agreed',
};

/** A word that is no longer that of its section: the row stays where it was under a hand, or since a server fell silent. */
export function hasLeft({ word, section }: Row): boolean {
  return (section === 'usable' || section === 'planned') && SECTION_OF[word] !== section;
}

/** Every corridor as a row, in the order of the first glance. */
export function rowsOf(view: View): readonly Row[] {
  return Object.values(view.board.corridors)
    .map((corridor): Row => {
      const word = shownWord(view, corridor);
      // A silent server moves no row: the old picture stays where it was, drawn as unknown.
      const placed = view.isStale ? (corridor.status?.display ?? 'unknown') : word;
      const people = onRoad(corridor.status);
      const isStranded = mayBeInside(people) && EASE[placed] < EASE.limited;
      return { corridor, word, onRoad: people, section: isStranded ? 'inside' : SECTION_OF[placed] };
    })
    .sort(
      (a, b) =>
        SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section) ||
        withinSection(a, b) ||
        nameOf(a.corridor).localeCompare(nameOf(b.corridor)),
    );
}

function withinSection(a: Row, b: Row): number {
  switch (a.section) {
    case 'inside':
      return peopleRank(b) - peopleRank(a);
    case 'stopped':
      return Number(isPeoplesStop(b)) - Number(isPeoplesStop(a));
    case 'usable':
      return firstOf(a.corridor.status?.lastDepartureAt, b.corridor.status?.lastDepartureAt);
    case 'planned':
      return firstOf(a.corridor.status?.window?.startsAt, b.corridor.status?.window?.startsAt);
    default:
      return 0;
  }
}

/** Known people before unknown ones, the many before the few. */
function peopleRank({ onRoad: people }: Row): number {
  return people.is === 'somebody' ? 1 + (people.max ?? people.min) : 0;
}

function isPeoplesStop({ corridor }: Row): boolean {
  return (corridor.status?.holds ?? []).some((hold) => hold.origin === 'person');
}

function firstOf(a: string | null | undefined, b: string | null | undefined): number {
  return (a ?? '9').localeCompare(b ?? '9');
}

/** A stop is refused only where nothing is left to stop. */
export function canBeStopped(corridor: BoardCorridor): boolean {
  const lifecycle = corridor.status?.attempt?.lifecycle;
  return lifecycle !== 'completed' && lifecycle !== 'cancelled' && lifecycle !== 'failed';
}

/** A request that somebody else made and that waits for this person. */
export function waitingRequest(status: SeenStatus | null, meId: string): NonNullable<SeenStatus['openingRequests']>[number] | null {
  return (status?.openingRequests ?? []).find((request) => request.requestedBy !== meId) ?? null;
}
