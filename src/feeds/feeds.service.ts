import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { audienceOf } from '../domain/audience.js';
import { earliestOf } from '../domain/instant.js';
import type { Actor } from '../domain/permission.js';
import { ShownStatuses } from '../dossiers/shown-statuses.js';
import { corridorFeature } from './corridor-features.js';
import type { CorridorCollection } from './feeds.dto.js';
import { findCorridorsFor } from './feeds.queries.js';

@Injectable()
export class FeedsService {
  constructor(
    private readonly statuses: ShownStatuses,
    private readonly database: DataSource,
  ) {}

  /** The same state gives the same bytes: nothing in it tells when it was asked for. */
  async corridors(actor: Actor): Promise<CorridorCollection> {
    const audience = audienceOf(actor);
    const rows = await findCorridorsFor(this.database, actor);
    const { show, isHealthy, notice, now } = await this.statuses.reading();
    // What is past already has become unknown; the next to change is the first that lies ahead.
    const ends = rows.flatMap(({ status }) => (status?.validUntil != null && status.validUntil > now ? [status.validUntil] : []));
    return {
      type: 'FeatureCollection',
      not_for_navigation: true,
      notice,
      degraded: !isHealthy,
      validUntil: earliestOf(ends),
      features: rows.flatMap(
        ({ corridor, status }) => corridorFeature(corridor, status === null ? null : show(status), audience, notice) ?? [],
      ),
    };
  }
}
