import type { Attack, Casualties, Count, Grade, Touch, TouchingAttack } from './attack.js';
import {
  MODES,
  type Corridor,
  type Hold,
  type Limit,
  type Mode,
  type Opening,
  type OpeningRequest,
  type Ordnance,
  type Override,
  type Passability,
  type PeopleInside,
  type Place,
  type Segment,
} from './corridor.js';
import type { DomainEvent, Entity, EventType, LoggedEvent, TextRef } from './event.js';
import { gridCell, type Position } from './geometry.js';
import type { CorridorId, OrganisationId, PersonId } from './ids.js';
import type { Instant } from './instant.js';
import type { Actor } from './permission.js';
import type { ModeStatus, Reason, SegmentStatus, Status } from './status.js';
import type { Claim, Edge } from './window.js';
import { wallClock, type LocalDate, type Zone } from './zone.js';

/**
 * For whom something leaves the server. A value: who has the same one sees the same bytes.
 * Corridors are shared with a partner, or with a cell that does not own them.
 */
export type Audience =
  | { readonly kind: 'cell'; readonly organisationId: OrganisationId; readonly sharedCorridorIds: readonly CorridorId[] }
  | { readonly kind: 'field'; readonly organisationId: OrganisationId; readonly corridorIds: readonly CorridorId[] }
  | { readonly kind: 'partner'; readonly organisationId: OrganisationId; readonly sharedCorridorIds: readonly CorridorId[] }
  | { readonly kind: 'public' };

/** The audience that a session's actor belongs to; ids sorted, so that equal audiences have equal canonical JSON. */
export function audienceOf(actor: Actor): Audience {
  const corridorIds = [...new Set(actor.corridorIds)].sort();
  switch (actor.role) {
    case 'administrator':
    case 'coordinator':
    case 'verifier':
    case 'ordnance_assessor':
    case 'observer':
      return { kind: 'cell', organisationId: actor.organisationId, sharedCorridorIds: corridorIds };
    case 'field_lead':
    case 'field_member':
      return { kind: 'field', organisationId: actor.organisationId, corridorIds };
    case 'partner':
      return { kind: 'partner', organisationId: actor.organisationId, sharedCorridorIds: corridorIds };
    case 'system':
      return { kind: 'public' };
  }
}

/** How closely one thing is seen, from the least to the most. What a view sees, every later one sees as well. */
export const VIEWS = ['public', 'partner', 'field', 'cell'] as const;
export type View = (typeof VIEWS)[number];
/** From which view on something is given; `sealed`: to nobody by this door. */
type Level = View | 'sealed';

/** Whose a corridor is; null: not known here. The owner never changes. */
export type OwnerOf = (corridorId: CorridorId) => OrganisationId | null;
const NO_OWNERS: OwnerOf = () => null;

/** How the audience sees one corridor. Outside its own corridors a cell sees like a partner, a field team like the public. */
export function viewOfCorridor(
  audience: Audience,
  corridor: { readonly id: CorridorId; readonly organisationId: OrganisationId | null },
): View {
  switch (audience.kind) {
    case 'cell':
      if (corridor.organisationId === audience.organisationId) return 'cell';
      return audience.sharedCorridorIds.includes(corridor.id) ? 'partner' : 'public';
    case 'field':
      return audience.corridorIds.includes(corridor.id) ? 'field' : 'public';
    case 'partner':
      return audience.sharedCorridorIds.includes(corridor.id) ? 'partner' : 'public';
    case 'public':
      return 'public';
  }
}

/** A fact as one audience may see it. Members that it may not see are absent; `seq` and the command never leave. */
export type BoardEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    readonly entity: Entity;
    readonly entityId: string;
    readonly version: number;
    readonly recordedAt: Instant;
    /** Only corridors that the audience may see. */
    readonly corridorIds: readonly CorridorId[];
    /** Who decided; null: a rule, time, or not for this audience. Never who reported. */
    readonly actorId: PersonId | null;
    readonly body: SeenBody<Type>;
  };
}[EventType];

/** The members of a fact, each of them withheld from somebody. */
export type SeenBody<Type extends EventType> = Type extends 'CorridorStatusChanged'
  ? { readonly corridorId: CorridorId; readonly status: SeenStatus }
  : Seen<Omit<Extract<DomainEvent, { type: Type }>, 'type'>>;
