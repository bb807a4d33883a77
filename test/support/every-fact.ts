import type { TouchingAttack } from '../../src/domain/attack.js';
import type { Segment } from '../../src/domain/corridor.js';
import { entityOf, type DomainEvent, type EventType, type LoggedEvent, type TextRef } from '../../src/domain/event.js';
import type {
  AttackId,
  CommandId,
  CorridorCode,
  CorridorId,
  HoldId,
  LimitId,
  ObservationId,
  OpeningRequestId,
  OrganisationId,
  PersonId,
  SegmentId,
  TextId,
  WindowId,
} from '../../src/domain/ids.js';
import type { Instant } from '../../src/domain/instant.js';
import type { Reason, Status } from '../../src/domain/status.js';
import type { Claim } from '../../src/domain/window.js';
import type { LocalDate, Zone } from '../../src/domain/zone.js';

export const OURS = 'our organisation' as OrganisationId;
export const THEIRS = 'their organisation' as OrganisationId;
export const CORRIDOR = 'the corridor' as CorridorId;
export const OTHER_CORRIDOR = 'a corridor of others' as CorridorId;
export const SEGMENT = 'the segment' as SegmentId;
export const WINDOW = 'the window' as WindowId;
export const ATTACK = 'the attack' as AttackId;
export const SOMEBODY = 'CANARY person' as PersonId;
export const NOON = '2022-03-09T12:00:00.000Z' as Instant;

/** Where the attack was, to the metre. */
export const IMPACT: readonly [number, number] = [36.12345, 49.98765];
const LINE: Segment['line'] = [
  [34.65432, 47.51234],
  [34.91234, 47.65432],
];
const TEXT: TextRef = { textId: 'CANARY text' as TextId, digest: 'CANARY digest' };
const TEXT_OF_CELL: TextRef = { textId: 'CANARY CELL text' as TextId, digest: 'CANARY CELL digest' };

export const segment: Segment = {
  id: SEGMENT,
  no: 1,
  name: 'CANARY bridge',
  line: LINE,
  widthM: 50,
  watch: 'manned_post',
  exposure: 'quiet',
  control: 'CANARY controlling party',
  checkpoints: 2,
  ordnance: { status: 'cleared', assessedBy: SOMEBODY, assessedAt: NOON },
};

const claim: Claim = {
  id: 'a claim' as CommandId,
  about: 'end',
  edge: { kind: 'instant', at: '2022-03-09T19:00:00.000Z' as Instant },
  claimedBy: 'CANARY claimant',
  wording: TEXT_OF_CELL,
};

const reason: Reason = {
  code: 'hold',
  row: 5,
  liftedBy: 'lift_hold',
  modes: null,
  inputs: {
    why: 'shelling',
    segment: 'CANARY bridge',
    party: 'CANARY party',
    startsAt: 'CANARY hour',
    setBy: 'CANARY person',
    place: 'CANARY CELL school',
    distanceKm: 0.42,
    precisionKm: 0.17,
  },
};

