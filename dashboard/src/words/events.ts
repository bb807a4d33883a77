import type { IntlShape } from 'react-intl';
import type { BoardEvent } from '../../../src/domain/audience.js';
import type { Board } from '../../../src/domain/board.js';
import { nameOf } from '../corridor.js';
import { isolated, leftToRight, partyName, term } from './sentences.js';

type Values = Readonly<Record<string, string | number>>;

/** What happened, as one plain sentence. */
export function eventSentence(intl: IntlShape, board: Board, event: BoardEvent): string {
  const names = event.corridorIds.flatMap((id) => {
    const corridor = board.corridors[id];
    return corridor === undefined ? [] : [isolated(intl, nameOf(corridor))];
  });
  const corridor =
    names.length === 0 ? 'none' : names.length > 2 ? `${names.slice(0, 2).join(', ')} +${String(names.length - 2)}` : names.join(', ');
  return intl.formatMessage({ id: `event.${event.type}` }, { corridor, ...valuesOf(intl, board, event) });
}

function valuesOf(intl: IntlShape, board: Board, event: BoardEvent): Values {
  const say = (list: string, code: string | null | undefined): string => term({ intl }, list, code);
  switch (event.type) {
    case 'StanceProposed':
    case 'StanceSet':
      return { stance: say('stance', event.body.stance) };
    case 'AttemptStarted':
      return { attemptNo: event.body.attemptNo ?? '?' };
    case 'LifecycleChanged':
      return { to: say('lifecycle', event.body.to), cause: event.body.cause ?? 'none' };
    case 'CorridorStopped':
      return { why: say('why', event.body.reason) };
    case 'HoldSet':
      return { why: say('why', event.body.reason), origin: event.body.origin ?? 'person' };
    case 'LimitSet':
      return { kind: say('limit', event.body.kind) };
    case 'CriterionAssessed':
      return { criterion: say('criterion', event.body.criterion), value: say('criterionValue', event.body.value) };
    case 'WaiverProposed':
    case 'WaiverGranted':
      return { criterion: say('criterion', event.body.criterion) };
    case 'TransitTimeSet':
      return { mode: say('mode', event.body.mode), slowMinutes: event.body.slowMinutes ?? '?' };
    case 'PeopleInsideReported':
      return { people: peopleRange(intl, event.body.min, event.body.max) };
    case 'OrdnanceAssessed':
      return { status: say('ordnance', event.body.status) };
    case 'ClaimMade':
      return { claimedBy: isolated(intl, event.body.claim?.claimedBy ?? '?'), about: event.body.claim?.about ?? 'none' };
    case 'ConsentRecorded':
      return { party: partyName(intl, event.body.party ?? '?'), consent: say('consent', event.body.consent) };
    case 'HotlineAnswered':
      return { party: partyName(intl, event.body.party ?? '?') };
    case 'BasisSet':
      return { basis: say('basis', event.body.basis) };
    case 'ViolationRecorded':
      return { kind: say('violation', event.body.kind) };
    case 'OutcomeRecorded':
      return { outcome: say('outcome', event.body.outcome) };
    case 'AttackReported':
      return {
        type: say('attack', event.body.types?.[0]),
        place: event.body.place?.name == null ? 'none' : isolated(intl, event.body.place.name),
      };
    case 'AttackGraded':
      return {
        grade: gradeOf(event.body.grade),
        verification: say('verification', event.body.verification),
      };
    case 'ObservationRecorded': {
      const { corridorId, segmentId, condition } = event.body;
      const segments = corridorId === undefined ? [] : (board.corridors[corridorId]?.segments ?? []);
      const segment = segments.find(({ id }) => id === segmentId)?.name;
      return { condition: say('condition', condition), segment: segment === undefined ? 'none' : isolated(intl, segment) };
    }
    case 'CorridorStatusChanged':
      return { word: say('display', event.body.status.display) };
    default:
      return {};
  }
}

/** `20–60`, or `20+` where nobody knows how many at most. */
export function peopleRange(intl: IntlShape, min: number | undefined, max: number | null | undefined): string {
  const from = min === undefined ? '?' : String(min);
  return leftToRight(intl, max == null ? `${from}+` : `${from}–${String(max)}`);
}

/** `F6` is "not judged": what a report has until a verifier looked at it. `none`: not for this reader. */
export function gradeOf(grade: { readonly reliability?: string; readonly credibility?: string } | undefined): string {
  return grade === undefined ? 'none' : `${grade.reliability ?? 'F'}${grade.credibility ?? '6'}`;
}