type Seen<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Seen<Item>[]
    : { readonly [Key in keyof Value]?: Seen<Value[Key]> };

export type SeenLimit = Omit<Limit, 'setBy' | 'note'> & Partial<Pick<Limit, 'setBy' | 'note'>>;
export type SeenOpeningRequest = Omit<Status['openingRequests'][number], 'boundDigest'> & Partial<Pick<OpeningRequest, 'boundDigest'>>;
export type SeenPeopleInside = Omit<PeopleInside, 'unaccounted'> & Partial<Pick<PeopleInside, 'unaccounted'>>;
type StatusWindow = NonNullable<Status['window']>;
/** Partners get days (`startsOn`, `endsOn`, in the window's zone) where the others get instants. */
export type SeenStatusWindow = Pick<StatusWindow, 'isCancelled' | 'outcome' | 'zone' | 'hasBothInstants'> &
  Partial<StatusWindow> & { readonly startsOn?: LocalDate | null; readonly endsOn?: LocalDate | null };
type ForTheTeam = 'consents' | 'segments' | 'holds' | 'openingRequests' | 'opening' | 'passability';
export type SeenStatus = Omit<Status, ForTheTeam | 'window' | 'limits' | 'peopleInside'> &
  Partial<Pick<Status, Exclude<ForTheTeam, 'openingRequests'>>> & {
    /** The digest is for who approves. */
    readonly openingRequests?: readonly SeenOpeningRequest[];
    readonly window: SeenStatusWindow | null;
    readonly limits: readonly SeenLimit[];
    readonly peopleInside: SeenPeopleInside | null;
  };

/**
 * The fact as the audience may see it, or null when it may not know of it at all. Knows no clock: what is released later is released
 * by a later fact. Pure: the same fact and audience give the same answer on every process and at every time.
 *
 * @param ownerOf lets a cell see closely what another organisation recorded about its corridors
 */
export function redact(event: LoggedEvent, audience: Audience, ownerOf: OwnerOf = NO_OWNERS): BoardEvent | null {
  const sight = sightOf(event, audience, ownerOf);
  const rules = EVENTS[event.body.type] as EventRules<DomainEvent>;
  const level = typeof rules.from === 'function' ? rules.from(event.body) : rules.from;
  if (!reaches(sight.view, level)) return null;
  const { type, ...body } = event.body;
  return {
    type,
    entity: event.entity,
    entityId: event.entityId,
    version: event.version,
    recordedAt: event.recordedAt,
    corridorIds: event.corridorIds.filter(sight.sees),
    actorId: reaches(sight.view, rules.actor) ? event.actorId : null,
    body: give<object>(rules.body, body, sight),
  } as BoardEvent;
}

/** A status as the audience may see it, for doors that serve rows instead of facts; null: not at all. */
export function statusAsSeen(status: Status, audience: Audience, corridor: Pick<Corridor, 'id' | 'organisationId'>): SeenStatus | null {
  const view = viewOfCorridor(audience, corridor);
  if (!reaches(view, 'partner')) return null;
  return giveStatus(status, { view, sees: (id) => id === corridor.id });
}

// ── How it is given ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Sight {
  readonly view: View;
  readonly sees: (corridorId: CorridorId) => boolean;
}
/** What has no members: a word, a number, or lists of them. */
type Plain = string | number | boolean | null | readonly Plain[];
/**
 * A level: as it is from there on. A function: what it makes of it; undefined withholds. A thing with members has a rule for each: a level
 * for the whole of it does not compile, since it would let through whatever is put inside later.
 */
type Give<Value, Whole> = ([Value] extends [Plain] ? Level : 'sealed') | ((value: Value, sight: Sight, whole: Whole) => unknown);
/** A rule for each member: one that is missing does not compile. */
type Rules<Whole> = { readonly [Key in keyof Whole]-?: Give<Exclude<Whole[Key], undefined>, Whole> };
interface EventRules<Body extends DomainEvent> {
  /** Who may know of it at all. */
  readonly from: Level | ((body: Body) => Level);
  readonly actor: Level;
  readonly body: Rules<Omit<Body, 'type'>>;
}
type EventTable = { readonly [Type in EventType]: EventRules<Extract<DomainEvent, { type: Type }>> };

function reaches(view: View, level: Level): boolean {
  return level !== 'sealed' && VIEWS.indexOf(view) >= VIEWS.indexOf(level);
}

