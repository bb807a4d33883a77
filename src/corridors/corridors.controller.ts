import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import { Asked, IF_MATCH, type Ask } from '../auth/ask.js';
import { CurrentActor } from '../auth/current-actor.js';
import { MadeAt } from '../auth/location.js';
import { Requires } from '../auth/requires.js';
import { WithVersion } from '../auth/version.js';
import type { CorridorId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { CorridorIdPipe } from '../dossiers/corridor-id.pipe.js';
import {
  ChangeRouteBody,
  DeclareCorridorBody,
  HistoryQuery,
  ListCorridorsQuery,
  type CorridorAnswer,
  type CorridorHistory,
  type CorridorList,
  type CorridorView,
  type DossierView,
} from './corridors.dto.js';
import { CorridorReads } from './corridor-reads.js';
import { CorridorsService } from './corridors.service.js';

/** Routes that people may use to flee or to bring aid, with what is decided and known about them. */
@ApiTags('corridors')
@Controller('v1/corridors')
export class CorridorsController {
  constructor(
    private readonly corridors: CorridorsService,
    private readonly reads: CorridorReads,
  ) {}

  /**
   * Declares a corridor for your organisation. Nothing is agreed, nothing is supported, nothing is open by it.
   *
   * It gets a code for radio and SMS, drawn at random and never used again. Attacks already known near its route count at once.
   */
  @Post()
  @MadeAt('/v1/corridors', 'corridorId')
  @Requires('corridor.declare')
  declare(@Body() body: DeclareCorridorBody, @Asked() ask: Ask): Promise<CorridorAnswer> {
    return this.corridors.declare(body, ask);
  }

  /** The corridors that you may see, in the order of their codes. A word past its `validUntil` is `unknown`. */
  @Get()
  @Requires('board.read')
  list(@Query() query: ListCorridorsQuery, @CurrentActor() actor: Actor): Promise<CorridorList> {
    return this.reads.list(query, actor);
  }

  /** One corridor as you may see it, with its version as `ETag`. A word past its `validUntil` is `unknown`. */
  @Get(':corridorId')
  @Requires('board.read')
  @WithVersion()
  read(@Param('corridorId', CorridorIdPipe) corridorId: CorridorId, @CurrentActor() actor: Actor): Promise<CorridorView> {
    return this.reads.read(corridorId, actor);
  }

  /** Everything that decides the word, and the digest that an opening is bound to. Within the corridor's organisation. */
  @Get(':corridorId/dossier')
  @Requires('board.read')
  @WithVersion()
  readDossier(@Param('corridorId', CorridorIdPipe) corridorId: CorridorId, @CurrentActor() actor: Actor): Promise<DossierView> {
    return this.reads.dossier(corridorId, actor);
  }

  /** What was recorded about the corridor, as you may see it, the oldest first. */
  @Get(':corridorId/history')
  @Requires('events.read')
  history(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Query() query: HistoryQuery,
    @CurrentActor() actor: Actor,
  ): Promise<CorridorHistory> {
    return this.reads.history(corridorId, query, actor);
  }

  /** Another route. Needs `If-Match`. Ordnance and evidence stay only with segments that keep their id, line and width. */
  @ApiHeader(IF_MATCH)
  @Post(':corridorId/routes')
  @Requires('corridor.edit')
  changeRoute(
    @Param('corridorId', CorridorIdPipe) corridorId: CorridorId,
    @Body() body: ChangeRouteBody,
    @Asked() ask: Ask,
  ): Promise<CorridorAnswer> {
    return this.corridors.changeRoute(corridorId, body, ask);
  }
}
