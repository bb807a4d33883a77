import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { digestOf, type Ask } from '../auth/ask.js';
import type { Place, Segment } from '../domain/corridor.js';
import { boxesAround, type Box } from '../domain/geometry.js';
import { CODE_LETTERS, parseCorridorCode, type CorridorCode, type CorridorId } from '../domain/ids.js';
import { changeRoute, declareCorridor } from '../domain/route.js';
import { LOOK_BACK_KM } from '../dossiers/load.queries.js';
import { CorridorRefs } from '../dossiers/corridor-refs.js';
import { KeyTaken, Writer } from '../event-log/writer.js';
import { CorridorDecisions, currentState, readCorridor } from './corridor-decisions.js';
import type { ChangeRouteBody, CorridorAnswer, DeclareCorridorBody, PlaceBody, SegmentBody } from './corridors.dto.js';
import { isCodeTaken } from './corridors.queries.js';

/** The table's key over codes (migration `folded-tables`). */
const CODE_KEY = 'corridors_code_key';

@Injectable()
export class CorridorsService {
  constructor(
    private readonly writer: Writer,
    private readonly decisions: CorridorDecisions,
    private readonly refs: CorridorRefs,
    private readonly database: DataSource,
  ) {}

  /** Resolves when the corridor, and what the attacks already known near it force, is on disk. Rejects with `id-taken`. */
  async declare(body: DeclareCorridorBody, ask: Ask): Promise<CorridorAnswer> {
    const alternativeIds = await this.refs.readAll(body.alternativeIds ?? []);
    for (;;) {
      try {
        return await this.declareAs(await this.drawCode(), alternativeIds, body, ask);
      } catch (error) {
        // Drawn by another process in the same moment. The sender never chose it: draw again.
        if (!(error instanceof KeyTaken && error.constraint === CODE_KEY)) throw error;
      }
    }
  }

  private async declareAs(
    code: CorridorCode,
    alternativeIds: readonly CorridorId[],
    body: DeclareCorridorBody,
    ask: Ask,
  ): Promise<CorridorAnswer> {
    const { actor } = ask;
    const { commandId } = body;
    const corridorId = commandId as string as CorridorId;
    const { externalId = null, destinationCountry = null, destinationParty = null } = body;
    const { name, direction, purpose, zone, country, declaredBy, relevantParties, permittedModes, geometryKind } = body;
    const receipt = await this.writer.write<CorridorAnswer>({
      actorId: actor.id,
      commandId,
      lane: 'normal',
      digest: digestOf(ask, body),
      touches: { creates: [corridorId], boxes: boxesOf(body.segments) },
      decide: () =>
        declareCorridor({
          ...{ actor, commandId, code, externalId, name, direction, purpose, zone, country, destinationCountry, destinationParty },
          ...{ declaredBy, relevantParties, permittedModes, geometryKind, alternativeIds },
          origin: toPlace(body.origin),
          destination: body.destination == null ? null : toPlace(body.destination),
          via: (body.via ?? []).map(toPlace),
          segments: toSegments(body.segments),
          provenance: body.provenance ?? 'reported',
        }),
      answer: (world, _events, now) => {
        const corridor = readCorridor(world, corridorId);
        return { commandId, recordedAt: now, ...currentState(world, corridor, actor), code: corridor.code };
      },
    });
    return receipt.body;
  }

  changeRoute(corridorId: CorridorId, body: ChangeRouteBody, ask: Ask): Promise<CorridorAnswer> {
    const { geometryKind, permittedModes } = body;
    return this.decisions.decide(
      { corridorId, ask, body, permission: 'corridor.edit', ifMatch: 'required', boxes: boxesOf(body.segments) },
      ({ dossier, step }) => changeRoute(dossier, { ...step, geometryKind, permittedModes, segments: toSegments(body.segments) }),
    );
  }

  /** Drawn at random, so that a misheard code is rarely another corridor's. */
  private async drawCode(): Promise<CorridorCode> {
    for (;;) {
      const letters = Array.from({ length: randomInt(1, 4) }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
      const code = parseCorridorCode(`${letters}${String(randomInt(1, 100))}`);
      if (code !== null && !(await isCodeTaken(this.database, code))) return code;
    }
  }
}

/** Where the attacks lie at which a new route looks back. */
function boxesOf(segments: readonly SegmentBody[]): readonly Box[] {
  return boxesAround(
    segments.flatMap(({ line }) => line),
    LOOK_BACK_KM,
  );
}

function toPlace({ name, position, precisionKm }: PlaceBody): Place {
  return { name, position, precisionKm };
}

/** Nobody has assessed a new segment for ordnance. */
function toSegments(bodies: readonly SegmentBody[]): readonly Segment[] {
  return bodies.map(({ id, name, line, widthM, watch, exposure, control, checkpoints }, index) => ({
    ...{ id, no: index + 1, name, line, widthM, watch, exposure, control, checkpoints },
    ordnance: { status: 'not_assessed', assessedBy: null, assessedAt: null },
  }));
}