function sightOf(event: LoggedEvent, audience: Audience, ownerOf: OwnerOf): Sight {
  const isOwn = audience.kind === 'cell' && event.organisationId === audience.organisationId;
  const viewOf = (id: CorridorId): View => viewOfCorridor(audience, { id, organisationId: ownerOf(id) });
  const view = isOwn ? 'cell' : event.corridorIds.map(viewOf).reduce<View>((best, next) => (reaches(next, best) ? next : best), 'public');
  return { view, sees: (id) => isOwn || viewOf(id) !== 'public' };
}

/** Default deny: a member without a rule (from a newer release) is for the cell. */
function give<Whole extends object>(rules: Rules<Whole>, whole: Whole, sight: Sight): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(whole) as [keyof Whole & string, unknown][]) {
    const rule = ((rules as Partial<Rules<Whole>>)[key] ?? 'cell') as Give<unknown, Whole>;
    const seen = typeof rule === 'function' ? rule(value, sight, whole) : reaches(sight.view, rule) ? value : undefined;
    if (seen !== undefined) given[key] = seen;
  }
  return given;
}

/** Members of a thing inside, from a view on; null stays null. */
function inside<Thing extends object>(from: Level, rules: Rules<Thing>): (thing: Thing | null, sight: Sight) => unknown {
  return (thing, sight) => (reaches(sight.view, from) ? thing && give(rules, thing, sight) : undefined);
}

/** Members of each thing in a list, from a view on. */
function each<Thing extends object>(from: Level, rules: Rules<Thing>): (things: readonly Thing[], sight: Sight) => unknown {
  return (things, sight) => (reaches(sight.view, from) ? things.map((thing) => give(rules, thing, sight)) : undefined);
}

/** Corridors that the audience may not see are no part of its lists. */
function corridorsFrom(from: Level): (ids: readonly CorridorId[], sight: Sight) => unknown {
  return (ids, sight) => (reaches(sight.view, from) ? ids.filter(sight.sees) : undefined);
}

const PARTNER_GRID_KM = 5;
const CORROBORATED_GRID_KM = 1;
const PUBLIC_GRID_KM = 50;

/** The grid's cell of a circle: its centre, and a radius that surely holds the true place without telling how well it is known. */
function coarse(
  place: { readonly position: Position; readonly precisionKm: number },
  gridKm: number,
): { position: Position; precisionKm: number } {
  return { position: gridCell(place.position, gridKm), precisionKm: Math.ceil((place.precisionKm + gridKm) / gridKm) * gridKm };
}

// ── The table: one rule a member, each from a row of domain 4.4 ("4.4 <row>") ─────────────────────────────────────────────────

/** Free text is only a reference in the log; who may know that it is there is still a question. */
function textFrom(from: Level): (text: TextRef | null, sight: Sight) => unknown {
  return inside<TextRef>(from, { textId: from, digest: from });
}

/** What may be in a place; how closely it is given is decided for the whole of it. */
const PLACE = { name: 'public', position: 'public', precisionKm: 'public' } as const satisfies Rules<Place>;

/** 4.4 "route geometry": partners get place names; the point of a named place lies on the 5 km grid, since it may be an assembly point. */
function giveNamedPlace(place: Place | null, sight: Sight): unknown {
  const { view } = sight;
  if (place === null) return null;
  if (reaches(view, 'field')) return give(PLACE, place, sight);
  return reaches(view, 'partner') ? { name: place.name, ...coarse(place, PARTNER_GRID_KM) } : undefined;
}

/**
 * 4.4 "attack reports unverified" and "corroborated": exact for the cell; for the team exact once corroborated, else its 5 km cell; for
 * partners 5 km, then 1 km. The public has no districts to name yet and gets a cell of 50 km. The place's name is as telling as the
 * point: it goes with the exact point only.
 */
function givePlaceOfAttack(place: Attack['place'], verification: Attack['verification'], sight: Sight): unknown {
  const { view } = sight;
  const isCorroborated = verification === 'corroborated' || verification === 'confirmed';
  if (place === null) return null;
  if (view === 'cell' || (view === 'field' && isCorroborated)) return give(PLACE, place, sight);
  if (view === 'public') return coarse(place, PUBLIC_GRID_KM);
  return coarse(place, view === 'partner' && isCorroborated ? CORROBORATED_GRID_KM : PARTNER_GRID_KM);
}