export const status: Status = {
  corridorId: CORRIDOR,
  display: 'hold',
  row: 5,
  reasons: [reason],
  beside: [reason],
  decidedAt: NOON,
  validUntil: '2022-03-09T13:00:00.000Z' as Instant,
  stance: 'supported',
  attempt: { no: 1, lifecycle: 'open', windowId: WINDOW, endReason: null, startedAt: NOON },
  window: {
    startClaims: ['2022-03-09T07:01:00.000Z' as Instant],
    endClaims: ['2022-03-09T19:01:00.000Z' as Instant],
    startsAt: '2022-03-09T07:01:00.000Z' as Instant,
    lastEndAt: '2022-03-09T22:30:00.000Z' as Instant,
    hasBothInstants: true,
    basis: 'all_party',
    isCancelled: false,
    outcome: null,
    zone: 'Europe/Kyiv',
  },
  consents: [{ party: 'CANARY party', consent: 'green_light', since: NOON, hotlineAnsweredAt: NOON }],
  lastDepartureAt: '2022-03-09T16:00:00.000Z' as Instant,
  segments: [
    {
      segmentId: SEGMENT,
      no: 1,
      name: 'CANARY bridge',
      watch: 'manned_post',
      freshness: 'live',
      seenAt: NOON,
      ordnance: 'cleared',
      isInDanger: false,
    },
  ],
  modes: [{ mode: 'bus', display: 'hold', passability: 'passable', lastDepartureAt: NOON, reasons: [reason] }],
  passability: { bus: 'passable' },
  holds: [
    {
      id: 'a hold' as HoldId,
      reason: 'shelling',
      origin: 'person',
      modes: null,
      isStop: false,
      setBy: SOMEBODY,
      setAt: NOON,
      segmentIds: [SEGMENT],
      attackId: null,
      clearedBy: null,
      clearedAt: null,
      attemptNo: 1,
    },
  ],
  limits: [
    {
      id: 'a limit' as LimitId,
      kind: 'escorted_only',
      modes: null,
      peoplePerHour: null,
      until: NOON,
      note: TEXT,
      setBy: SOMEBODY,
      setAt: NOON,
    },
  ],
  peopleInside: { min: 73, max: 111, asOf: NOON, unaccounted: 4 },
  openingRequests: [
    {
      id: 'a request' as OpeningRequestId,
      kind: 'open',
      limitId: null,
      overrides: [],
      isByVoice: false,
      requestedBy: SOMEBODY,
      requestedAt: NOON,
      requestedRealAt: NOON,
      boundDigest: 'CANARY CELL digest',
    },
  ],
  opening: {
    requestId: 'a request' as OpeningRequestId,
    requestedBy: SOMEBODY,
    approvedBy: SOMEBODY,
    openedAt: NOON,
    isByVoice: false,
    countersignedAt: null,
    overrides: [],
  },
  attackIds: [ATTACK],
};

export const attack: TouchingAttack = {
  organisationId: THEIRS,
  externalId: 'CANARY CELL record',
  types: ['shelling_artillery_mortar'],
  modes: null,
  place: { name: 'CANARY school', position: IMPACT, precisionKm: 0.1 },
  occurredAt: NOON,
  occurredOn: '2022-03-09' as LocalDate,
  zone: 'Europe/Kyiv' as Zone,
  receivedAt: NOON,
  recordedAt: NOON,
  countsFrom: NOON,
  isFutureDated: false,
  targets: ['medical_facility'],
  casualties: {
    killed: { min: 8, max: null },
    injured: { min: 20, max: 25 },
    childrenKilled: { min: 2, max: 2 },
    childrenInjured: { min: 6, max: 6 },
    missing: null,
    status: 'civilian',
  },
  isAuthenticated: true,
  teamOf: [CORRIDOR],
  originGroups: ['CANARY origin'],
  grade: { reliability: 'B', credibility: '2' },
  verification: 'received',
  discount: null,
  isRetracted: false,
  provenance: 'reported',
};
const {
  recordedAt: _recordedAt,
  grade: _grade,
  verification: _verification,
  discount: _discount,
  isRetracted: _isRetracted,
  ...report
} = attack;
const touch = { corridorId: CORRIDOR, how: 'stop', segmentIds: [SEGMENT], distanceKm: 0.42 } as const;
const place = { name: 'Enerhodar', position: [34.65432, 47.51234], precisionKm: 1 } as const;

type Bodies = { readonly [Type in EventType]: Omit<Extract<DomainEvent, { type: Type }>, 'type'> };

