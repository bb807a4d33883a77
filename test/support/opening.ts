import { randomUUID } from 'node:crypto';
import { ASSESSED_CRITERIA } from '../../src/domain/criterion.js';
import { declared, type Answer, type Caller, type Cell, type Declared } from './api.js';

/** The test's clock stands at 06:00Z: the window runs. */
const STARTS_AT = '2022-03-09T05:30:00Z';
const ENDS_AT = '2022-03-09T19:00:00Z';

export interface RequestedOpening {
  readonly corridor: Declared;
  readonly requestId: string;
}

/** Everything that an opening needs, up to its request. */
export async function requestedOpening(cell: Cell, by: Caller = cell.first): Promise<RequestedOpening> {
  const corridor = await readyToOpen(cell);
  const requestId = randomUUID();
  await done(by, `${corridor.path}/opening-requests`, { commandId: requestId, kind: 'open' });
  return { corridor, requestId };
}

/** On the corridor as it is now. */
export async function approveOpening(by: Caller, corridor: Declared, requestId: string): Promise<Answer> {
  const { headers } = await by.get(corridor.path);
  return by.post(`${corridor.path}/opening-requests/${requestId}/approvals`, {}, { 'if-match': headers.get('etag') ?? '' });
}

async function readyToOpen(cell: Cell): Promise<Declared> {
  const corridor = await declared(cell.first);
  const team = await cell.as('field_lead', [corridor.id]);
  const assessor = await cell.as('ordnance_assessor');
  const windowId = randomUUID();
  const steps: readonly (readonly [Caller, string, object])[] = [
    [cell.first, '/v1/windows', windowBody(windowId, corridor)],
    ...['ukraine', 'russia'].map((party) => [cell.first, `/v1/windows/${windowId}/consents`, { party, consent: 'green_light' }] as const),
    [cell.first, `${corridor.path}/attempts`, { windowId }],
    [cell.first, `${corridor.path}/negotiations`, {}],
    [cell.first, `${corridor.path}/agreements`, {}],
    [cell.first, `${corridor.path}/schedules`, {}],
    [assessor, `${corridor.path}/ordnance`, { segmentId: corridor.segmentId, status: 'cleared' }],
    ...['bus', 'car'].map((mode) => [cell.first, `${corridor.path}/transit-times`, { mode, slowMinutes: 120, basis: 'measured' }] as const),
    ...ASSESSED_CRITERIA.map((criterion) => [cell.first, `${corridor.path}/criteria`, { criterion, value: 'met' }] as const),
    [team, '/v1/observations', observation(corridor)],
  ];
  const proposalId = randomUUID();
  await done(cell.first, `${corridor.path}/stances`, { commandId: proposalId, stance: 'supported', reason: 'Asked for by both towns' });
  await done(cell.second, `${corridor.path}/stances/${proposalId}/approvals`, {});
  for (const [caller, path, body] of steps) await done(caller, path, body);
  return corridor;
}

async function done(caller: Caller, path: string, body: object): Promise<void> {
  const answer = await caller.post(path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

function windowBody(commandId: string, corridor: Declared): object {
  return {
    commandId,
    kind: 'daily_corridor',
    corridorIds: [corridor.id],
    zone: 'Europe/Kyiv',
    announcedBy: ['Ukraine', 'Russia'],
    basis: 'all_party',
    claims: [
      { about: 'start', edge: { kind: 'instant', at: STARTS_AT }, claimedBy: 'Ukraine' },
      { about: 'end', edge: { kind: 'instant', at: ENDS_AT }, claimedBy: 'Ukraine' },
    ],
  };
}

function observation({ id, segmentId }: Declared): object {
  return { corridorId: id, segmentId, seen: 'passage', condition: 'quiet', passability: { bus: 'passable', car: 'passable' } };
}