/** The place said again with a verification; the public knows it as it was reported, or not at all. */
function placeAs(verification: Attack['verification']): (place: Attack['place'], sight: Sight) => unknown {
  return (place, sight) => (sight.view === 'public' ? undefined : givePlaceOfAttack(place, verification, sight));
}

/** 4.4 "casualty disaggregation": partners get children only where they are at least five; the public gets no counts before a release of its own. */
const COUNT: Rules<Count> = { min: 'partner', max: 'partner' };
const giveCount = inside('partner', COUNT);
const giveLargeCount: typeof giveCount = (count, sight) =>
  reaches(sight.view, 'field') || isLarge(count) ? giveCount(count, sight) : undefined;
function isLarge(count: Count | null): boolean {
  return count !== null && count.min >= 5;
}
const CASUALTIES: Rules<Casualties> = {
  killed: giveCount,
  injured: giveCount,
  childrenKilled: giveLargeCount,
  childrenInjured: giveLargeCount,
  missing: giveCount,
  status: 'partner',
};
function giveCasualties(casualties: Casualties, sight: Sight): unknown {
  return reaches(sight.view, 'partner') ? give(CASUALTIES, casualties, sight) : undefined;
}

/** 4.4 "attack reports": which corridor is touched is the danger itself; where along it, is not for partners. */
const TOUCH: Rules<Touch> = { corridorId: 'partner', how: 'partner', segmentIds: 'field', distanceKm: 'cell' };
function giveTouch(touch: Touch, sight: Sight): unknown {
  return sight.sees(touch.corridorId) ? give(TOUCH, touch, sight) : undefined;
}
function giveTouches(touches: readonly Touch[], sight: Sight): unknown {
  return reaches(sight.view, 'partner') ? touches.flatMap((touch) => giveTouch(touch, sight) ?? []) : undefined;
}

const GRADE: Rules<Grade> = { reliability: 'field', credibility: 'field' };
/** 4.4 "attack reports": the members of a report, whichever fact says them. */
const REPORT = {
  // 4.4 "source identity": who reported, for which organisation, of which team, after whom: the verifier reads it with the report, never here.
  organisationId: 'sealed',
  teamOf: 'sealed',
  originGroups: 'sealed',
  externalId: 'cell',
  types: 'public',
  modes: 'partner',
  occurredAt: 'partner',
  occurredOn: 'partner',
  zone: 'public',
  receivedAt: 'public',
  countsFrom: 'partner',
  isFutureDated: 'partner',
  // A hospital in a cell of 5 km is an address: the kind of target goes with the exact place.
  targets: 'field',
  casualties: giveCasualties,
  isAuthenticated: 'field',
  provenance: 'public',
} as const satisfies Partial<Rules<TouchingAttack>>;
const TOUCHING: Rules<TouchingAttack> = {
  ...REPORT,
  place: (place, sight, { verification }) => givePlaceOfAttack(place, verification, sight),
  recordedAt: 'partner',
  grade: inside('field', GRADE),
  verification: 'partner',
  discount: 'partner',
  isRetracted: 'partner',
};

/** 4.4 "window times": no window says `partners_ok` yet, so partners get no claimed hours; the days stand in the status. */
const EDGE: Rules<{ readonly kind: Edge['kind']; readonly at?: Instant; readonly date?: LocalDate }> = {
  kind: 'field',
  at: 'field',
  date: 'field',
};
const CLAIM: Rules<Claim> = {
  id: 'field',
  about: 'field',
  edge: inside('field', EDGE),
  claimedBy: 'field',
  wording: textFrom('cell'),
};
const VIOLATION_CORRIDORS = corridorsFrom('partner');

/** 4.4 "people counts in transit / waiting": ranges for partners. */
const PEOPLE_BANDS = [50, 200, 1000] as const;
function bandOf(min: number, max: number | null): { readonly min: number; readonly max: number | null } {
  const floors = [0, ...PEOPLE_BANDS];
  return {
    min: Math.max(...floors.filter((floor) => floor <= min)),
    max: max === null ? null : (PEOPLE_BANDS.find((band) => max < band) ?? null),
  };
}
const PEOPLE: Rules<PeopleInside> = { min: 'field', max: 'field', asOf: 'field', unaccounted: 'field' };
function givePeopleInside(people: PeopleInside | null, sight: Sight): unknown {
  if (people === null) return null;
  if (reaches(sight.view, 'field')) return give(PEOPLE, people, sight);
  return { ...bandOf(people.min, people.max), asOf: people.asOf };
}

