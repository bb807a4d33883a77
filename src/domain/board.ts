import type { Attack } from './attack.js';
import type { BoardEvent, SeenBody, SeenStatus } from './audience.js';
import type { AttackId, CorridorId, WindowId } from './ids.js';
import { HOUR_MS, msBetween, type Instant } from './instant.js';
import type { Outcome, OutcomeViolation } from './window.js';

/** A corridor as its reader may see it: what was declared, and the last logged status. Every reader passes the status through `shown()`. */
export type BoardCorridor = Omit<SeenBody<'CorridorDeclared'>, 'corridorId'> & {
  readonly id: CorridorId;
  readonly status: SeenStatus | null;
};

/** A window for the lane: its claims, and what became of it. */
export type BoardWindow = Omit<SeenBody<'WindowAnnounced'>, 'windowId'> & {
  readonly id: WindowId;
  readonly announcedAt: Instant;
  readonly cancelledAt: Instant | null;
  readonly outcome: Outcome | null;
  readonly violationKind: OutcomeViolation | null;
  readonly violationCount: number;
};

/** An attack for the map and the list. */
export type BoardAttack = Omit<SeenBody<'AttackReported'>, 'attackId' | 'note'> & {
  readonly id: AttackId;
  readonly recordedAt: Instant;
  /** Absent for readers who may not judge by it. */
  readonly grade?: { readonly [Part in keyof Attack['grade']]?: Attack['grade'][Part] };
  readonly verification?: Attack['verification'];
  readonly isDiscounted: boolean;
  readonly isRetracted: boolean;
};

/** What every screen shows, as one value: the fold of the facts that its audience may see. */
export interface Board {
  readonly corridors: Readonly<Record<CorridorId, BoardCorridor>>;
  readonly windows: Readonly<Record<WindowId, BoardWindow>>;
  readonly attacks: Readonly<Record<AttackId, BoardAttack>>;
}

const UNJUDGED = { reliability: 'F', credibility: '6' } as const;

export const EMPTY_BOARD: Board = { corridors: {}, windows: {}, attacks: {} };

/**
 * One more fact. Pure and the same on the server (snapshots, as-of) and in every client (the tail), so that snapshot + tail = replay.
 * A fact about something unknown changes nothing: it belongs to what this audience may not see, or no longer remembers.
 */
export function boardAfter(board: Board, event: BoardEvent): Board {
  switch (event.type) {
    case 'CorridorDeclared': {
      const { corridorId, ...declared } = event.body;
      return corridorId === undefined ? board : withCorridor(board, { ...declared, id: corridorId, status: null });
    }
    case 'RouteChanged': {
      const { corridorId, ...route } = event.body;
      return changeCorridor(board, corridorId, (corridor) => ({ ...corridor, ...route }));
    }
    case 'OrdnanceAssessed': {
      const { segmentId, status } = event.body;
      if (segmentId === undefined || status === undefined) return board;
      const ordnance = { status, assessedBy: event.actorId, assessedAt: event.recordedAt };
      return changeCorridor(board, event.body.corridorId, (corridor) =>
        corridor.segments === undefined
          ? corridor
          : { ...corridor, segments: corridor.segments.map((segment) => (segment.id === segmentId ? { ...segment, ordnance } : segment)) },
      );
    }
    case 'CorridorStatusChanged':
      return changeCorridor(board, event.body.corridorId, (corridor) => ({ ...corridor, status: event.body.status }));
    case 'WindowAnnounced': {
      const { windowId, ...announced } = event.body;
      if (windowId === undefined) return board;
      const window: BoardWindow = {
        ...announced,
        id: windowId,
        announcedAt: event.recordedAt,
        cancelledAt: null,
        outcome: null,
        violationKind: null,
        violationCount: 0,
      };
      return { ...board, windows: { ...board.windows, [windowId]: window } };
    }
    case 'ClaimMade':
    case 'WindowShortened': {
      const { claim } = event.body;
      return changeWindow(board, event.body.windowId, (window) =>
        claim === undefined ? window : { ...window, claims: [...(window.claims ?? []), claim] },
      );
    }
    case 'WindowExtended': {
      const { claim } = event.body;
      return changeWindow(board, event.body.windowId, (window) =>
        claim === undefined ? window : { ...window, claims: [...(window.claims ?? []).filter((known) => known.about !== 'end'), claim] },
      );
    }
    case 'BasisSet': {
      const { basis } = event.body;
      return changeWindow(board, event.body.windowId, (window) => (basis === undefined ? window : { ...window, basis }));
    }
    case 'WindowCancelled':
      return changeWindow(board, event.body.windowId, (window) => ({ ...window, cancelledAt: event.recordedAt }));
    case 'OutcomeRecorded': {
      const { outcome, violationKind = null } = event.body;
      return changeWindow(board, event.body.windowId, (window) => ({ ...window, outcome: outcome ?? window.outcome, violationKind }));
    }
    case 'ViolationRecorded':
      return changeWindow(board, event.body.windowId, (window) => ({ ...window, violationCount: window.violationCount + 1 }));
    case 'AttackReported': {
      const { attackId, note: _note, ...reported } = event.body;
      if (attackId === undefined) return board;
      const attack: BoardAttack = {
        ...reported,
        id: attackId,
        recordedAt: event.recordedAt,
        // A new report is F6, received; only who may see its sender's standing may see its grade.
        ...(reported.isAuthenticated === undefined ? {} : { grade: UNJUDGED }),
        ...(reported.touches === undefined ? {} : { verification: 'received' as const }),
        isDiscounted: false,
        isRetracted: false,
      };
      return { ...board, attacks: { ...board.attacks, [attackId]: attack } };
    }
    case 'AttackGraded': {
      const { grade, verification, place } = event.body;
      return changeAttack(board, event.body.attackId, (attack) => ({
        ...attack,
        ...(grade === undefined ? {} : { grade }),
        ...(verification === undefined ? {} : { verification }),
        ...(place === undefined ? {} : { place }),
      }));
    }
    case 'AttackDiscounted':
      // Until it is discounted for every corridor that it touched, it is shown as before.
      if (event.body.isEverywhere !== true) return board;
      return changeAttack(board, event.body.attackId, (attack) => ({ ...judged(attack, 'discounted', event.body), isDiscounted: true }));
    case 'AttackRetracted':
      return changeAttack(board, event.body.attackId, (attack) => ({ ...judged(attack, 'withdrawn', event.body), isRetracted: true }));
    case 'AttackCountsRevised': {
      const { casualties } = event.body;
      return changeAttack(board, event.body.attackId, (attack) => (casualties === undefined ? attack : { ...attack, casualties }));
    }
    case 'AttackTouched': {
      const { attackId, touch, attack: report } = event.body;
      if (attackId === undefined || touch === undefined || report === undefined) return board;
      // Who knew of it by what the public may know sees it closely from here on.
      const known = board.attacks[attackId]?.touches ?? [];
      const touches = [...known.filter((other) => other.corridorId !== touch.corridorId), touch];
      const attack = { ...board.attacks[attackId], ...attackOf(attackId, report, event.recordedAt), touches };
      return { ...board, attacks: { ...board.attacks, [attackId]: attack } };
    }
    // The rest reaches the board by the status that it changes, and the ticker by itself.
    case 'StanceProposed':
    case 'StanceSet':
    case 'AttemptStarted':
    case 'WindowChosen':
    case 'LifecycleChanged':
    case 'CorridorStopped':
    case 'HoldSet':
    case 'HoldCleared':
    case 'HoldLifted':
    case 'LimitSet':
    case 'CriterionAssessed':
    case 'WaiverProposed':
    case 'WaiverGranted':
    case 'OpeningRequested':
    case 'OpeningRejected':
    case 'CorridorOpened':
    case 'OpeningCountersigned':
    case 'LimitRemoved':
    case 'TransitTimeSet':
    case 'LightAndCurfewSet':
    case 'PeopleInsideReported':
    case 'ConsentRecorded':
    case 'HotlineAnswered':
    case 'AttackCorroborated':
    case 'AttackDiscountProposed':
    case 'ObservationRecorded':
      return board;
  }
}

