import { randomUUID } from 'node:crypto';
import { ASSESSED_CRITERIA, CRITERIA } from '../../src/domain/criterion.js';
import { declared, type Answer, type Caller, type Cell, type Declared } from '../support/api.js';

type Point = readonly [number, number];

interface Road {
  readonly name: string;
  readonly places: readonly (readonly [string, Point])[];
}

/** Places of the morning of 9 March 2022, joined by straight lines that are not the roads. */
export const ROADS = {
  mariupol: {
    name: 'Mariupol – Zaporizhzhia',
    places: [
      ['Mariupol', [37.54, 47.1]],
      ['Berdiansk', [36.79, 46.76]],
      ['Vasylivka', [35.28, 47.44]],
      ['Zaporizhzhia', [35.12, 47.85]],
    ],
  },
  irpin: {
    name: 'Irpin – Romanivka bridge – Kyiv',
    places: [
      ['Irpin', [30.25, 50.52]],
      ['Romanivka bridge', [30.31, 50.49]],
      ['Kyiv', [30.52, 50.45]],
    ],
  },
  sumy: {
    name: 'Sumy – Poltava',
    places: [
      ['Sumy', [34.8, 50.91]],
      ['Lebedyn', [34.48, 50.58]],
      ['Poltava', [34.55, 49.59]],
    ],
  },
  volnovakha: {
    name: 'Volnovakha – Pokrovsk',
    places: [
      ['Volnovakha', [37.5, 47.6]],
      ['Valerianivka', [37.4, 47.7]],
      ['Pokrovsk', [37.18, 48.28]],
    ],
  },
  izium: {
    name: 'Izium – Lozova',
    places: [
      ['Izium', [37.26, 49.21]],
      ['Lozova', [36.32, 48.89]],
    ],
  },
  belgorod: {
    name: 'Kharkiv – Belgorod',
    places: [
      ['Kharkiv', [36.23, 49.99]],
      ['Belgorod', [36.59, 50.6]],
    ],
  },
} as const satisfies Readonly<Record<string, Road>>;

/** A corridor of the morning, supported by both coordinators, with a window from 09:00 to 21:00 Kyiv that both parties confirmed. */
export interface Prepared extends Declared {
  readonly name: string;
  readonly segmentIds: readonly string[];
  readonly windowId: string;
}

const STARTS_AT = '2022-03-09T07:00:00Z';
const ENDS_AT = '2022-03-09T19:00:00Z';
export const PARTIES = ['ukraine', 'russia'] as const;

async function must(answer: Promise<Answer>): Promise<Answer> {
  const { status, body, headers } = await answer;
  if (status >= 300) throw new Error(`refused ${String(status)}: ${JSON.stringify(body)}`);
  return { status, body, headers };
}

export async function declareRoad(by: Caller, road: Road, changes: object = {}): Promise<Omit<Prepared, 'windowId'>> {
  const legs = road.places.slice(1).map(([name, to], index) => ({ name, line: [road.places[index]?.[1] ?? to, to] }));
  const segments = legs.map(({ name, line }) => ({
    id: randomUUID(),
    name,
    line,
    widthM: 20,
    watch: 'manned_post',
    exposure: 'fire_risk',
    control: 'unknown',
    checkpoints: 0,
  }));
  const place = (at: (typeof road.places)[number] | undefined): object => ({ name: at?.[0], position: at?.[1], precisionKm: 2 });
  const corridor = await declared(by, {
    name: road.name,
    segments,
    geometryKind: 'schematic',
    permittedModes: ['bus', 'car'],
    origin: place(road.places[0]),
    destination: place(road.places.at(-1)),
    ...changes,
  });
  return { ...corridor, name: road.name, segmentIds: segments.map(({ id }) => id) };
}

/** Agreed and scheduled: what is left is to open it. */
export async function scheduleCorridor(
  { first, second }: Cell,
  road: Road,
  window: { readonly startsAt?: string; readonly endsAt?: string } = {},
): Promise<Prepared> {
  const corridor = await declareRoad(first, road);
  const proposal = randomUUID();
  await must(first.post(`${corridor.path}/stances`, { commandId: proposal, stance: 'supported', reason: 'the team knows the road' }));
  await must(second.post(`${corridor.path}/stances/${proposal}/approvals`));
  const windowId = randomUUID();
  await must(
    first.post('/v1/windows', {
      commandId: windowId,
      kind: 'daily_corridor',
      corridorIds: [corridor.id],
      zone: 'Europe/Kyiv',
      announcedBy: ['Ministry of Reintegration'],
      basis: 'all_party',
      claims: [
        { about: 'start', edge: { kind: 'instant', at: window.startsAt ?? STARTS_AT }, claimedBy: 'ukraine' },
        { about: 'end', edge: { kind: 'instant', at: window.endsAt ?? ENDS_AT }, claimedBy: 'ukraine' },
      ],
    }),
  );
  for (const party of PARTIES) await must(first.post(`/v1/windows/${windowId}/consents`, { party, consent: 'terms_confirmed' }));
  await must(first.post(`${corridor.path}/attempts`, { windowId }));
  await must(first.post(`${corridor.path}/negotiations`, { windowId }));
  await must(first.post(`${corridor.path}/agreements`));
  await must(first.post(`${corridor.path}/schedules`));
  return { ...corridor, windowId };
}

