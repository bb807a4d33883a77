import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Ask } from '../auth/ask.js';
import { toList, toPage } from '../auth/paging.js';
import { attackAsSeen } from '../domain/as-seen.js';
import { audienceOf } from '../domain/audience.js';
import { WIDEST_RING_KM, type Attack, type Casualties } from '../domain/attack.js';
import { boxesAround, type Box } from '../domain/geometry.js';
import type { AttackId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { corroborateAttack, discountAttack, gradeAttack, reportAttack, retractAttack, reviseCounts } from '../domain/report.js';
import type { Zone } from '../domain/zone.js';
import { CorridorRefs } from '../dossiers/corridor-refs.js';
import { parseBox } from '../platform/body-fields.js';
import { AttackDecisions, given } from './attack-decisions.js';
import type {
  AttackAnswer,
  AttackList,
  AttackPlaceBody,
  AttackView,
  CasualtiesBody,
  CorroborateAttackBody,
  CountBody,
  DiscountAttackBody,
  GradeAttackBody,
  ListAttacksQuery,
  ReportAttackBody,
  RetractAttackBody,
  ReviseCountsBody,
} from './attacks.dto.js';
import { findAttack, findAttacks, type AttackRow } from './attacks.queries.js';

@Injectable()
export class AttacksService {
  constructor(
    private readonly decisions: AttackDecisions,
    private readonly refs: CorridorRefs,
    private readonly database: DataSource,
  ) {}

  /** Resolves when the report, and everything that it forces on the corridors it touches, is on disk. */
  async report(body: ReportAttackBody, ask: Ask): Promise<AttackAnswer> {
    const { externalId = null, types, modes = null, occurredAt = null, occurredOn = null, originGroup = null } = body;
    const corridorIds = await this.refs.readAll(body.corridorIds ?? []);
    const place = toPlace(body.place);
    return this.decisions.report({ ask, body, corridorIds, boxes: boxesOf(place), text: body.note }, ({ corridors, step, text, now }) =>
      reportAttack(
        corridors,
        {
          ...step,
          externalId,
          types,
          modes,
          place,
          occurredAt,
          occurredOn,
          zone: body.zone ?? corridors.find((corridor) => corridorIds.includes(corridor.id))?.zone ?? ('UTC' as Zone),
          targets: body.targets ?? [],
          casualties: toCasualties(body.casualties),
          corridorIds,
          originGroup,
          note: text,
          provenance: body.provenance ?? 'reported',
        },
        now,
      ),
    );
  }

  grade(attackId: AttackId, body: GradeAttackBody, ask: Ask): Promise<AttackAnswer> {
    const { grade, verification } = body;
    return this.decisions.decide({ attackId, ask, body, permission: 'attack.verify', text: body.note }, ({ attack, step, text }) =>
      gradeAttack(attack, { ...step, grade: { reliability: grade.reliability, credibility: grade.credibility }, verification, note: text }),
    );
  }

  corroborate(attackId: AttackId, body: CorroborateAttackBody, ask: Ask): Promise<AttackAnswer> {
    return this.decisions.decide({ attackId, ask, body, permission: 'attack.verify', text: body.note }, ({ attack, step, text }) =>
      corroborateAttack(attack, { ...step, originGroup: body.originGroup, note: text }),
    );
  }

  /** For the corridors on which the actor decides; those named, if any are. */
  async discount(attackId: AttackId, body: DiscountAttackBody, ask: Ask): Promise<AttackAnswer> {
    const named = body.corridorIds === undefined ? null : await this.refs.readAll(body.corridorIds);
    return this.decisions.decide(
      { attackId, ask, body, permission: 'attack.discount', by: 'corridors', text: body.reason },
      ({ attack, dossiers, step, text }) => {
        const wanted = dossiers.filter(({ corridor }) => named === null || named.includes(corridor.id));
        return discountAttack(attack, wanted, { ...step, effect: body.effect, reason: given(text) });
      },
    );
  }

  retract(attackId: AttackId, body: RetractAttackBody, ask: Ask): Promise<AttackAnswer> {
    return this.decisions.decide(
      { attackId, ask, body, permission: 'attack.report', by: 'sender', text: body.reason },
      ({ attack, step, text }) => retractAttack(attack, { ...step, reason: text }),
    );
  }

  reviseCounts(attackId: AttackId, body: ReviseCountsBody, ask: Ask): Promise<AttackAnswer> {
    return this.decisions.decide({ attackId, ask, body, permission: 'attack.verify', text: body.note }, ({ attack, step, text }) =>
      reviseCounts(attack, { ...step, casualties: toCasualties(body.casualties), note: text }),
    );
  }

  /** The newest received first. */
  async list(query: ListAttacksQuery, actor: Actor): Promise<AttackList> {
    const corridorId = query.corridorId === undefined ? null : await this.refs.readSeen(query.corridorId, actor);
    const box = query.bbox === undefined ? null : parseBox(query.bbox);
    const rows = await findAttacks(this.database, { ...toPage(query), actor, corridorId, since: query.since ?? null, box });
    const { items, next } = toList(query, rows);
    return { items: items.flatMap((attack) => toAttackView(attack, actor) ?? []), next };
  }

  /** @throws ProblemError `not-found` */
  async read(attackId: AttackId, actor: Actor): Promise<AttackView> {
    const attack = await findAttack(this.database, attackId);
    const view = attack === null ? null : toAttackView(attack, actor);
    if (view === null) throw new ProblemError(problem('not-found', {}));
    return view;
  }
}

function toPlace(place: AttackPlaceBody | null | undefined): Attack['place'] {
  return place == null ? null : { name: place.name ?? null, position: place.position, precisionKm: place.precisionKm };
}

/** Where the corridors lie that the place may touch: its circle and the widest ring. */
function boxesOf(place: Attack['place']): readonly Box[] {
  return place === null ? [] : boxesAround([place.position], place.precisionKm + WIDEST_RING_KM);
}

function toCasualties(body: CasualtiesBody | null | undefined): Casualties {
  const count = (range: CountBody | null | undefined): Casualties['killed'] =>
    range == null ? null : { min: range.min, max: range.max ?? null };
  return {
    killed: count(body?.killed),
    injured: count(body?.injured),
    childrenKilled: count(body?.childrenKilled),
    childrenInjured: count(body?.childrenInjured),
    missing: count(body?.missing),
    status: body?.status ?? 'unknown',
  };
}

/** Null: the reader may not know of it. */
function toAttackView({ attack, owners }: AttackRow, actor: Actor): AttackView | null {
  return attackAsSeen(attack, audienceOf(actor), (id) => owners[id] ?? null) as AttackView | null;
}