/** An attack as a corridor that came into its rings brings it into sight. */
function attackOf(id: AttackId, report: NonNullable<SeenBody<'AttackTouched'>['attack']>, seenAt: Instant): BoardAttack {
  const { recordedAt = seenAt, discount, isRetracted = false, ...members } = report;
  return { ...members, id, recordedAt, isDiscounted: discount != null, isRetracted };
}

/** Only who sees how reports are verified sees that this one no longer is, and its place as closely as that allows. */
function judged(attack: BoardAttack, verification: Attack['verification'], { place }: Pick<BoardAttack, 'place'>): BoardAttack {
  return attack.verification === undefined ? attack : { ...attack, verification, ...(place === undefined ? {} : { place }) };
}

/** How long a board remembers windows and attacks that nothing on it rests on any more. */
export const MEMORY_MS = 72 * HOUR_MS;

/** What a board still remembers at an instant: every corridor, and the windows and attacks of the last three days. */
export function remembered(board: Board, now: Instant): Board {
  const isRecent = (at: Instant | undefined): boolean => at === undefined || msBetween(at, now) < MEMORY_MS;
  return {
    corridors: board.corridors,
    windows: Object.fromEntries(
      Object.entries(board.windows).filter(([, window]) => isRecent(window.announcedAt) || isOfAttempt(board, window.id)),
    ),
    attacks: Object.fromEntries(Object.entries(board.attacks).filter(([, attack]) => isRecent(attack.recordedAt))),
  };
}

function isOfAttempt(board: Board, windowId: WindowId): boolean {
  return Object.values(board.corridors).some((corridor) => corridor.status?.attempt?.windowId === windowId);
}

function withCorridor(board: Board, corridor: BoardCorridor): Board {
  return { ...board, corridors: { ...board.corridors, [corridor.id]: corridor } };
}

function changeCorridor(board: Board, id: CorridorId | undefined, change: (corridor: BoardCorridor) => BoardCorridor): Board {
  const corridor = id === undefined ? undefined : board.corridors[id];
  return corridor === undefined ? board : withCorridor(board, change(corridor));
}

function changeWindow(board: Board, id: WindowId | undefined, change: (window: BoardWindow) => BoardWindow): Board {
  const window = id === undefined ? undefined : board.windows[id];
  return window === undefined ? board : { ...board, windows: { ...board.windows, [window.id]: change(window) } };
}

function changeAttack(board: Board, id: AttackId | undefined, change: (attack: BoardAttack) => BoardAttack): Board {
  const attack = id === undefined ? undefined : board.attacks[id];
  return attack === undefined ? board : { ...board, attacks: { ...board.attacks, [attack.id]: change(attack) } };
}
