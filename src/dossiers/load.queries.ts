import { CERTAIN_PRECISION_KM, WIDEST_RING_KM, type Attack } from '../domain/attack.js';
import type { Corridor } from '../domain/corridor.js';
import type { Box } from '../domain/geometry.js';
import type { CorridorId, WindowId } from '../domain/ids.js';
import type { Instant } from '../domain/instant.js';
import type { CorridorEvidence } from '../domain/observation.js';
import type { Actor } from '../domain/permission.js';
import type { Status } from '../domain/status.js';
import type { CeasefireWindow } from '../domain/window.js';
import type { Run, Touches } from '../event-log/command.js';
import { boxText } from './rows.js';
import type { LoadedStates, LoggedStatus } from './working-set.js';

interface StateRow<State> {
  readonly state: State;
}

/** Attacks are looked for this far around a new route: the widest ring and the largest certain circle. */
export const LOOK_BACK_KM = WIDEST_RING_KM + CERTAIN_PRECISION_KM;

/**
 * Everything that the commands of a batch name or touch, and all that decides the status of those corridors: at most twelve statements
 * for any number of corridors (a test counts them).
 */
export async function load(run: Run, touches: readonly Touches[], now: Instant): Promise<LoadedStates> {
  const named = {
    corridors: unique(touches.flatMap((touch) => [...(touch.corridors ?? []), ...(touch.due ?? [])])),
    windows: unique(touches.flatMap((touch) => touch.windows ?? [])),
    attacks: unique(touches.flatMap((touch) => touch.attacks ?? [])),
    boxes: touches.flatMap((touch) => touch.boxes ?? []),
    isWide: touches.some((touch) => touch.isWide === true || (touch.boxes ?? []).length > 0),
  };
  const [namedWindows, namedAttacks] = await Promise.all([loadWindowsById(run, named.windows), loadAttacksById(run, named.attacks)]);
  const corridorIds = unique([
    ...named.corridors,
    ...namedWindows.flatMap((window) => window.corridorIds),
    ...namedAttacks.flatMap((attack) => attack.touches.map((touch) => touch.corridorId)),
  ]);
  const near = await loadCorridors(run, corridorIds, named.boxes);
  const corridors = named.isWide ? merge(near, await loadCorridorsOfSameWindows(run, near)) : near;
  const ids = corridors.map((corridor) => corridor.id);
  const [windows, attacks, evidence, statuses] = await Promise.all([
    loadWindowsOf(run, corridors, now),
    loadAttacksOf(run, ids, named.boxes),
    loadStates<CorridorEvidence>(run, `SELECT state FROM corridor_evidence WHERE corridor_id = ANY($1)`, ids),
    loadStatuses(run, ids),
  ]);
  return { corridors, windows: merge(namedWindows, windows), attacks: merge(namedAttacks, attacks), evidence, statuses };
}

/** Who of the people named is active. Whoever changes just now is passed over: in doubt nobody may. */
export async function loadPeople(run: Run, touches: readonly Touches[]): Promise<readonly Actor[]> {
  const ids = unique(touches.flatMap((touch) => touch.people ?? []));
  if (ids.length === 0) return [];
  const rows = await run<Omit<Actor, 'corridorIds'>>(
    `SELECT p.id, p.organisation_id AS "organisationId", p.role
       FROM people p JOIN organisations o ON o.id = p.organisation_id
      WHERE p.id = ANY($1) AND p.is_active AND o.is_active
        FOR SHARE OF p, o SKIP LOCKED`,
    [ids],
  );
  return rows.map((row) => ({ ...row, corridorIds: [] }));
}

/** Which of the ids that the commands would create exist. */
export async function loadTaken(run: Run, touches: readonly Touches[]): Promise<ReadonlySet<string>> {
  const ids = unique(touches.flatMap((touch) => touch.creates ?? []));
  if (ids.length === 0) return new Set();
  const rows = await run<{ id: string }>(
    `SELECT entity_id AS id FROM events WHERE entity IN ('corridor', 'window', 'attack', 'observation') AND entity_id = ANY($1) AND version = 1`,
    [ids],
  );
  return new Set(rows.map((row) => row.id));
}

