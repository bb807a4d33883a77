import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { toList, toPage } from '../auth/paging.js';
import { attackAsSeen, corridorAsSeen } from '../domain/as-seen.js';
import { audienceOf, redact, statusAsSeen } from '../domain/audience.js';
import type { Corridor } from '../domain/corridor.js';
import type { Dossier } from '../domain/dossier.js';
import { ENTITIES, type LoggedEvent } from '../domain/event.js';
import { parseId, type CorridorId, type OrganisationId } from '../domain/ids.js';
import { boundContent } from '../domain/opening.js';
import { canSee, isOfTeam, seesOrganisation, type Actor } from '../domain/permission.js';
import { problem, ProblemError } from '../domain/problem.js';
import { textIdsIn, Texts } from '../event-log/texts.js';
import { Dossiers } from '../dossiers/dossiers.service.js';
import { ShownStatuses, type Reading } from '../dossiers/shown-statuses.js';
import type {
  CorridorHistory,
  CorridorList,
  CorridorView,
  DossierCorridor,
  DossierView,
  HistoryQuery,
  ListCorridorsQuery,
} from './corridors.dto.js';
import { findCorridor, findCorridors, findHistory, type CorridorRow, type HistoryPlace } from './corridors.queries.js';
import { boundDigest } from './openings/bound-digest.js';

type Found = NonNullable<Awaited<ReturnType<Dossiers['find']>>>;

/** What a reader may see of corridors. Every word goes through `shown`, every member through the redaction. */
@Injectable()
export class CorridorReads {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly statuses: ShownStatuses,
    private readonly texts: Texts,
    private readonly database: DataSource,
  ) {}

  /** In the order of their codes. */
  async list(query: ListCorridorsQuery, actor: Actor): Promise<CorridorList> {
    const { stance = null, display = null, purpose = null, direction = null, windowDay = null, externalId = null } = query;
    const filter = { actor, stance, display, purpose, direction, windowDay, externalId };
    const { items, next } = toList(query, await findCorridors(this.database, { ...toPage(query), ...filter }));
    const reading = await this.statuses.reading();
    return { items: items.flatMap((row) => toView(row, actor, reading) ?? []), next };
  }

  /** @throws ProblemError `not-found` */
  async read(corridorId: CorridorId, actor: Actor): Promise<CorridorView> {
    const row = await findCorridor(this.database, corridorId);
    const view = row === null ? null : toView(row, actor, await this.statuses.reading());
    if (view === null) throw new ProblemError(problem('not-found', {}));
    return view;
  }

  /** Within the corridor's organisation. @throws ProblemError `not-found`, `forbidden` */
  async dossier(corridorId: CorridorId, actor: Actor): Promise<DossierView> {
    const { dossier, status } = await this.readDossier(corridorId, actor);
    const reading = await this.statuses.reading();
    const { corridor, window, otherWindows, attacks, evidence } = dossier;
    const audience = audienceOf(actor);
    const ownerOf = (id: CorridorId): OrganisationId | null => (id === corridorId ? corridor.organisationId : null);
    return {
      version: corridor.version,
      ...{ corridor: withoutBoundContent(dossier), window, otherWindows, evidence },
      // Redacted also for the cell: who reported, and after whom, is not its to know (4.4 "source identity").
      attacks: attacks.flatMap((attack) => attackAsSeen(attack, audience, ownerOf) ?? []),
      status: status === null ? null : statusAsSeen(reading.show(status), audience, corridor),
      boundContent: boundContent(dossier),
      boundDigest: boundDigest(dossier),
      texts: await this.texts.read(textIdsIn([corridor, window, otherWindows])),
    };
  }

  /** @throws ProblemError `not-found`, `forbidden` */
  private async readDossier(corridorId: CorridorId, actor: Actor): Promise<Found> {
    const found = await this.dossiers.find(corridorId);
    if (found === null || !canSee(actor, found.dossier.corridor)) throw new ProblemError(problem('not-found', {}));
    if (!isOfCell(actor, found.dossier.corridor)) throw new ProblemError(problem('forbidden', { permission: 'board.read_as_of' }));
    return found;
  }

  /** For the organisation and the team of the corridor. @throws ProblemError `not-found`, `forbidden` */
  async readForTeam(corridorId: CorridorId, actor: Actor): Promise<Corridor> {
    const row = await findCorridor(this.database, corridorId);
    if (row === null || !canSee(actor, row.corridor)) throw new ProblemError(problem('not-found', {}));
    if (!isOfCell(actor, row.corridor) && !isOfTeam(actor, row.corridor))
      throw new ProblemError(problem('forbidden', { permission: 'board.read' }));
    return row.corridor;
  }

  /** The oldest first; what the reader may not know of is left out. @throws ProblemError `not-found` */
  async history(corridorId: CorridorId, query: HistoryQuery, actor: Actor): Promise<CorridorHistory> {
    const row = await findCorridor(this.database, corridorId);
    if (row === null || !canSee(actor, row.corridor)) throw new ProblemError(problem('not-found', {}));
    const after = query.cursor === undefined ? null : readPlace(query.cursor);
    const events = await findHistory(this.database, corridorId, after, query.limit);
    const audience = audienceOf(actor);
    const { organisationId } = row.corridor;
    const items = events.flatMap((event) => redact(event, audience, (id) => (id === corridorId ? organisationId : null)) ?? []);
    const last = events.at(-1);
    const texts = await this.texts.read(textIdsIn(items));
    return { items, texts, next: events.length < query.limit || last === undefined ? null : toPlace(last) };
  }
}

/** The dossier holds exact places, parties' words and names of decisions: it stays within the organisation's cell. */
function isOfCell(actor: Actor, corridor: Corridor): boolean {
  return seesOrganisation(actor) && actor.organisationId === corridor.organisationId;
}

/** Null: the reader may not know of it. */
function toView({ corridor, status }: CorridorRow, actor: Actor, reading: Reading): CorridorView | null {
  const audience = audienceOf(actor);
  const seen = corridorAsSeen(corridor, audience);
  if (seen === null) return null;
  const { corridorId: _id, ...members } = seen;
  return {
    id: corridor.id,
    version: corridor.version,
    ...members,
    stance: corridor.stance,
    status: status === null ? null : statusAsSeen(reading.show(status), audience, corridor),
  } as CorridorView;
}

function withoutBoundContent({ corridor }: Dossier): DossierCorridor {
  const { attempt } = corridor;
  if (attempt === null) return { ...corridor, attempt };
  return {
    ...corridor,
    attempt: { ...attempt, openingRequests: attempt.openingRequests.map(({ boundContent: _content, ...request }) => request) },
  };
}

/** Opaque and harmless: the name of the last fact of the page. */
function toPlace({ entity, entityId, version }: LoggedEvent): string {
  return Buffer.from(`${String(ENTITIES.indexOf(entity))} ${entityId} ${String(version)}`).toString('base64url');
}

function readPlace(cursor: string): HistoryPlace {
  const [index = '', id = '', version = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const entity = /^\d$/.test(index) ? ENTITIES[Number(index)] : undefined;
  const entityId = parseId<CorridorId>(id);
  if (entity !== undefined && entityId !== null && /^\d{1,9}$/.test(version)) return { entity, entityId, version: Number(version) };
  throw new ProblemError(
    problem('invalid-request', { errors: [{ field: 'query.cursor', code: 'cursor', message: 'must be `next` of the page before' }] }),
  );
}
