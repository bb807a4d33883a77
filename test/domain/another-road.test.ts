import { describe, expect, it } from '@jest/globals';
import type { Segment } from '../../src/domain/corridor.js';
import type { HoldId, SegmentId } from '../../src/domain/ids.js';
import { changeRoute, declareCorridor, type ChangeRoute } from '../../src/domain/route.js';
import {
  FIRST,
  K7,
  NORTH,
  SOUTH,
  at,
  command,
  corridorDeclared,
  fact,
  id,
  lifecycleChanged,
  proposedCorridor,
  scheduledCorridor,
  segment,
} from '../support/facts.js';
import { given, type Fact, type History } from '../support/given.js';

const NORTHERN = segment();
const SOUTHERN = segment({ id: SOUTH, no: 2, name: 'south of the river', line: [[34.9, 47.65], [35.14, 47.84]], control: 'russia' }); // prettier-ignore
const DETOUR = segment({ id: id<SegmentId>('a detour'), no: 2, line: [[34.9, 47.65], [35.3, 47.7], [35.14, 47.84]] }); // prettier-ignore

function changed(before: History, ...segments: readonly Segment[]): ReturnType<History['when']> {
  const change: ChangeRoute = {
    commandId: command('another way'),
    actor: FIRST,
    geometryKind: 'traced',
    permittedModes: ['bus', 'car'],
    segments,
  };
  return before.when(changeRoute, change, at('06:52'));
}
const scheduled = given(...scheduledCorridor());

describe('another road under a running attempt', () => {
  it('takes away what was measured and assessed of the old one: nothing opens on another road’s transit time (S3)', () => {
    const { corridor } = changed(scheduled, NORTHERN, DETOUR).after.dossier;
    expect(corridor.attempt?.transitTimes).toEqual({});
    const gone = ['route_defined', 'route_trafficable', 'comms_net', 'abort_plan'] as const;
    expect(gone.filter((code) => corridor.criteria[code] !== undefined)).toEqual([]);
    expect(corridor.criteria.medical?.value).toBe('met');
  });

  it('is held where a party has agreed: its word was about the other road', () => {
    changed(scheduled, NORTHERN, DETOUR).expectEvents(
      { type: 'RouteChanged' },
      { type: 'HoldSet', reason: 'route_changed', origin: 'rule', holdId: command('another way') as string as HoldId },
    );
    changed(given(...proposedCorridor()), NORTHERN, DETOUR).expectEvents({ type: 'RouteChanged' });
  });

  it('is another one too when a part of it is left out, turned round, or gets a checkpoint', () => {
    for (const segments of [[NORTHERN], [SOUTHERN, NORTHERN], [{ ...NORTHERN, checkpoints: 2 }, SOUTHERN]]) {
      changed(scheduled, ...segments).expectEvents({ type: 'RouteChanged' }, { type: 'HoldSet' });
    }
  });

  it('is the same one when only its watch, exposure, control or name is put right', () => {
    const named = [{ ...NORTHERN, name: 'the bank', watch: 'passage' as const, exposure: 'line' as const, control: 'contested' }, SOUTHERN];
    const { corridor } = changed(scheduled, ...named).expectEvents({ type: 'RouteChanged' }).after.dossier;
    expect(corridor.attempt?.transitTimes.bus?.slowMinutes).toBe(60);
    expect(corridor.criteria.route_defined?.value).toBe('met');
  });

  it('says nothing of an attempt that is over', () => {
    const closed: Fact = lifecycleChanged('scheduled', 'closed', at('06:51'));
    changed(scheduled.and(closed), NORTHERN, DETOUR).expectEvents({ type: 'RouteChanged' });
  });
});

describe('two segments with one id', () => {
  const twice = [NORTHERN, { ...DETOUR, id: NORTH }];

  it('are refused: what was seen of one would count for both (S3)', () => {
    changed(scheduled, ...twice).expectRefusal('id-taken', { field: 'segments' });
    const {
      type: _type,
      corridorId: _id,
      organisationId: _organisation,
      ...declared
    } = corridorDeclared().body as never as Record<string, unknown>;
    const decision = declareCorridor({ ...declared, commandId: command('declare'), actor: FIRST, segments: twice } as never);
    expect(decision).toMatchObject({ kind: 'refused', problem: { code: 'id-taken', details: { field: 'segments' } } });
  });
});

describe('a corridor that says nothing of itself', () => {
  const nothing = (changes: Parameters<typeof scheduledCorridor>[0]): History => {
    const opened = fact('CorridorOpened', at('06:55'), {
      ...{
        corridorId: K7,
        requestId: id('opening'),
        requestedBy: FIRST.id,
        approvedBy: id('second coordinator'),
        isByVoice: false,
        overrides: [],
      },
    });
    return given(...scheduledCorridor(changes), opened);
  };

  it('without segments, or without parties, is never usable (S14: nothing is not fine)', () => {
    expect(nothing({}).statusAt(at('07:01')).display).toBe('open');
    expect(nothing({ segments: [] }).statusAt(at('07:01')).display).toBe('unknown');
    expect(nothing({ relevantParties: [] }).statusAt(at('07:01')).display).toBe('not_agreed');
  });
});