async function loadStates<State>(run: Run, sql: string, ids: readonly string[]): Promise<readonly State[]> {
  if (ids.length === 0) return [];
  return (await run<StateRow<State>>(sql, [ids])).map((row) => row.state);
}

function loadWindowsById(run: Run, ids: readonly WindowId[]): Promise<readonly CeasefireWindow[]> {
  return loadStates(run, `SELECT state FROM windows WHERE id = ANY($1)`, ids);
}

function loadAttacksById(run: Run, ids: readonly string[]): Promise<readonly Attack[]> {
  return loadStates(run, `SELECT state FROM attacks WHERE id = ANY($1)`, ids);
}

async function loadCorridors(run: Run, ids: readonly CorridorId[], boxes: readonly Box[]): Promise<readonly Corridor[]> {
  if (boxes.length === 0) return loadStates(run, `SELECT state FROM corridors WHERE id = ANY($1)`, ids);
  const rows = await run<StateRow<Corridor>>(
    `SELECT state FROM corridors WHERE id = ANY($1)
      UNION ALL
     SELECT state FROM corridors c
      WHERE id <> ALL($1) AND EXISTS (SELECT FROM unnest($2::box[]) AS b WHERE c.around && b OR c.around_too && b)`,
    [ids, boxLiterals(boxes)],
  );
  return rows.map((row) => row.state);
}

/** An array of boxes is written with semicolons, since a box has commas of its own. */
function boxLiterals(boxes: readonly Box[]): string {
  return `{${boxes.map(boxText).join(';')}}`;
}

function loadCorridorsOfSameWindows(run: Run, corridors: readonly Corridor[]): Promise<readonly Corridor[]> {
  const windowIds = unique(corridors.flatMap(({ attempt }) => (attempt?.windowId == null ? [] : [attempt.windowId])));
  return loadStates(run, `SELECT state FROM corridors WHERE window_id = ANY($1)`, windowIds);
}

/** The attempts' windows, and the others that name the corridors and are neither over nor cancelled. */
async function loadWindowsOf(run: Run, corridors: readonly Corridor[], now: Instant): Promise<readonly CeasefireWindow[]> {
  if (corridors.length === 0) return [];
  const windowIds = unique(corridors.flatMap(({ attempt }) => (attempt?.windowId == null ? [] : [attempt.windowId])));
  const rows = await run<StateRow<CeasefireWindow>>(
    `SELECT state FROM windows
      WHERE id = ANY($1) OR (corridor_ids && $2::uuid[] AND cancelled_at IS NULL AND (last_end_at IS NULL OR last_end_at > $3))`,
    [windowIds, corridors.map((corridor) => corridor.id), now],
  );
  return rows.map((row) => row.state);
}

async function loadAttacksOf(run: Run, ids: readonly CorridorId[], boxes: readonly Box[]): Promise<readonly Attack[]> {
  if (ids.length === 0 && boxes.length === 0) return [];
  const rows = await run<StateRow<Attack>>(
    `SELECT state FROM attacks a
      WHERE is_unresolved AND (corridor_ids && $1::uuid[] OR EXISTS (SELECT FROM unnest($2::box[]) AS b WHERE a.around && b))`,
    [ids, boxLiterals(boxes)],
  );
  return rows.map((row) => row.state);
}

async function loadStatuses(run: Run, ids: readonly CorridorId[]): Promise<readonly LoggedStatus[]> {
  if (ids.length === 0) return [];
  const rows = await run<{ version: number; state: Status }>(`SELECT version, state FROM corridor_statuses WHERE id = ANY($1)`, [ids]);
  return rows.map(({ version, state }) => ({ version, status: state }));
}

function unique<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}

function merge<Value extends { readonly id: string }>(first: readonly Value[], second: readonly Value[]): readonly Value[] {
  const known = new Set(first.map((value) => value.id));
  return [...first, ...second.filter((value) => !known.has(value.id))];
}