/**
 * 4.4 "corridor status": the word and its reasons go to partners; of a reason's inputs only those that neither place anything, nor tell
 * an hour of the window, nor repeat a party's word. The team gets an unverified attack within 5 km: what places it more closely, by its
 * name, its distance or how well it is known, is for the cell, and reaches the team with the attack itself once that is corroborated.
 */
const INPUTS: Rules<Reason['inputs']> = {
  agreeing: 'field',
  answeredAt: 'field',
  assessedAt: 'field',
  attackId: 'partner',
  basis: 'partner',
  by: 'field',
  cancelledAt: 'field',
  clearedBy: 'field',
  consent: 'field',
  country: 'partner',
  countsFrom: 'field',
  criterion: 'partner',
  distanceKm: 'cell',
  ends: 'field',
  endsAt: 'field',
  firstEndAt: 'field',
  grade: 'field',
  holdId: 'field',
  how: 'field',
  kind: 'partner',
  lastDepartureAt: 'field',
  lastEndAt: 'field',
  lifecycle: 'partner',
  limitId: 'partner',
  mode: 'partner',
  modes: 'partner',
  no: 'field',
  ordnance: 'field',
  parties: 'field',
  party: 'field',
  passageAt: 'field',
  peoplePerHour: 'partner',
  place: 'cell',
  precisionKm: 'cell',
  riskOwner: 'field',
  seenAt: 'field',
  segment: 'field',
  segments: 'field',
  setAt: 'field',
  setBy: 'field',
  since: 'field',
  staleFrom: 'field',
  stance: 'partner',
  starts: 'field',
  startsAt: 'field',
  subject: 'field',
  type: 'partner',
  until: 'field',
  value: 'field',
  watch: 'field',
  what: 'partner',
  why: 'partner',
  windowId: 'field',
  worseAt: 'field',
};
const REASON: Rules<Reason> = { code: 'partner', row: 'partner', liftedBy: 'partner', modes: 'partner', inputs: inside('partner', INPUTS) };
const giveReasons = each('partner', REASON);
const MODE: Rules<ModeStatus> = {
  mode: 'partner',
  display: 'partner',
  passability: 'partner',
  lastDepartureAt: 'partner',
  reasons: giveReasons,
};
const ATTEMPT: Rules<NonNullable<Status['attempt']>> = {
  no: 'partner',
  lifecycle: 'partner',
  windowId: 'partner',
  endReason: 'partner',
  startedAt: 'partner',
};

/** 4.4 "window times": date only for partners. */
const STATUS_WINDOW: Rules<StatusWindow> = {
  startClaims: 'field',
  endClaims: 'field',
  startsAt: 'field',
  lastEndAt: 'field',
  hasBothInstants: 'partner',
  basis: 'field',
  isCancelled: 'partner',
  outcome: 'partner',
  zone: 'partner',
};
function giveStatusWindow(window: StatusWindow | null, sight: Sight): unknown {
  if (window === null) return null;
  const given = give(STATUS_WINDOW, window, sight);
  if (reaches(sight.view, 'field')) return given;
  const dayOf = (at: Instant | null): LocalDate | null => (at === null ? null : wallClock(at, window.zone as Zone).date);
  return { ...given, startsOn: dayOf(window.startsAt), endsOn: dayOf(window.lastEndAt) };
}

