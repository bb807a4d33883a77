import { expect } from '@jest/globals';
import { countsFor, evolveAttack, type Attack } from '../../src/domain/attack.js';
import { evolveCorridor, type Corridor } from '../../src/domain/corridor.js';
import type { Decision } from '../../src/domain/decision.js';
import { status } from '../../src/domain/display.js';
import type { Dossier } from '../../src/domain/dossier.js';
import type { DomainEvent, Recorded } from '../../src/domain/event.js';
import type { CorridorId, PersonId } from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import { evolveEvidence, evolveObservation, noEvidence, type CorridorEvidence } from '../../src/domain/observation.js';
import type { ProblemCode, ProblemDetails } from '../../src/domain/problem.js';
import type { Status } from '../../src/domain/status.js';
import { evolveWindow, type CeasefireWindow } from '../../src/domain/window.js';

/** Something that happened, as the log would hold it. */
export interface Fact<Body extends DomainEvent = DomainEvent> {
  readonly body: Body;
  readonly at: Instant;
  readonly actorId: PersonId | null;
}

type Rule<Command> = (dossier: Dossier, command: Command, now: Instant) => Decision;

/** What has happened, so far as one corridor is concerned. */
export interface History {
  readonly dossier: Dossier;
  readonly and: (...facts: readonly Fact[]) => History;
  readonly statusAt: (now: Instant) => Status;
  readonly when: <Command>(rule: Rule<Command>, command: Command, now: Instant) => Outcome;
}

/** What a rule answered. Each expectation fails the test with the whole answer. */
export interface Outcome {
  /** These facts, each with at least these fields, and no others. */
  readonly expectEvents: (...events: readonly (Partial<DomainEvent> & { readonly type: DomainEvent['type'] })[]) => Outcome;
  readonly expectRefusal: <Code extends ProblemCode>(code: Code, details?: Partial<ProblemDetails[Code]>) => void;
  /** The corridor after the facts has at least these fields. */
  readonly expectCorridor: (corridor: Readonly<Record<string, unknown>>) => Outcome;
  /** The history with the answer in it. */
  readonly after: History;
}

/** Folds the facts, oldest first, with the same `evolve` as the server. The first must declare the corridor. */
export function given(...facts: readonly Fact[]): History {
  const dossier = dossierAfter(facts);
  return {
    dossier,
    and: (...more) => given(...facts, ...more),
    statusAt: (now) => status(dossier, now),
    when: (rule, command, now) => outcomeOf(facts, rule(dossier, command, now), now, actorOf(command)),
  };
}

function outcomeOf(facts: readonly Fact[], decision: Decision, now: Instant, actorId: PersonId | null): Outcome {
  const events = decision.kind === 'accepted' ? decision.events : [];
  const outcome: Outcome = {
    expectEvents: (...expected) => {
      expect(decision).toMatchObject({ kind: 'accepted', events: expected });
      return outcome;
    },
    expectRefusal: (code, details = {}) => {
      expect(decision).toMatchObject({ kind: 'refused', problem: { code, details } });
    },
    expectCorridor: (corridor) => {
      expect(decision.kind).toBe('accepted');
      expect(outcome.after.dossier.corridor).toMatchObject(corridor);
      return outcome;
    },
    get after() {
      return given(...facts, ...events.map((body): Fact => ({ body, at: now, actorId })));
    },
  };
  return outcome;
}

function actorOf(command: unknown): PersonId | null {
  return (command as { readonly actor?: { readonly id: PersonId } }).actor?.id ?? null;
}

function dossierAfter(facts: readonly Fact[]): Dossier {
  const corridors = new Map<CorridorId, Corridor>();
  const windows = new Map<string, CeasefireWindow>();
  const attacks = new Map<string, Attack>();
  const evidence = new Map<CorridorId, CorridorEvidence>();
  for (const { body, at, actorId } of facts) {
    const recorded = <Body extends DomainEvent>(own: Body, version = 0): Recorded<Body> => ({
      body: own,
      version: version + 1,
      recordedAt: at,
      actorId,
    });
    if (body.type === 'CorridorStatusChanged') continue;
    if (body.type === 'ObservationRecorded') {
      const before = evidence.get(body.corridorId) ?? noEvidence(body.corridorId);
      evidence.set(body.corridorId, evolveEvidence(before, evolveObservation(recorded(body))));
    } else if ('attackId' in body && !('corridorId' in body) && !('windowId' in body)) {
      const before = attacks.get(body.attackId) ?? null;
      attacks.set(body.attackId, evolveAttack(before, recorded(body, before?.version)));
    } else if ('windowId' in body && !('corridorId' in body)) {
      const before = windows.get(body.windowId) ?? null;
      windows.set(body.windowId, evolveWindow(before, recorded(body, before?.version)));
    } else {
      const before = corridors.get(body.corridorId) ?? null;
      corridors.set(body.corridorId, evolveCorridor(before, recorded(body, before?.version)));
    }
  }
  const [corridor] = corridors.values();
  if (corridor === undefined || corridors.size > 1) throw new Error('a history is about exactly one corridor');
  const named = [...windows.values()].filter((window) => window.corridorIds.includes(corridor.id));
  const windowId = corridor.attempt?.windowId ?? null;
  return {
    corridor,
    window: named.find((window) => window.id === windowId) ?? null,
    otherWindows: named.filter((window) => window.id !== windowId && window.cancelledAt === null && window.outcome === null),
    attacks: [...attacks.values()].filter(
      (attack) => countsFor(attack, corridor.id) && attack.touches.some((touch) => touch.corridorId === corridor.id),
    ),
    evidence: evidence.get(corridor.id) ?? noEvidence(corridor.id),
    isLockedDown: false,
  };
}
