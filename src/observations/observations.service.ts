import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { digestOf, type Ask } from '../auth/ask.js';
import { toList, toPage } from '../auth/paging.js';
import { refuse } from '../domain/decision.js';
import type { CorridorId, ObservationId } from '../domain/ids.js';
import { canSee, mayOn, type Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { recordObservation } from '../domain/report.js';
import { CorridorRefs } from '../dossiers/corridor-refs.js';
import { Texts } from '../event-log/texts.js';
import { Writer } from '../event-log/writer.js';
import { toProblemBody } from '../platform/problem.filter.js';
import { validated } from '../platform/validation.js';
import {
  RecordObservationBody,
  type ListObservationsQuery,
  type ObservationAnswer,
  type ObservationList,
  type ObservationResult,
  type ObservationResults,
  type RecordObservationsBody,
} from './observations.dto.js';
import { findObservations } from './observations.queries.js';

@Injectable()
export class ObservationsService {
  constructor(
    private readonly writer: Writer,
    private readonly texts: Texts,
    private readonly refs: CorridorRefs,
    private readonly database: DataSource,
  ) {}

  /** Resolves when it is on disk. Rejects with `not-found`, `forbidden`, `segment-unknown`. */
  async record(body: RecordObservationBody, ask: Ask): Promise<ObservationAnswer> {
    const { actor } = ask;
    const { commandId, segmentId, seen, condition, observedAt = null, enteredAt = null, sentAt = null } = body;
    const corridorId = await this.refs.read(body.corridorId);
    const note = await this.texts.draftIfAny(body.note, actor.id);
    const receipt = await this.writer.write<ObservationAnswer>({
      actorId: actor.id,
      commandId,
      lane: 'normal',
      digest: digestOf(ask, body),
      touches: { corridors: [corridorId], creates: [commandId] },
      texts: note === null ? [] : [note.draft],
      decide: (world, now) => {
        const corridor = world.corridor(corridorId);
        if (corridor === null || !canSee(actor, corridor)) return refuse(problem('not-found', {}));
        if (!mayOn(actor, 'observation.record', corridor)) return refuse(problem('forbidden', { permission: 'observation.record' }));
        return recordObservation(
          corridor,
          {
            actor,
            commandId,
            segmentId,
            seen,
            condition,
            passability: { ...body.passability },
            roadLookedAt: body.roadLookedAt ?? false,
            observedAt,
            enteredAt,
            sentAt,
            note: note?.ref ?? null,
            provenance: body.provenance ?? 'reported',
          },
          now,
        );
      },
      answer: (_world, events, now) => ({
        commandId,
        recordedAt: now,
        observationId: commandId as string as ObservationId,
        corridorId,
        isFutureDated: events.some(({ body: fact }) => fact.type === 'ObservationRecorded' && fact.isFutureDated),
      }),
    });
    return receipt.body;
  }

  /** All of them at once: they share the writer's batches, and a refusal of one harms no other. */
  async recordMany({ items }: RecordObservationsBody, ask: Ask): Promise<ObservationResults> {
    return { items: await Promise.all(items.map((item) => this.resultOf(item, ask))) };
  }

  private async resultOf(item: unknown, ask: Ask): Promise<ObservationResult> {
    try {
      const body = await validated(RecordObservationBody, item);
      return { status: 201, body: await this.record(body, ask) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const refusal = toProblemBody(error.problem);
      return { status: refusal.status, problem: refusal };
    }
  }

  /** The newest recorded first. @throws ProblemError `not-found` */
  async list(query: ListObservationsQuery, actor: Actor): Promise<ObservationList> {
    const corridorId: CorridorId = await this.refs.readSeen(query.corridorId, actor);
    const rows = await findObservations(this.database, { ...toPage(query), corridorId, segmentId: query.segmentId ?? null });
    return toList(query, rows);
  }
}