type ByMode = Readonly<Partial<Record<Mode, Passability>>>;
const PASSABILITY_BY_MODE = Object.fromEntries(MODES.map((mode) => [mode, 'field'])) as Rules<ByMode>;
const ORDNANCE: Rules<Ordnance> = { status: 'field', assessedBy: 'field', assessedAt: 'field' };
/** 4.4 "route geometry": none for partners. Lines are exact or absent. */
const SEGMENT: Rules<Segment> = {
  id: 'field',
  no: 'field',
  name: 'field',
  line: 'field',
  widthM: 'field',
  watch: 'field',
  exposure: 'field',
  control: 'field',
  checkpoints: 'field',
  ordnance: inside('field', ORDNANCE),
};
const SEGMENT_STATUS: Rules<SegmentStatus> = {
  segmentId: 'field',
  no: 'field',
  name: 'field',
  watch: 'field',
  freshness: 'field',
  seenAt: 'field',
  ordnance: 'field',
  isInDanger: 'field',
};
/** 4.4 "negotiation notes/party contacts": a party's word is shown to the team with the status; who said it, and how, is not. */
const CONSENT: Rules<Status['consents'][number]> = { party: 'field', consent: 'field', since: 'field', hotlineAnsweredAt: 'field' };
const HOLD: Rules<Hold> = {
  id: 'field',
  reason: 'field',
  origin: 'field',
  modes: 'field',
  isStop: 'field',
  setBy: 'field',
  setAt: 'field',
  segmentIds: 'field',
  attackId: 'field',
  clearedBy: 'field',
  clearedAt: 'field',
  attemptNo: 'field',
};
const OVERRIDE: Rules<Override> = { what: 'field', subject: 'field', until: 'field' };
const OPENING: Rules<Opening> = {
  requestId: 'field',
  requestedBy: 'field',
  approvedBy: 'field',
  openedAt: 'field',
  isByVoice: 'field',
  countersignedAt: 'field',
  overrides: each('field', OVERRIDE),
};

/** "The limit in words" is part of the word LIMITED; its note is free text (R9). */
const LIMIT: Rules<Limit> = {
  id: 'partner',
  kind: 'partner',
  modes: 'partner',
  peoplePerHour: 'partner',
  until: 'partner',
  setAt: 'partner',
  note: textFrom('field'),
  setBy: 'field',
};
/** A pending request tells that an opening is being tried; the digest is for who approves. */
const REQUEST: Rules<Omit<OpeningRequest, 'boundContent'>> = {
  id: 'field',
  kind: 'field',
  limitId: 'field',
  overrides: each('field', OVERRIDE),
  isByVoice: 'field',
  requestedBy: 'field',
  requestedAt: 'field',
  requestedRealAt: 'field',
  boundDigest: 'cell',
};

/** 4.4 "corridor status danger/closed" and "open": exact for the team, at once; for partners the word, the day, the last departure. Nothing for the public. */
const STATUS: Rules<Status> = {
  corridorId: 'partner',
  display: 'partner',
  row: 'partner',
  reasons: giveReasons,
  beside: giveReasons,
  decidedAt: 'partner',
  validUntil: 'partner',
  stance: 'partner',
  attempt: inside('partner', ATTEMPT),
  window: giveStatusWindow,
  consents: each('field', CONSENT),
  lastDepartureAt: 'partner',
  segments: each('field', SEGMENT_STATUS),
  modes: each('partner', MODE),
  holds: each('field', HOLD),
  limits: each('partner', LIMIT),
  peopleInside: givePeopleInside,
  openingRequests: each('field', REQUEST),
  passability: inside('field', PASSABILITY_BY_MODE),
  opening: inside('field', OPENING),
  attackIds: 'partner',
};
function giveStatus(status: Status, sight: Sight): SeenStatus {
  return give(STATUS, status, sight) as unknown as SeenStatus;
}

/**
 * Free text is only a reference in the log; who may know that it is there is still a question (4.4 "negotiation notes", R9): reasons of
 * decisions and voices of parties are for the cell, notes on holds, limits and observations of its own corridor also for the team.
 */
