import { describe, expect, it } from '@jest/globals';
import { refuse } from '../../src/domain/decision.js';
import type { Dossier } from '../../src/domain/dossier.js';
import type { DomainEvent } from '../../src/domain/event.js';
import type { WindowId } from '../../src/domain/ids.js';
import { addMs, type Instant } from '../../src/domain/instant.js';
import { problem } from '../../src/domain/problem.js';
import {
  FIRST,
  SECOND,
  at,
  claim,
  consentRecorded,
  fact,
  id,
  lifecycleChanged,
  openCorridor,
  scheduledCorridor,
  segment,
  windowAnnounced,
} from '../support/facts.js';
import type { Fact } from '../support/given.js';
import { RULES, search, type ActionName, type Found, type Rules, type Scene } from '../support/small-model.js';

/** One segment on the front line, one mode: whoever is inside must have been seen within half an hour. */
const SMALL = { segments: [segment({ exposure: 'line' })], permittedModes: ['bus'] } as const;

/** Criteria that outlive the window, so that an extension of it can be meant. */
function assessedForLong(facts: readonly Fact[]): readonly Fact[] {
  return facts.map((known) =>
    known.body.type === 'CriterionAssessed' ? { ...known, body: { ...known.body, validUntil: at('22:00') } } : known,
  );
}
const open = assessedForLong(openCorridor(SMALL));
/** Away from the front two hours of silence are no alarm yet. */
const openOnQuietRoad = assessedForLong(openCorridor({ ...SMALL, segments: [segment()] }));
const scheduled = assessedForLong(scheduledCorridor(SMALL));

/** The window begins at noon: time enough for fire to grow old before it. */
const scheduledForNoon = scheduled.map((known) =>
  known.body.type === 'WindowAnnounced'
    ? {
        ...known,
        body: {
          ...known.body,
          claims: [claim('start', { kind: 'instant', at: at('12:00') }), claim('end', { kind: 'instant', at: at('19:00') })],
        },
      }
    : known,
);

/** Each side agrees to a window of its own, and nobody to the other’s. */
const OTHER_WINDOW = id<WindowId>('the other side’s window');
const oneSided = [
  ...scheduled.filter(({ body }) => !(body.type === 'ConsentRecorded' && body.party === 'russia') && body.type !== 'LifecycleChanged'),
  lifecycleChanged('proposed', 'under_negotiation', at('06:41')),
  consentRecorded('ukraine', 'green_light', at('06:45')),
  windowAnnounced({ windowId: OTHER_WINDOW, announcedBy: ['russia'] }, at('06:42')),
  fact('ConsentRecorded', at('06:45'), { windowId: OTHER_WINDOW, party: 'russia', consent: 'green_light', voice: null }),
];

function scene(start: readonly Fact[], clock: readonly string[], actions: readonly ActionName[], depth: number): Scene {
  return { start, instants: clock.map((time) => at(time)), actions, depth };
}

/** Each scene is searched to its end: every order of its steps, up to `depth` commands, with every pause between them. */
const SCENES = {
  'opening by two': scene(
    scheduled,
    ['06:50', '07:00', '07:06'],
    ['firstAsks', 'secondAsks', 'firstApproves', 'secondApproves', 'reject', 'limit', 'bad', 'forged'],
    4,
  ),
  'stopping and opening again': scene(open, ['09:00', '09:20'], ['stop', 'clear', 'lift', 'greenLight', 'firstAsks', 'secondApproves'], 7),
  'holding, with nobody who lifts': scene(open, ['09:00', '09:19', '09:31'], ['hold', 'stop', 'clear', 'lift', 'good', 'lockDown'], 4),
  'reports of every kind': scene(open, ['09:00', '09:19', '09:20', '09:45', '10:15'], ['good', 'bad', 'late', 'future', 'forged'], 4),
  'fire, and three hours': scene(
    open,
    ['09:00', '09:05', '12:00', '12:10'],
    ['strongAttack', 'weakAttack', 'look', 'forged', 'greenLight', 'firstAsks', 'secondApproves'],
    4,
  ),
  'fire, a new attempt, and three hours': scene(
    scheduledForNoon,
    ['05:55', '06:10', '08:54', '08:55', '09:10'],
    ['strongAttack', 'close', 'newAttempt', 'agree', 'schedule', 'look', 'clear', 'lift'],
    7,
  ),
  'the end of the window': scene(open, ['17:29', '17:30', '19:00'], ['good', 'greenLight', 'extend', 'stop', 'cancel', 'close'], 3),
  'a word taken back, and a new attempt': scene(
    open,
    ['09:00', '09:31'],
    ['withdraw', 'close', 'hold', 'newAttempt', 'agree', 'schedule', 'firstAsks', 'secondApproves'],
    5,
  ),
  'terms that one person betters': scene(
    open,
    ['09:00', '09:20'],
    ['poorBasis', 'fullBasis', 'slowTransit', 'fastTransit', 'hold', 'clear', 'lift', 'good'],
    5,
  ),
  'terms set anew while suspended': scene(
    open,
    ['09:00'],
    ['poorBasis', 'fullBasis', 'stop', 'clear', 'lift', 'greenLight', 'firstAsks', 'secondApproves'],
    8,
  ),
  'two windows of one side each': scene(oneSided, ['06:50', '07:00'], ['agree', 'schedule', 'firstAsks', 'secondApproves', 'good'], 5),
} as const satisfies Readonly<Record<string, Scene>>;

