import { v5 } from 'uuid';
import type { Lifecycle, Mode, Segment } from '../../src/domain/corridor.js';
import { ASSESSED_CRITERIA } from '../../src/domain/criterion.js';
import type { DomainEvent } from '../../src/domain/event.js';
import type {
  AttackId,
  CommandId,
  CorridorCode,
  CorridorId,
  HoldId,
  ObservationId,
  OpeningRequestId,
  OrganisationId,
  PersonId,
  SegmentId,
  TextId,
  WindowId,
} from '../../src/domain/ids.js';
import { parseInstant, type Instant } from '../../src/domain/instant.js';
import type { Actor, Role } from '../../src/domain/permission.js';
import type { Claim } from '../../src/domain/window.js';
import type { Zone } from '../../src/domain/zone.js';
import type { Fact } from './given.js';

const NAMES = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

/** The same name is the same id, in every test and run. */
export function id<Id extends string>(name: string): Id {
  return v5(name, NAMES) as Id;
}

/** A time of 9 March 2022, UTC, the day of all these facts unless they say another: `at('09:05')`. */
export function at(time: string, day = '2022-03-09'): Instant {
  const instant = parseInstant(`${day}T${time}Z`);
  if (instant === null) throw new RangeError(`${time} is no time`);
  return instant;
}

export const ORGANISATION = id<OrganisationId>('a relief organisation');
export const K7 = id<CorridorId>('corridor K7');
export const NORTH = id<SegmentId>('north of the river');
export const SOUTH = id<SegmentId>('south of the river');
export const WINDOW = id<WindowId>('window of 9 March');
export const TEXT = { textId: id<TextId>('a text'), digest: 'digest' };

export function actor(name: string, role: Role): Actor {
  return { id: id<PersonId>(name), organisationId: ORGANISATION, role, corridorIds: role.startsWith('field') ? [K7] : [] };
}
export const FIRST = actor('first coordinator', 'coordinator');
export const SECOND = actor('second coordinator', 'coordinator');
export const FIELD_LEAD = actor('field lead', 'field_lead');

export function command(name: string): CommandId {
  return id<CommandId>(`command ${name}`);
}

type Type = DomainEvent['type'];
type Body<T extends Type> = Extract<DomainEvent, { readonly type: T }>;

/** A fact with all its fields. */
export function fact<T extends Type>(type: T, when: Instant, fields: Omit<Body<T>, 'type'>, by: Actor | null = FIRST): Fact<Body<T>> {
  return { body: { type, ...fields } as unknown as Body<T>, at: when, actorId: by?.id ?? null };
}

export function segment(changes: Partial<Segment> = {}): Segment {
  return {
    id: NORTH,
    no: 1,
    name: 'north of the river',
    line: [
      [34.65, 47.5],
      [34.9, 47.65],
    ],
    widthM: 50,
    watch: 'manned_post',
    exposure: 'quiet',
    control: 'ukraine',
    checkpoints: 1,
    ordnance: { status: 'cleared', assessedBy: null, assessedAt: null },
    ...changes,
  };
}

const SEGMENTS: readonly Segment[] = [
  segment(),
  segment({
    id: SOUTH,
    no: 2,
    name: 'south of the river',
    line: [
      [34.9, 47.65],
      [35.14, 47.84],
    ],
    control: 'russia',
  }),
];

export function corridorDeclared(changes: Partial<Body<'CorridorDeclared'>> = {}, when = at('05:00')): Fact {
  return fact('CorridorDeclared', when, {
    corridorId: K7,
    organisationId: ORGANISATION,
    code: 'K7' as CorridorCode,
    externalId: null,
    name: 'Enerhodar – Zaporizhzhia',
    direction: 'out',
    purpose: 'evacuation_out',
    zone: 'Europe/Kyiv' as Zone,
    country: 'UA',
    destinationCountry: null,
    destinationParty: null,
    origin: { name: 'Enerhodar', position: [34.65, 47.5], precisionKm: 1 },
    destination: { name: 'Zaporizhzhia', position: [35.14, 47.84], precisionKm: 1 },
    via: [],
    declaredBy: ['Ministry of Reintegration'],
    relevantParties: ['ukraine', 'russia'],
    permittedModes: ['bus', 'car'],
    geometryKind: 'traced',
    segments: SEGMENTS,
    alternativeIds: [],
    provenance: 'reported',
    ...changes,
  });
}

export function claim(about: Claim['about'], edge: Claim['edge'], claimedBy = 'ukraine'): Claim {
  return { id: command(`${claimedBy} on the ${about}`), about, edge, claimedBy, wording: null };
}

/** 07:00 to 19:00, as both sides say. */
export function windowAnnounced(changes: Partial<Body<'WindowAnnounced'>> = {}, when = at('05:10')): Fact {
  return fact('WindowAnnounced', when, {
    windowId: WINDOW,
    organisationId: ORGANISATION,
    externalId: null,
    kind: 'daily_corridor',
    corridorIds: [K7],
    zone: 'Europe/Kyiv' as Zone,
    announcedBy: ['ukraine', 'russia'],
    basis: 'all_party',
    claims: [claim('start', { kind: 'instant', at: at('07:00') }), claim('end', { kind: 'instant', at: at('19:00') })],
    provenance: 'reported',
    ...changes,
  });
}

export function lifecycleChanged(from: Lifecycle, to: Lifecycle, when: Instant): Fact {
  return fact('LifecycleChanged', when, { corridorId: K7, from, to, cause: 'decision', endReason: null, unaccounted: 0, reason: null });
}

export function consentRecorded(party: string, consent: Body<'ConsentRecorded'>['consent'], when: Instant): Fact {
  return fact('ConsentRecorded', when, { windowId: WINDOW, party, consent, voice: null });
}