/** Everything that an opening asks for, fresh at the present log time. */
export async function makeReady(cell: Cell, corridor: Prepared): Promise<void> {
  const { first } = cell;
  const assessor = await cell.as('ordnance_assessor', [corridor.id]);
  const team = await cell.as('field_lead', [corridor.id]);
  for (const segmentId of corridor.segmentIds) await must(assessor.post(`${corridor.path}/ordnance`, { segmentId, status: 'cleared' }));
  for (const mode of ['bus', 'car'])
    await must(first.post(`${corridor.path}/transit-times`, { mode, slowMinutes: 150, basis: 'measured' }));
  for (const criterion of ASSESSED_CRITERIA.filter((code) => CRITERIA[code].class !== 'advisory'))
    await must(first.post(`${corridor.path}/criteria`, { criterion, value: 'met' }));
  await refresh(cell, corridor, team);
}

/** Green lights, hotlines and a quiet report of every segment, at the present log time. */
export async function refresh(cell: Cell, corridor: Prepared, team?: Caller): Promise<void> {
  const reporter = team ?? (await cell.as('field_lead', [corridor.id]));
  for (const party of PARTIES) {
    await must(cell.first.post(`/v1/windows/${corridor.windowId}/consents`, { party, consent: 'green_light', voice: 'the duty officer' }));
    await must(cell.first.post(`/v1/windows/${corridor.windowId}/hotline-answers`, { party }));
  }
  for (const segmentId of corridor.segmentIds) {
    await must(
      reporter.post('/v1/observations', {
        corridorId: corridor.id,
        segmentId,
        seen: 'manned_post',
        condition: 'quiet',
        passability: { bus: 'passable', car: 'passable' },
      }),
    );
  }
}

export async function requestOpening(by: Caller, corridor: Declared): Promise<string> {
  const commandId = randomUUID();
  await must(by.post(`${corridor.path}/opening-requests`, { commandId, kind: 'open' }));
  return commandId;
}

export async function openCorridor(cell: Cell, corridor: Prepared): Promise<void> {
  const requestId = await requestOpening(cell.first, corridor);
  const { headers } = await cell.second.get(corridor.path);
  await must(cell.second.post(`${corridor.path}/opening-requests/${requestId}/approvals`, {}, { 'if-match': headers.get('etag') ?? '' }));
}

export async function goTo(by: Caller, at: string): Promise<void> {
  await must(by.post('/v1/exercise/clock/steps', { to: at }));
}

export interface Morning {
  readonly mariupol: Prepared;
  readonly irpin: Prepared;
  readonly sumy: Prepared;
  readonly volnovakha: Prepared;
  readonly izium: Prepared;
}

/**
 * 09:10 in Kyiv: one corridor open with people inside, one shelled with people inside, one stopped, one planned, one that waits for a
 * second person, one that a party only announced.
 */
export async function morning(cell: Cell): Promise<Morning> {
  const mariupol = await scheduleCorridor(cell, ROADS.mariupol);
  const irpin = await scheduleCorridor(cell, ROADS.irpin);
  const sumy = await scheduleCorridor(cell, ROADS.sumy);
  const volnovakha = await scheduleCorridor(cell, ROADS.volnovakha, { startsAt: '2022-03-09T10:00:00Z' });
  const izium = await scheduleCorridor(cell, ROADS.izium);
  await declareRoad(cell.first, ROADS.belgorod);
  await goTo(cell.first, '2022-03-09T06:50:00Z');
  for (const corridor of [mariupol, irpin, izium]) await makeReady(cell, corridor);
  await openCorridor(cell, mariupol);
  await openCorridor(cell, irpin);
  await goTo(cell.first, '2022-03-09T07:10:00Z');
  await must(cell.first.post(`${mariupol.path}/people-inside`, { min: 320, max: 400 }));
  await must(cell.first.post(`${irpin.path}/people-inside`, { min: 60, max: 120 }));
  await must(cell.first.post(`${sumy.path}/suspensions`, { reason: 'checkpoint' }));
  const team = await cell.as('field_lead', [irpin.id]);
  await must(
    team.post('/v1/attacks', {
      types: ['shelling_artillery_mortar'],
      place: { name: 'Romanivka', position: [30.3, 50.49], precisionKm: 0.3 },
      occurredAt: '2022-03-09T07:08:00Z',
      zone: 'Europe/Kyiv',
    }),
  );
  await must(
    cell.first.post('/v1/attacks', {
      types: ['airstrike'],
      place: { name: 'Kharkiv', position: [36.3, 49.6], precisionKm: 12 },
      occurredAt: '2022-03-09T05:30:00Z',
      zone: 'Europe/Kyiv',
    }),
  );
  await requestOpening(cell.second, izium);
  return { mariupol, irpin, sumy, volnovakha, izium };
}