/** A failure prints the whole way to the breach. */
function wayOf({ breach }: Found): string {
  return breach === null ? 'no breach' : `${breach.message}\n  ${breach.trace.join('\n  ')}`;
}

describe('S1–S9, S13, S14, ease: two coordinators, a field team, a stranger and the clock find no way to a breach', () => {
  it.each(Object.entries(SCENES))('%s', (name, searched) => {
    const found = search(searched);
    process.stdout.write(`      ${name}: ${String(found.states)} states\n`);
    expect(wayOf(found)).toBe('no breach');
  });
});

// ── Planted bugs: the search must find each of them ──────────────────────────────────────────────────────────────────────────

function joined(dossier: Dossier): Dossier {
  const { window, otherWindows } = dossier;
  return window === null
    ? dossier
    : { ...dossier, window: { ...window, consents: Object.assign({}, ...otherWindows.map(({ consents }) => consents), window.consents) } };
}

function withoutHolds(dossier: Dossier): Dossier {
  return { ...dossier, corridor: { ...dossier.corridor, holds: [] } };
}

function approvedBySomebodyElse(event: DomainEvent): DomainEvent {
  return event.type === 'CorridorOpened' ? { ...event, approvedBy: event.requestedBy } : event;
}

const PLANTED: readonly { readonly bug: string; readonly breaks: string; readonly in: Scene; readonly rules: Partial<Rules> }[] = [
  {
    bug: 'the same person approves',
    breaks: 'S5: one person opened alone',
    in: scene(scheduled, ['06:50'], ['firstAsks', 'firstApproves'], 3),
    rules: {
      approveOpening: (dossier, command, now) => {
        const other = command.actor.id === FIRST.id ? SECOND : FIRST;
        const decision = RULES.approveOpening(dossier, { ...command, actor: other }, now);
        return decision.kind === 'refused' ? decision : { ...decision, events: decision.events.map(approvedBySomebodyElse) as never };
      },
    },
  },
  {
    bug: 'PLANNED becomes OPEN by a forged report',
    breaks: 'S5: one person opened alone',
    in: scene(scheduled, ['06:59', '07:00'], ['forged'], 2),
    rules: {
      forcedEffects: (cause, dossiers, idFor) => {
        if (cause.body.type !== 'ObservationRecorded') return RULES.forcedEffects(cause, dossiers, idFor);
        const opened = lifecycleChanged('scheduled', 'open', at('06:59')).body;
        return dossiers[0]?.corridor.attempt?.lifecycle === 'scheduled' ? [opened] : [];
      },
    },
  },
  {
    bug: 'no latch at the window’s end',
    breaks: 'S6',
    in: scene(openOnQuietRoad, ['17:20', '19:00'], ['good', 'greenLight'], 3),
    rules: {
      timeEffects: (dossier, now, idFor) =>
        RULES.timeEffects(dossier, now, idFor).filter((event) => !(event.type === 'LifecycleChanged' && event.cause === 'E1')),
    },
  },
  {
    bug: 'an extension meets a worker that is late, and the window never ended',
    breaks: 'S6',
    in: scene(open, ['18:59', '19:00'], ['extend', 'good', 'greenLight'], 4),
    rules: { catchesUp: false },
  },
  {
    bug: 'approval of something else than was shown',
    breaks: 'S5: approved something else than was shown',
    in: scene(scheduled, ['06:50'], ['firstAsks', 'limit', 'secondApproves'], 3),
    rules: {
      approveOpening: (dossier, command, now) => {
        const { attempt } = dossier.corridor;
        if (attempt === null) return RULES.approveOpening(dossier, command, now);
        const asked = attempt.openingRequests.map((request) => {
          const shown = request.boundContent as { readonly limits: readonly string[] };
          const limits = attempt.limits.map(({ id: limitId, kind, modes, peoplePerHour, until }) =>
            JSON.stringify([limitId, kind, modes, peoplePerHour, until]),
          );
          return { ...request, boundContent: { ...shown, limits } };
        });
        const bent = { ...dossier, corridor: { ...dossier.corridor, attempt: { ...attempt, openingRequests: asked } } };
        return RULES.approveOpening(bent, command, now);
      },
    },
  },
  {
    bug: 'an approval that comes too late',
    breaks: 'S5: approved later than 15 minutes after the request',
    in: scene(scheduled, ['06:50', '07:06'], ['firstAsks', 'secondApproves'], 2),
    rules: {
      approveOpening: (dossier, command, now) =>
        RULES.approveOpening(dossier, { ...command, realNow: dossier.corridor.attempt?.openingRequests[0]?.requestedRealAt ?? now }, now),
    },
  },
  {
    bug: 'one person betters the basis in the dark of a hold',
    breaks: 'S5: one person bettered the basis of what two opened',
    in: scene(open, ['09:00'], ['poorBasis', 'fullBasis', 'hold', 'clear', 'lift'], 5),
    rules: { refuseRaise: () => null },
  },
  {
    bug: 'a stop is refused',
    breaks: 'S7: a stop is refused',
    in: scene(open, ['09:00'], ['stop'], 1),
    rules: {
      stopCorridor: (dossier, command) =>
        dossier.corridor.attempt?.lifecycle === 'suspended'
          ? refuse(problem('transition-not-allowed', { lifecycle: 'suspended', allowed: [] }))
          : RULES.stopCorridor(dossier, command),
    },
  },
  {
    bug: 'a late report reopens',
    breaks: 'S9: worse news came after the last good report',
    in: scene(open, ['09:00', '09:05'], ['bad', 'late'], 2),
    rules: {
      evolveEvidence: (before, observation) => RULES.evolveEvidence(before, { ...observation, observedAt: observation.receivedAt }),
    },
  },
  {
    bug: 'a forged report refreshes evidence',
    breaks: 'S3',
    in: scene(open, ['09:10', '09:25'], ['forged'], 1),
    rules: { evolveEvidence: (before, observation) => RULES.evolveEvidence(before, { ...observation, isTrusted: true }) },
  },
  {
    bug: 'a hold is forgotten on reopening',
    breaks: 'S7: a hold stands that nobody lifted',
    in: scene(open, ['09:00'], ['stop', 'greenLight', 'firstAsks', 'secondApproves'], 5),
    rules: {
      requestOpening: (dossier, command, now) => RULES.requestOpening(withoutHolds(dossier), command, now),
      approveOpening: (dossier, command, now) => RULES.approveOpening(withoutHolds(dossier), command, now),
      evolveCorridor: (before, event) => {
        const after = RULES.evolveCorridor(before, event);
        return event.body.type === 'CorridorOpened' ? { ...after, holds: [] } : after;
      },
    },
  },
  {
    bug: 'the consents of two one-sided windows are joined',
    breaks: 'S2: no green light of russia for this window',
    in: scene(oneSided, ['06:50', '07:00'], ['agree', 'schedule', 'firstAsks', 'secondApproves'], 4),
    rules: {
      status: (dossier, now) => RULES.status(joined(dossier), now),
      agreeAttempt: (dossier, command) => RULES.agreeAttempt(joined(dossier), command),
      requestOpening: (dossier, command, now) => RULES.requestOpening(joined(dossier), command, now),
      approveOpening: (dossier, command, now) => RULES.approveOpening(joined(dossier), command, now),
    },
  },
  {
    bug: 'the last departure is off by one',
    breaks: 'S2: the last safe departure has passed',
    in: scene(open, ['17:29', '17:30'], ['good', 'greenLight'], 3),
    rules: { status: (dossier, now) => RULES.status(dossier, addMs(now, -1)) },
  },
  {
    bug: 'fire is forgotten',
    breaks: 'S7: usable again after a stop, fire or a withdrawn word',
    in: scene(open, ['09:00'], ['strongAttack'], 1),
    rules: { forcedEffects: () => [], status: (dossier, now) => RULES.status({ ...dossier, attacks: [] }, now) },
  },
  {
    bug: 'fire grows old and its attempt goes on as planned',
    breaks: 'ease: time alone makes danger planned',
    in: scene(scheduledForNoon, ['06:50', '07:00', '09:50'], ['strongAttack', 'close', 'newAttempt', 'agree', 'look'], 5),
    rules: {
      timeEffects: (dossier, now, idFor) =>
        RULES.timeEffects(dossier, now, idFor).filter((event) => !(event.type === 'HoldSet' && event.reason === 'attack')),
    },
  },
  {
    bug: 'a lock-down is overlooked',
    breaks: 'S13',
    in: scene(open, ['09:00'], ['lockDown'], 1),
    rules: { status: (dossier, now) => RULES.status({ ...dossier, isLockedDown: false }, now) },
  },
  {
    bug: 'a reader trusts a status past its instant',
    breaks: 'S1',
    in: scene(open, ['09:00', '09:20', '09:30'], ['good'], 1),
    rules: { shown: (logged, now: Instant, health) => RULES.shown({ ...logged, validUntil: null }, now, health) },
  },
];

describe('the search finds', () => {
  it.each(PLANTED)('$bug', ({ breaks, in: searched, rules }) => {
    expect(wayOf(search(searched))).toBe('no breach');
    const found = search(searched, { ...RULES, ...rules });
    expect(found.breach?.message ?? 'nothing').toContain(breaks);
    process.stdout.write(`      after ${String(found.states)} states: ${wayOf(found)}\n`);
  });
});
