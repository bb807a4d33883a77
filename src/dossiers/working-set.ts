import { v5 } from 'uuid';
import { countsFor, evolveAttack, type Attack, type AttackEvent } from '../domain/attack.js';
import { evolveCorridor, type Corridor, type CorridorEvent } from '../domain/corridor.js';
import type { Dossier } from '../domain/dossier.js';
import { status } from '../domain/display.js';
import { entityOf, type DomainEvent, type Recorded } from '../domain/event.js';
import { forcedEffects, lookBack } from '../domain/forced-effects.js';
import type { AttackId, CommandId, CorridorId, HoldId, PersonId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import {
  evolveEvidence,
  evolveObservation,
  noEvidence,
  type CorridorEvidence,
  type Observation,
  type ObservationEvent,
} from '../domain/observation.js';
import type { Actor } from '../domain/permission.js';
import type { Problem } from '../domain/problem.js';
import { MAY_RAISE, refuseRaise } from '../domain/raising.js';
import type { Status } from '../domain/status.js';
import { timeEffects, type IdFor } from '../domain/time-effects.js';
import { evolveWindow, type CeasefireWindow, type WindowEvent } from '../domain/window.js';
import { canonicalJson } from '../domain/canonical-json.js';
import type { Draft, Run, WorkingSet } from '../event-log/command.js';
import { flushRows } from './flush.queries.js';

/** The namespace of ids that rules make: the same name, the same id, in every process. */
const RULE_NAMES = '5f2b6a4e-8a0d-5c57-9a55-6d0a3f3f1c11';
const idFor: IdFor = (name) => v5(name, RULE_NAMES) as HoldId;

export interface LoggedStatus {
  readonly version: number;
  readonly status: Status;
}

/** The states that one batch works on, as they stand before any command. */
export interface LoadedStates {
  readonly corridors: readonly Corridor[];
  readonly windows: readonly CeasefireWindow[];
  readonly attacks: readonly Attack[];
  readonly evidence: readonly CorridorEvidence[];
  readonly statuses: readonly LoggedStatus[];
}

/** With what is asked of the database for every batch: ids that exist already, and people who are active. */
export interface Loaded extends LoadedStates {
  readonly taken: ReadonlySet<string>;
  readonly people: readonly Actor[];
}

/** What changed in the batch and must be flushed; `isNew` tells INSERT from UPDATE. */
export interface Changes {
  readonly corridors: ReadonlyMap<CorridorId, { readonly value: Corridor; readonly isNew: boolean }>;
  readonly windows: ReadonlyMap<WindowId, { readonly value: CeasefireWindow; readonly isNew: boolean }>;
  readonly attacks: ReadonlyMap<AttackId, { readonly value: Attack; readonly isNew: boolean }>;
  readonly observations: readonly Observation[];
  readonly evidence: ReadonlyMap<CorridorId, { readonly value: CorridorEvidence; readonly isNew: boolean }>;
  readonly statuses: ReadonlyMap<CorridorId, { readonly value: LoggedStatus; readonly isNew: boolean }>;
}

/** The same facts give the same status, word for word, in whatever order they were loaded or remembered. */
function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

class Entities<Id extends string, Value> {
  private readonly all: Map<Id, Value>;
  private readonly known: Set<Id>;
  private changed = new Set<Id>();

  constructor(loaded: readonly (readonly [Id, Value])[]) {
    this.all = new Map(loaded);
    this.known = new Set(loaded.map(([id]) => id));
  }
  get(id: Id): Value | null {
    return this.all.get(id) ?? null;
  }
  put(id: Id, value: Value): void {
    this.all.set(id, value);
    this.changed.add(id);
  }
  values(): readonly Value[] {
    return [...this.all.values()];
  }
  /** Of everything that was put since the last time it was asked. */
  takeChanges(): ReadonlyMap<Id, { readonly value: Value; readonly isNew: boolean }> {
    const { changed } = this;
    this.changed = new Set();
    const changes = new Map([...changed].map((id) => [id, { value: this.all.get(id) as Value, isNew: !this.known.has(id) }]));
    for (const id of changed) this.known.add(id);
    return changes;
  }
}

/** The working set of one batch: facts go in, states come out, and each corridor that a fact touches is decided again at the end. */
export class DossierSet implements WorkingSet {
  private readonly taken: Set<string>;
  private readonly people: readonly Actor[];
  private readonly corridorsById: Entities<CorridorId, Corridor>;
  private readonly windowsById: Entities<WindowId, CeasefireWindow>;
  private readonly attacksById: Entities<AttackId, Attack>;
  private readonly evidenceById: Entities<CorridorId, CorridorEvidence>;
  private readonly statusesById: Entities<CorridorId, LoggedStatus>;
  private observations: Observation[] = [];
  /** Corridors whose status must be decided again. */
  private readonly touched = new Set<CorridorId>();

  constructor(
    loaded: Loaded,
    due: readonly CorridorId[],
    private readonly keep: (left: LoadedStates, hash: Buffer) => void = () => undefined,
  ) {
    this.taken = new Set(loaded.taken);
    this.people = loaded.people;
    this.corridorsById = new Entities(loaded.corridors.map((corridor) => [corridor.id, corridor]));
    this.windowsById = new Entities(loaded.windows.map((window) => [window.id, window]));
    this.attacksById = new Entities(loaded.attacks.map((attack) => [attack.id, attack]));
    this.evidenceById = new Entities(loaded.evidence.map((evidence) => [evidence.corridorId, evidence]));
    this.statusesById = new Entities(loaded.statuses.map((logged) => [logged.status.corridorId, logged]));
    for (const id of due) this.touched.add(id);
  }

  isTaken(id: string): boolean {
    return this.taken.has(id);
  }
  corridor(id: CorridorId): Corridor | null {
    return this.corridorsById.get(id);
  }
  window(id: WindowId): CeasefireWindow | null {
    return this.windowsById.get(id);
  }
  attack(id: AttackId): Attack | null {
    return this.attacksById.get(id);
  }
  corridors(): readonly Corridor[] {
    return this.corridorsById.values();
  }
  person(id: PersonId): Actor | null {
    return this.people.find((person) => person.id === id) ?? null;
  }
  status(id: CorridorId): Status | null {
    return this.statusesById.get(id)?.status ?? null;
  }

  dossier(id: CorridorId): Dossier | null {
    const corridor = this.corridorsById.get(id);
    if (corridor === null) return null;
    const windowId = corridor.attempt?.windowId ?? null;
    return {
      corridor,
      window: windowId === null ? null : this.windowsById.get(windowId),
      otherWindows: this.windowsById
        .values()
        .filter((window) => window.id !== windowId && window.cancelledAt === null && window.corridorIds.includes(id))
        .sort(byId),
      attacks: this.attacksById
        .values()
        .filter((attack) => countsFor(attack, id) && attack.touches.some((touch) => touch.corridorId === id))
        .sort(byId),
      evidence: this.evidenceById.get(id) ?? noEvidence(id),
      isLockedDown: false,
    };
  }

  refusalOf(events: readonly DomainEvent[], actorId: PersonId | null, now: Instant): Problem | null {
    for (const body of events) {
      if (MAY_RAISE[body.type] !== 'no') continue;
      const fact: Recorded = { body, version: this.versionAfter(body), recordedAt: now, actorId };
      for (const id of this.decidedBy(body)) {
        const dossier = this.dossier(id);
        const refusal = dossier === null ? null : refuseRaise(dossier, fact);
        if (refusal !== null) return refusal;
      }
    }
    return null;
  }

  apply(
    events: readonly DomainEvent[],
    by: { readonly actorId: PersonId | null; readonly commandId: CommandId },
    now: Instant,
  ): readonly Draft[] {
    return events.flatMap((body) => {
      const draft = this.record(body, by.actorId, by.commandId, now);
      // What a fact forces is done by the system, in its name, and carries the command of its cause.
      const forced = [...this.lookBackAfter(body), ...forcedEffects(draft.recorded, this.dossiersOf(draft), idFor)];
      return [draft, ...forced.flatMap((effect) => this.apply([effect], { actorId: null, commandId: by.commandId }, now))];
    });
  }

  catchUp(now: Instant): readonly Draft[] {
    return this.corridors().flatMap(({ id }) => {
      const validUntil = this.status(id)?.validUntil ?? null;
      const dossier = validUntil === null || validUntil > now ? null : this.dossier(id);
      return dossier === null ? [] : timeEffects(dossier, now, idFor).map((effect) => this.record(effect, null, null, now));
    });
  }

  settle(now: Instant): readonly Draft[] {
    const drafts: Draft[] = [];
    for (const id of this.touched) {
      const before = this.dossier(id);
      if (before === null) continue;
      const effects = timeEffects(before, now, idFor);
      for (const effect of effects) drafts.push(this.record(effect, null, null, now));
      const dossier = effects.length === 0 ? before : this.dossier(id);
      if (dossier === null) continue;
      const next = status(dossier, now);
      const logged = this.statusesById.get(id);
      if (logged !== null && sameAnswer(logged.status, next)) continue;
      drafts.push(this.record({ type: 'CorridorStatusChanged', corridorId: id, status: next }, null, null, now));
    }
    return drafts;
  }

  async flush(run: Run): Promise<void> {
    await flushRows(run, this.takeChanges());
  }

  committed(hash: Buffer): void {
    const [corridors, windows, attacks] = [this.corridorsById.values(), this.windowsById.values(), this.attacksById.values()];
    this.keep({ corridors, windows, attacks, evidence: this.evidenceById.values(), statuses: this.statusesById.values() }, hash);
  }

  /** A fact of the log, applied as it was recorded; it forces nothing again. */
  replay(recorded: Recorded): void {
    this.evolve(recorded);
  }

  /** What changed since the last time it was asked. */
  takeChanges(): Changes {
    const { observations } = this;
    this.observations = [];
    return {
      corridors: this.corridorsById.takeChanges(),
      windows: this.windowsById.takeChanges(),
      attacks: this.attacksById.takeChanges(),
      observations,
      evidence: this.evidenceById.takeChanges(),
      statuses: this.statusesById.takeChanges(),
    };
  }

  /** Gives one fact its version and applies it. */
  private record(body: DomainEvent, actorId: PersonId | null, commandId: CommandId | null, now: Instant): Draft {
    const recorded: Recorded = { body, version: this.versionAfter(body), recordedAt: now, actorId };
    this.taken.add(entityOf(body).entityId);
    const about = this.evolve(recorded);
    for (const id of about.corridorIds) this.touched.add(id);
    return { recorded, ...about, commandId };
  }

  private versionAfter(body: DomainEvent): number {
    const { entity, entityId } = entityOf(body);
    switch (entity) {
      case 'corridor':
        return (this.corridorsById.get(entityId as CorridorId)?.version ?? 0) + 1;
      case 'window':
        return (this.windowsById.get(entityId as WindowId)?.version ?? 0) + 1;
      case 'attack':
        return (this.attacksById.get(entityId as AttackId)?.version ?? 0) + 1;
      case 'corridor_status':
        return (this.statusesById.get(entityId as CorridorId)?.version ?? 0) + 1;
      case 'observation':
        return 1;
    }
  }

  /** Applies the fact; answers whose it is and which corridors it is about. */
  private evolve(recorded: Recorded): Pick<Draft, 'organisationId' | 'corridorIds'> {
    const { body } = recorded;
    const { entity, entityId } = entityOf(body);
    switch (entity) {
      case 'corridor': {
        const id = entityId as CorridorId;
        const corridor = evolveCorridor(this.corridorsById.get(id), recorded as Recorded<CorridorEvent>);
        this.corridorsById.put(id, corridor);
        return { organisationId: corridor.organisationId, corridorIds: [id] };
      }
      case 'window': {
        const id = entityId as WindowId;
        const window = evolveWindow(this.windowsById.get(id), recorded as Recorded<WindowEvent>);
        this.windowsById.put(id, window);
        return { organisationId: window.organisationId, corridorIds: window.corridorIds };
      }
      case 'attack': {
        const id = entityId as AttackId;
        const attack = evolveAttack(this.attacksById.get(id), recorded as Recorded<AttackEvent>);
        this.attacksById.put(id, attack);
        return { organisationId: attack.organisationId, corridorIds: attack.touches.map((touch) => touch.corridorId) };
      }
      case 'observation': {
        const observation = evolveObservation(recorded as Recorded<ObservationEvent>);
        this.observations.push(observation);
        const { corridorId, organisationId } = observation;
        this.evidenceById.put(corridorId, evolveEvidence(this.evidenceById.get(corridorId) ?? noEvidence(corridorId), observation));
        return { organisationId, corridorIds: [corridorId] };
      }
      case 'corridor_status': {
        const id = entityId as CorridorId;
        if (body.type !== 'CorridorStatusChanged') throw new TypeError('a status is changed by CorridorStatusChanged alone');
        this.statusesById.put(id, { version: recorded.version, status: body.status });
        const corridor = this.corridorsById.get(id);
        if (corridor === null) throw new TypeError('a status of a corridor that was not loaded');
        return { organisationId: corridor.organisationId, corridorIds: [id] };
      }
    }
  }

  /** The corridors whose own terms a fact is about: the corridor itself, or those whose attempt uses the window. */
  private decidedBy(body: DomainEvent): readonly CorridorId[] {
    const { entity, entityId } = entityOf(body);
    if (entity === 'corridor') return [entityId as CorridorId];
    if (entity !== 'window') return [];
    return this.corridors().flatMap(({ id, attempt }) => (attempt?.windowId === entityId ? [id] : []));
  }

  /** Every dossier that a fact may force something on: the corridors it is about, and those that share a window with them. */
  private dossiersOf(draft: Draft): readonly Dossier[] {
    const { type } = draft.recorded.body;
    if (!FORCING.has(type)) return [];
    const windowIds = new Set(draft.corridorIds.map((id) => this.corridorsById.get(id)?.attempt?.windowId ?? null));
    const shared = this.corridors().filter(
      ({ id, attempt }) => draft.corridorIds.includes(id) || (attempt?.windowId != null && windowIds.has(attempt.windowId)),
    );
    return shared.flatMap(({ id }) => {
      const dossier = this.dossier(id);
      return dossier === null ? [] : [dossier];
    });
  }

  /** A declaration, a change of route and a new attempt look back at the attacks near the way. */
  private lookBackAfter(body: DomainEvent): readonly AttackEvent[] {
    if (body.type !== 'CorridorDeclared' && body.type !== 'RouteChanged' && body.type !== 'AttemptStarted') return [];
    const corridor = this.corridorsById.get(body.corridorId);
    return corridor === null ? [] : lookBack(corridor, this.attacksById.values());
  }
}

const FORCING: ReadonlySet<string> = new Set([
  'AttackReported',
  'AttackGraded',
  'AttackCorroborated',
  'AttackTouched',
  'ViolationRecorded',
  'ConsentRecorded',
]);

/** The same answer decided later is no change. What a new report moves is looked at first: to write both out is dear. */
function sameAnswer(a: Status, b: Status): boolean {
  if (a.validUntil !== b.validUntil || a.display !== b.display) return false;
  return canonicalJson({ ...a, decidedAt: null }) === canonicalJson({ ...b, decidedAt: null });
}