const EVENTS: EventTable = {
  CorridorDeclared: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      organisationId: 'partner',
      code: 'partner',
      externalId: 'field',
      name: 'partner',
      direction: 'partner',
      purpose: 'partner',
      zone: 'partner',
      country: 'partner',
      destinationCountry: 'partner',
      destinationParty: 'field',
      origin: giveNamedPlace,
      destination: giveNamedPlace,
      via: each<Place>('field', PLACE),
      declaredBy: 'field',
      relevantParties: 'field',
      permittedModes: 'partner',
      geometryKind: 'partner',
      segments: each('field', SEGMENT),
      alternativeIds: corridorsFrom('field'),
      provenance: 'partner',
    },
  },
  RouteChanged: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', geometryKind: 'partner', segments: each('field', SEGMENT), permittedModes: 'partner' },
  },
  StanceProposed: {
    from: 'cell',
    actor: 'cell',
    body: { corridorId: 'cell', proposalId: 'cell', stance: 'cell', reason: textFrom('cell') },
  },
  StanceSet: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', proposalId: 'cell', stance: 'partner', proposedBy: 'cell' },
  },
  AttemptStarted: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', attemptNo: 'partner', windowId: 'partner', lifecycle: 'partner' },
  },
  WindowChosen: { from: 'partner', actor: 'field', body: { corridorId: 'partner', windowId: 'partner' } },
  LifecycleChanged: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      from: 'partner',
      to: 'partner',
      cause: 'field',
      endReason: 'partner',
      unaccounted: 'field',
      reason: textFrom('cell'),
    },
  },
  // R1: that there is danger is never withheld; on which segment, is for the team.
  CorridorStopped: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      holdId: 'partner',
      reason: 'partner',
      modes: 'partner',
      segmentIds: 'field',
      lifecycle: 'partner',
      note: textFrom('field'),
    },
  },
  HoldSet: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      holdId: 'partner',
      reason: 'partner',
      origin: 'partner',
      modes: 'partner',
      segmentIds: 'field',
      attackId: 'partner',
      note: textFrom('field'),
    },
  },
  HoldCleared: { from: 'field', actor: 'field', body: { corridorId: 'field', holdId: 'field', note: textFrom('field') } },
  HoldLifted: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', holdId: 'partner', because: 'field', reason: textFrom('cell') },
  },
  LimitSet: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      limitId: 'partner',
      kind: 'partner',
      modes: 'partner',
      peoplePerHour: 'partner',
      until: 'partner',
      note: textFrom('field'),
    },
  },
  CriterionAssessed: {
    from: 'field',
    actor: 'field',
    body: { corridorId: 'field', criterion: 'field', value: 'field', validUntil: 'field', note: textFrom('cell') },
  },
  WaiverProposed: {
    from: 'cell',
    actor: 'cell',
    body: { corridorId: 'cell', waiverId: 'cell', criterion: 'cell', until: 'cell', mitigation: textFrom('cell') },
  },
  WaiverGranted: {
    from: 'field',
    actor: 'field',
    body: { corridorId: 'field', waiverId: 'cell', criterion: 'field', until: 'field', proposedBy: 'field' },
  },
  OpeningRequested: {
    from: 'field',
    actor: 'field',
    body: {
      corridorId: 'field',
      requestId: 'field',
      kind: 'field',
      limitId: 'field',
      overrides: each('field', OVERRIDE),
      isByVoice: 'field',
      requestedRealAt: 'field',
      boundDigest: 'cell',
      // The whole of what decides: who approves reads it with the dossier, not from a stream.
      boundContent: 'sealed',
      reason: textFrom('cell'),
    },
  },
  OpeningRejected: { from: 'field', actor: 'field', body: { corridorId: 'field', requestId: 'field', reason: textFrom('cell') } },
  CorridorOpened: {
    from: 'partner',
    actor: 'field',
    body: {
      corridorId: 'partner',
      requestId: 'field',
      requestedBy: 'field',
      approvedBy: 'field',
      isByVoice: 'partner',
      overrides: each('field', OVERRIDE),
    },
  },
  OpeningCountersigned: { from: 'field', actor: 'field', body: { corridorId: 'field', requestId: 'field' } },
  LimitRemoved: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', limitId: 'partner', requestId: 'field', requestedBy: 'field', approvedBy: 'field' },
  },
  TransitTimeSet: { from: 'field', actor: 'field', body: { corridorId: 'field', mode: 'field', slowMinutes: 'field', basis: 'field' } },
  LightAndCurfewSet: {
    from: 'field',
    actor: 'field',
    body: { corridorId: 'field', lastLightAt: 'field', curfewFrom: 'field', curfewTo: 'field' },
  },
  // 4.4 "people counts": the exact figure is the team's; partners read the range in the status.
  PeopleInsideReported: { from: 'field', actor: 'field', body: { corridorId: 'field', min: 'field', max: 'field', unaccounted: 'field' } },
  // Public hazards come from ordnance too (4.4 "danger/closed/avoid"), but this fact has no place of its own to name: the public door will release one.
  OrdnanceAssessed: {
    from: 'partner',
    actor: 'field',
    body: { corridorId: 'partner', segmentId: 'field', status: 'partner', cause: 'field' },
  },

  WindowAnnounced: {
    from: 'partner',
    actor: 'field',
    body: {
      windowId: 'partner',
      organisationId: 'field',
      externalId: 'field',
      kind: 'partner',
      corridorIds: corridorsFrom('partner'),
      zone: 'partner',
      announcedBy: 'field',
      basis: 'field',
      claims: each('field', CLAIM),
      provenance: 'partner',
    },
  },
  ClaimMade: { from: 'field', actor: 'field', body: { windowId: 'field', claim: inside('field', CLAIM) } },
  // 4.4 "negotiation notes/party contacts": the word is shown to the team with the status; the voice is not.
  ConsentRecorded: { from: 'field', actor: 'cell', body: { windowId: 'field', party: 'field', consent: 'field', voice: textFrom('cell') } },
  HotlineAnswered: { from: 'field', actor: 'cell', body: { windowId: 'field', party: 'field' } },
  BasisSet: { from: 'field', actor: 'field', body: { windowId: 'field', basis: 'field' } },
  WindowExtended: {
    from: 'field',
    actor: 'field',
    body: { windowId: 'field', claim: inside('field', CLAIM), approvedBy: 'field', reason: textFrom('cell') },
  },
  WindowShortened: { from: 'field', actor: 'field', body: { windowId: 'field', claim: inside('field', CLAIM), reason: textFrom('cell') } },
  WindowCancelled: { from: 'partner', actor: 'field', body: { windowId: 'partner', reason: textFrom('cell') } },
  ViolationRecorded: {
    from: 'partner',
    actor: 'field',
    body: {
      windowId: 'partner',
      violationId: 'partner',
      kind: 'partner',
      hitCorridorIds: VIOLATION_CORRIDORS,
      attackId: 'partner',
      note: textFrom('cell'),
    },
  },
  OutcomeRecorded: {
    from: 'partner',
    actor: 'field',
    body: { windowId: 'partner', outcome: 'partner', violationKind: 'partner', detail: textFrom('cell') },
  },

  AttackReported: {
    // 4.4 "danger/closed/avoid", public: at once only if the sender is signed in; a later release is a fact of its own.
    from: (body) => (body.isAuthenticated ? 'public' : 'partner'),
    actor: 'sealed',
    body: {
      ...REPORT,
      attackId: 'public',
      place: (place, sight) => givePlaceOfAttack(place, 'received', sight),
      touches: giveTouches,
      note: textFrom('cell'),
    },
  },
  AttackGraded: {
    from: 'partner',
    actor: 'cell',
    body: {
      attackId: 'partner',
      grade: inside('field', GRADE),
      verification: 'partner',
      place: (place, sight, { verification }) => givePlaceOfAttack(place, verification, sight),
      note: textFrom('cell'),
    },
  },
  AttackCorroborated: { from: 'field', actor: 'sealed', body: { attackId: 'field', originGroup: 'sealed', note: textFrom('cell') } },
  // A first coordinator's opinion, which changes no word yet.
  AttackDiscountProposed: {
    from: 'cell',
    actor: 'cell',
    body: { attackId: 'cell', effect: 'cell', corridorIds: corridorsFrom('cell'), reason: textFrom('cell') },
  },
  // Withdrawal reaches everybody who may have seen the report.
  AttackDiscounted: {
    from: 'public',
    actor: 'field',
    body: {
      attackId: 'public',
      effect: 'partner',
      corridorIds: corridorsFrom('partner'),
      isEverywhere: 'public',
      place: placeAs('discounted'),
      reason: textFrom('cell'),
    },
  },
  AttackRetracted: { from: 'public', actor: 'sealed', body: { attackId: 'public', place: placeAs('withdrawn'), reason: textFrom('cell') } },
  AttackCountsRevised: {
    from: 'partner',
    actor: 'cell',
    body: { attackId: 'partner', casualties: giveCasualties, note: textFrom('cell') },
  },
  AttackTouched: { from: 'partner', actor: 'field', body: { attackId: 'partner', touch: giveTouch, attack: inside('partner', TOUCHING) } },

  ObservationRecorded: {
    from: 'field',
    actor: 'sealed',
    body: {
      observationId: 'field',
      organisationId: 'sealed',
      corridorId: 'field',
      segmentId: 'field',
      seen: 'field',
      condition: 'field',
      passability: inside('field', PASSABILITY_BY_MODE),
      roadLookedAt: 'field',
      observedAt: 'field',
      enteredAt: 'field',
      sentAt: 'field',
      receivedAt: 'field',
      isFutureDated: 'field',
      isTrusted: 'field',
      provenance: 'field',
      note: textFrom('field'),
    },
  },

  CorridorStatusChanged: { from: 'partner', actor: 'sealed', body: { corridorId: 'partner', status: giveStatus } },
};
