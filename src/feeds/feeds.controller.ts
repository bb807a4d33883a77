import { Controller, Get, Header } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentActor } from '../auth/current-actor.js';
import { Requires } from '../auth/requires.js';
import type { Actor } from '../domain/permission.js';
import { WithBytesTag } from './bytes-tag.js';
import type { CorridorCollection } from './feeds.dto.js';
import { FeedsService } from './feeds.service.js';

/** The board in the formats of other tools. Redacted for its reader like everything that leaves. */
@ApiTags('feeds')
@Controller('feeds')
export class FeedsController {
  constructor(private readonly feeds: FeedsService) {}

  /**
   * The corridors that you may see, as GeoJSON (RFC 7946). Not for navigation: a schematic corridor is the points of its named places.
   *
   * Its `ETag` is made from its bytes: send it in `If-None-Match` to get 304 while nothing has changed. Past its `validUntil`, or when you
   * can't reach us, treat every word but danger, suspended and closed as unknown.
   */
  @Get('corridors.geojson')
  @Requires('feed.read')
  @Header('content-type', 'application/geo+json')
  @ApiProduces('application/geo+json')
  @WithBytesTag()
  corridors(@CurrentActor() actor: Actor): Promise<CorridorCollection> {
    return this.feeds.corridors(actor);
  }
}