/** One fact of every type, every member filled; what only some may see says CANARY or is a number found nowhere else; CANARY CELL is for the cell. */
export const EVERY_FACT: Bodies = {
  CorridorDeclared: {
    corridorId: CORRIDOR,
    organisationId: OURS,
    code: 'A1' as CorridorCode,
    externalId: 'CANARY record',
    name: 'Enerhodar – Zaporizhzhia',
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv' as Zone,
    country: 'UA',
    destinationCountry: 'UA',
    destinationParty: 'CANARY party',
    origin: place,
    destination: { ...place, name: 'Zaporizhzhia' },
    via: [{ ...place, name: 'CANARY crossroads' }],
    declaredBy: ['CANARY ministry'],
    relevantParties: ['CANARY party'],
    permittedModes: ['bus'],
    geometryKind: 'traced',
    segments: [segment],
    alternativeIds: [OTHER_CORRIDOR],
    provenance: 'reported',
  },
  RouteChanged: { corridorId: CORRIDOR, geometryKind: 'traced', segments: [segment], permittedModes: ['bus'] },
  StanceProposed: { corridorId: CORRIDOR, proposalId: 'a proposal' as CommandId, stance: 'supported', reason: TEXT_OF_CELL },
  StanceSet: {
    corridorId: CORRIDOR,
    proposalId: 'CANARY CELL proposal' as CommandId,
    stance: 'supported',
    proposedBy: 'CANARY CELL person' as PersonId,
  },
  AttemptStarted: { corridorId: CORRIDOR, attemptNo: 1, windowId: WINDOW, lifecycle: 'under_negotiation' },
  WindowChosen: { corridorId: CORRIDOR, windowId: WINDOW },
  LifecycleChanged: {
    corridorId: CORRIDOR,
    from: 'open',
    to: 'suspended',
    cause: 'E2',
    endReason: null,
    unaccounted: 4,
    reason: TEXT_OF_CELL,
  },
  CorridorStopped: {
    corridorId: CORRIDOR,
    holdId: 'a hold' as HoldId,
    reason: 'shelling',
    modes: null,
    segmentIds: [SEGMENT],
    lifecycle: 'suspended',
    note: TEXT,
  },
  HoldSet: {
    corridorId: CORRIDOR,
    holdId: 'a hold' as HoldId,
    reason: 'shelling',
    origin: 'person',
    modes: null,
    segmentIds: [SEGMENT],
    attackId: ATTACK,
    note: TEXT,
  },
  HoldCleared: { corridorId: CORRIDOR, holdId: 'a hold' as HoldId, note: TEXT },
  HoldLifted: { corridorId: CORRIDOR, holdId: 'a hold' as HoldId, because: 'decision', reason: TEXT_OF_CELL },
  LimitSet: {
    corridorId: CORRIDOR,
    limitId: 'a limit' as LimitId,
    kind: 'escorted_only',
    modes: null,
    peoplePerHour: null,
    until: null,
    note: TEXT,
  },
  CriterionAssessed: { corridorId: CORRIDOR, criterion: 'medical', value: 'met', validUntil: NOON, note: TEXT_OF_CELL },
  WaiverProposed: {
    corridorId: CORRIDOR,
    waiverId: 'CANARY CELL waiver' as CommandId,
    criterion: 'medical',
    until: NOON,
    mitigation: TEXT_OF_CELL,
  },
  WaiverGranted: {
    corridorId: CORRIDOR,
    waiverId: 'CANARY CELL waiver' as CommandId,
    criterion: 'medical',
    until: NOON,
    proposedBy: SOMEBODY,
  },
  OpeningRequested: {
    corridorId: CORRIDOR,
    requestId: 'a request' as OpeningRequestId,
    kind: 'open',
    limitId: null,
    overrides: [],
    isByVoice: false,
    requestedRealAt: NOON,
    boundDigest: 'CANARY CELL digest',
    boundContent: { everything: 'SEALED content' },
    reason: TEXT_OF_CELL,
  },
  OpeningRejected: { corridorId: CORRIDOR, requestId: 'a request' as OpeningRequestId, reason: TEXT_OF_CELL },
  CorridorOpened: {
    corridorId: CORRIDOR,
    requestId: 'a request' as OpeningRequestId,
    requestedBy: SOMEBODY,
    approvedBy: SOMEBODY,
    isByVoice: false,
    overrides: [],
  },
  OpeningCountersigned: { corridorId: CORRIDOR, requestId: 'a request' as OpeningRequestId },
  LimitRemoved: {
    corridorId: CORRIDOR,
    limitId: 'a limit' as LimitId,
    requestId: 'a request' as OpeningRequestId,
    requestedBy: SOMEBODY,
    approvedBy: SOMEBODY,
  },
  TransitTimeSet: { corridorId: CORRIDOR, mode: 'bus', slowMinutes: 200, basis: 'measured' },
  LightAndCurfewSet: { corridorId: CORRIDOR, lastLightAt: NOON, curfewFrom: NOON, curfewTo: null },
  PeopleInsideReported: { corridorId: CORRIDOR, min: 73, max: 111, unaccounted: 4 },
  OrdnanceAssessed: { corridorId: CORRIDOR, segmentId: SEGMENT, status: 'suspected', cause: 'E3' },
  WindowAnnounced: {
    windowId: WINDOW,
    organisationId: OURS,
    externalId: 'CANARY record',
    kind: 'daily_corridor',
    corridorIds: [CORRIDOR, OTHER_CORRIDOR],
    zone: 'Europe/Kyiv' as Zone,
    announcedBy: ['CANARY ministry'],
    basis: 'all_party',
    claims: [claim],
    provenance: 'reported',
  },
  ClaimMade: { windowId: WINDOW, claim },
  ConsentRecorded: { windowId: WINDOW, party: 'CANARY party', consent: 'green_light', voice: TEXT_OF_CELL },
  HotlineAnswered: { windowId: WINDOW, party: 'CANARY party' },
  BasisSet: { windowId: WINDOW, basis: 'separate_assurances' },
  WindowExtended: { windowId: WINDOW, claim, approvedBy: SOMEBODY, reason: TEXT_OF_CELL },
  WindowShortened: { windowId: WINDOW, claim, reason: TEXT_OF_CELL },
  WindowCancelled: { windowId: WINDOW, reason: TEXT_OF_CELL },
  ViolationRecorded: {
    windowId: WINDOW,
    violationId: 'a violation' as CommandId,
    kind: 'fire_indirect',
    hitCorridorIds: [CORRIDOR, OTHER_CORRIDOR],
    attackId: ATTACK,
    note: TEXT_OF_CELL,
  },
  OutcomeRecorded: { windowId: WINDOW, outcome: 'violated', violationKind: 'fire', detail: TEXT_OF_CELL },
  AttackReported: { ...report, attackId: ATTACK, touches: [touch, { ...touch, corridorId: OTHER_CORRIDOR }], note: TEXT_OF_CELL },
  AttackGraded: { attackId: ATTACK, grade: attack.grade, verification: 'corroborated', place: attack.place, note: TEXT_OF_CELL },
  AttackCorroborated: { attackId: ATTACK, originGroup: 'SEALED origin', note: TEXT_OF_CELL },
  AttackDiscountProposed: { attackId: ATTACK, effect: 'no_effect', corridorIds: [CORRIDOR], reason: TEXT_OF_CELL },
  AttackDiscounted: {
    attackId: ATTACK,
    effect: 'no_effect',
    corridorIds: [CORRIDOR],
    isEverywhere: true,
    place: attack.place,
    reason: TEXT_OF_CELL,
  },
  AttackRetracted: { attackId: ATTACK, place: attack.place, reason: TEXT_OF_CELL },
  AttackCountsRevised: { attackId: ATTACK, casualties: attack.casualties, note: TEXT_OF_CELL },
  AttackTouched: { attackId: ATTACK, touch, attack },
  ObservationRecorded: {
    observationId: 'an observation' as ObservationId,
    organisationId: OURS,
    corridorId: CORRIDOR,
    segmentId: SEGMENT,
    seen: 'passage',
    condition: 'quiet',
    passability: { bus: 'passable' },
    roadLookedAt: true,
    observedAt: NOON,
    enteredAt: NOON,
    sentAt: NOON,
    receivedAt: NOON,
    isFutureDated: false,
    isTrusted: true,
    provenance: 'reported',
    note: TEXT,
  },
  CorridorStatusChanged: { corridorId: CORRIDOR, status },
};

export const EVENT_TYPES = Object.keys(EVERY_FACT) as readonly EventType[];

/** The fact as it lies in the log. */
export function logged(body: DomainEvent, changes: Partial<LoggedEvent> = {}): LoggedEvent {
  return {
    ...entityOf(body),
    body,
    seq: 1,
    version: 1,
    recordedAt: NOON,
    actorId: SOMEBODY,
    organisationId: body.type.startsWith('Attack') ? THEIRS : OURS,
    corridorIds: [CORRIDOR],
    commandId: null,
    ...changes,
  };
}

/** The one of every type, as it lies in the log. */
export function loggedOf(type: EventType): LoggedEvent {
  return logged({ type, ...EVERY_FACT[type] } as DomainEvent);
}
