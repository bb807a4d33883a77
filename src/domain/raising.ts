import { evolveCorridor, type CorridorEvent, type Mode } from './corridor.js';
import { lastDeparture } from './departure.js';
import type { Dossier } from './dossier.js';
import { entityOf, type EventType, type Recorded } from './event.js';
import { timesOf } from './evidence.js';
import type { Instant } from './instant.js';
import { problem, type Problem } from './problem.js';
import { evolveWindow, type Basis, type WindowEvent } from './window.js';

/**
 * Which facts may make an open corridor easier to use, by domain 1.5: those that take two people, and the fresh word of whoever is there
 * to give it. Nobody else raises `ease` (promise 2): see `refuseRaise`. A fact without an entry does not compile.
 */
export const MAY_RAISE: Readonly<Record<EventType, 'by_two' | 'by_a_fresh_word' | 'no'>> = {
  // Two people: the second approves, countersigns, or lifts what another cleared. One reconfirms (E5), and a report covers a warning (E2).
  StanceSet: 'by_two',
  WaiverGranted: 'by_two',
  CorridorOpened: 'by_two',
  OpeningCountersigned: 'by_two',
  LimitRemoved: 'by_two',
  HoldLifted: 'by_two',
  WindowExtended: 'by_two',
  AttackDiscounted: 'by_two',
  // A fresh word: the team's report, the assessor's, a party's own voice. Each restores what it is the evidence for, and nothing else.
  ObservationRecorded: 'by_a_fresh_word',
  OrdnanceAssessed: 'by_a_fresh_word',
  CriterionAssessed: 'by_a_fresh_word',
  ConsentRecorded: 'by_a_fresh_word',
  HotlineAnswered: 'by_a_fresh_word',

  CorridorDeclared: 'no',
  RouteChanged: 'no',
  StanceProposed: 'no',
  AttemptStarted: 'no',
  WindowChosen: 'no',
  LifecycleChanged: 'no',
  CorridorStopped: 'no',
  HoldSet: 'no',
  HoldCleared: 'no',
  LimitSet: 'no',
  WaiverProposed: 'no',
  OpeningRequested: 'no',
  OpeningRejected: 'no',
  TransitTimeSet: 'no',
  LightAndCurfewSet: 'no',
  PeopleInsideReported: 'no',
  WindowAnnounced: 'no',
  ClaimMade: 'no',
  BasisSet: 'no',
  WindowShortened: 'no',
  WindowCancelled: 'no',
  ViolationRecorded: 'no',
  OutcomeRecorded: 'no',
  AttackReported: 'no',
  AttackGraded: 'no',
  AttackCorroborated: 'no',
  AttackDiscountProposed: 'no',
  AttackRetracted: 'no',
  AttackCountsRevised: 'no',
  AttackTouched: 'no',
  CorridorStatusChanged: 'no',
};

export const TERMS = ['route', 'basis', 'start', 'transit_time', 'last_departure'] as const;
/** What of an open corridor two people answered for, and one may only make worse. */
export type Term = (typeof TERMS)[number];

/**
 * One person may make an open corridor worse, never easier (promises 2 and 6): whatever two people answered for when they opened it stays
 * as it was or gets worse until two people open again. Asked of every fact that a person causes, in one place, before it is applied.
 *
 * Compares what was answered for, not the word: in the dark of a hold or of old evidence a better basis changes no word today and would
 * make it OPEN tomorrow.
 *
 * @param dossier a corridor that the fact is about, before it
 * @returns `takes-two-people`, or null
 */
export function refuseRaise(dossier: Dossier, fact: Recorded): Problem | null {
  if (MAY_RAISE[fact.body.type] !== 'no' || dossier.corridor.attempt?.lifecycle !== 'open') return null;
  const after = dossierAfter(dossier, fact);
  if (after.corridor.attempt?.lifecycle !== 'open') return null;
  const easier = TERMS.filter((term) => IS_EASIER[term](dossier, after));
  return easier.length === 0 ? null : problem('takes-two-people', { corridorId: dossier.corridor.id, easier });
}

const IS_EASIER: Readonly<Record<Term, (before: Dossier, after: Dossier) => boolean>> = {
  // Another line, watch, exposure or mode is another road: nobody can tell by the fields whether it is a better one.
  route: (before, after) => before.corridor.routeVersion !== after.corridor.routeVersion,
  basis: (before, after) => basisRank(after) > basisRank(before),
  start: (before, after) => isLater(timesOf(before).startsAt, timesOf(after).startsAt),
  transit_time: (before, after) => modesOf(after).some((mode) => isTransitKnown(after, mode) && !isTransitKnown(before, mode)),
  last_departure: (before, after) => modesOf(after).some((mode) => isLater(lastDeparture(after, mode), lastDeparture(before, mode))),
};

const BASIS_RANKS: Readonly<Record<Basis, number>> = { all_party: 2, separate_assurances: 1, single_control: 1, notification_only: 0 };

function basisRank({ window }: Dossier): number {
  return window?.basis == null ? 0 : BASIS_RANKS[window.basis];
}

function modesOf({ corridor }: Dossier): readonly Mode[] {
  return corridor.permittedModes;
}

function isTransitKnown({ corridor }: Dossier, mode: Mode): boolean {
  return corridor.attempt?.transitTimes[mode] !== undefined;
}

/** Nothing known is earlier than anything known. */
function isLater(a: Instant | null, b: Instant | null): boolean {
  return a !== null && (b === null || a > b);
}

function dossierAfter(dossier: Dossier, fact: Recorded): Dossier {
  const { corridor, window } = dossier;
  const { entity, entityId } = entityOf(fact.body);
  if (entity === 'corridor' && entityId === corridor.id)
    return { ...dossier, corridor: evolveCorridor(corridor, fact as Recorded<CorridorEvent>) };
  if (entity === 'window' && entityId === window?.id) return { ...dossier, window: evolveWindow(window, fact as Recorded<WindowEvent>) };
  return dossier;
}