export function hotlineAnswered(party: string, when: Instant): Fact {
  return fact('HotlineAnswered', when, { windowId: WINDOW, party });
}

/** A trusted "quiet" from the post on the segment, received when it was seen. */
export function observed(segmentId: SegmentId, when: Instant, changes: Partial<Body<'ObservationRecorded'>> = {}): Fact {
  const observationId = id<ObservationId>(`observation of ${segmentId} at ${when} ${JSON.stringify(changes)}`);
  return fact(
    'ObservationRecorded',
    when,
    {
      observationId,
      organisationId: ORGANISATION,
      corridorId: K7,
      segmentId,
      seen: 'manned_post',
      condition: 'quiet',
      passability: {},
      roadLookedAt: false,
      observedAt: when,
      enteredAt: null,
      sentAt: null,
      receivedAt: when,
      isFutureDated: false,
      isTrusted: true,
      provenance: 'reported',
      note: null,
      ...changes,
    },
    FIELD_LEAD,
  );
}

/** Fire on the northern segment, reported by a signed-in sender the moment it fell. */
export function attackReported(name: string, when: Instant, changes: Partial<Body<'AttackReported'>> = {}): Fact {
  return fact(
    'AttackReported',
    when,
    {
      attackId: id<AttackId>(name),
      organisationId: ORGANISATION,
      externalId: null,
      types: ['shelling_artillery_mortar'],
      modes: null,
      place: { name: null, position: [34.7, 47.53], precisionKm: 0.5 },
      occurredAt: when,
      occurredOn: null,
      zone: 'Europe/Kyiv' as Zone,
      receivedAt: when,
      countsFrom: when,
      isFutureDated: false,
      targets: [],
      casualties: { killed: null, injured: null, childrenKilled: null, childrenInjured: null, missing: null, status: 'unknown' },
      touches: [{ corridorId: K7, how: 'stop', segmentIds: [NORTH], distanceKm: 0.4 }],
      isAuthenticated: true,
      teamOf: [K7],
      originGroups: [name],
      provenance: 'reported',
      note: null,
      ...changes,
    },
    FIELD_LEAD,
  );
}

export function corridorStopped(name: string, when: Instant, changes: Partial<Body<'CorridorStopped'>> = {}): Fact {
  return fact(
    'CorridorStopped',
    when,
    {
      corridorId: K7,
      holdId: id<HoldId>(name),
      reason: 'shelling',
      modes: null,
      segmentIds: [],
      lifecycle: 'suspended',
      note: null,
      ...changes,
    },
    FIELD_LEAD,
  );
}

export function holdSet(name: string, when: Instant, changes: Partial<Body<'HoldSet'>> = {}): Fact {
  return fact(
    'HoldSet',
    when,
    {
      corridorId: K7,
      holdId: id<HoldId>(name),
      reason: 'crowd',
      origin: 'person',
      modes: null,
      segmentIds: [],
      attackId: null,
      note: null,
      ...changes,
    },
    FIELD_LEAD,
  );
}

/** Declared, supported, its attempt proposed for the window. */
export function proposedCorridor(changes: Partial<Body<'CorridorDeclared'>> = {}): readonly Fact[] {
  return [
    corridorDeclared(changes),
    fact('StanceSet', at('05:05'), { corridorId: K7, proposalId: command('stance'), stance: 'supported', proposedBy: FIRST.id }, SECOND),
    windowAnnounced(),
    fact('AttemptStarted', at('05:20'), { corridorId: K7, attemptNo: 1, windowId: WINDOW, lifecycle: 'proposed' }),
  ];
}

/** Both sides agreed to the terms, everything was checked, the hours are set; nobody has opened it. */
export function scheduledCorridor(changes: Partial<Body<'CorridorDeclared'>> = {}): readonly Fact[] {
  const modes = changes.permittedModes ?? (['bus', 'car'] satisfies Mode[]);
  return [
    ...proposedCorridor(changes),
    lifecycleChanged('proposed', 'under_negotiation', at('05:30')),
    consentRecorded('ukraine', 'terms_confirmed', at('05:40')),
    consentRecorded('russia', 'terms_confirmed', at('05:40')),
    lifecycleChanged('under_negotiation', 'agreed', at('05:45')),
    lifecycleChanged('agreed', 'scheduled', at('05:50')),
    ...modes.map((mode) => fact('TransitTimeSet', at('06:35'), { corridorId: K7, mode, slowMinutes: 60, basis: 'measured' })),
    ...ASSESSED_CRITERIA.map((criterion) =>
      fact('CriterionAssessed', at('06:40'), { corridorId: K7, criterion, value: 'met', validUntil: at('19:00'), note: null }),
    ),
    consentRecorded('ukraine', 'green_light', at('06:45')),
    consentRecorded('russia', 'green_light', at('06:45')),
    ...watched(at('06:50')),
  ];
}

/** Two people opened it at 06:55, and at 09:00 everything is fresh: it shows OPEN until 09:50. */
export function openCorridor(changes: Partial<Body<'CorridorDeclared'>> = {}): readonly Fact[] {
  return [
    ...scheduledCorridor(changes),
    fact(
      'CorridorOpened',
      at('06:55'),
      {
        corridorId: K7,
        requestId: id<OpeningRequestId>('opening'),
        requestedBy: FIRST.id,
        approvedBy: SECOND.id,
        isByVoice: false,
        overrides: [],
      },
      SECOND,
    ),
    ...watched(at('08:50')),
    hotlineAnswered('ukraine', at('08:50')),
    hotlineAnswered('russia', at('08:50')),
  ];
}

/** Every segment seen from its post. */
export function watched(when: Instant): readonly Fact[] {
  return [observed(NORTH, when), observed(SOUTH, when)];
}
