import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../auth/ask.js';
import { CurrentActor } from '../auth/current-actor.js';
import { IdPipe } from '../auth/id.pipe.js';
import { MadeAt } from '../auth/location.js';
import { Requires } from '../auth/requires.js';
import { WithVersion } from '../auth/version.js';
import type { CommandId, WindowId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import {
  AnnounceWindowBody,
  AnswerHotlineBody,
  ExtendWindowBody,
  ListWindowsQuery,
  MakeClaimBody,
  RecordConsentBody,
  RecordOutcomeBody,
  RecordViolationBody,
  SetBasisBody,
  ShortenWindowBody,
  WindowStepBody,
  type WindowAnswer,
  type WindowList,
  type WindowView,
} from './ceasefires.dto.js';
import { CeasefiresService } from './ceasefires.service.js';

/** Hours in which fire should cease, as claimed. Announced is not agreed, and agreed is not open. */
@ApiTags('windows')
@Controller('v1/windows')
export class CeasefiresController {
  constructor(private readonly ceasefires: CeasefiresService) {}

  /** Records that somebody announced a window. Every party's consent starts at `none`. Refused: `edge-not-ordered`. */
  @Post()
  @MadeAt('/v1/windows', 'windowId')
  @Requires('window.announce')
  announce(@Body() body: AnnounceWindowBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.announce(body, ask);
  }

  /** Windows that name a corridor you may see, in the order of their announcement. */
  @Get()
  @Requires('board.read')
  list(@Query() query: ListWindowsQuery, @CurrentActor() actor: Actor): Promise<WindowList> {
    return this.ceasefires.list(query, actor);
  }

  /** One window, with its version as `ETag`. */
  @Get(':windowId')
  @Requires('board.read')
  @WithVersion()
  read(@Param('windowId', IdPipe) windowId: WindowId, @CurrentActor() actor: Actor): Promise<WindowView> {
    return this.ceasefires.read(windowId, actor);
  }

  /** One more voice on an edge, or a statement that contradicts the announcement. Nobody's earlier claim is dropped. */
  @Post(':windowId/claims')
  @Requires('window.claim')
  makeClaim(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: MakeClaimBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.makeClaim(windowId, body, ask);
  }

  /** What a relevant party says to this window. Falling from agreement to anything less suspends at once (E4). */
  @Post(':windowId/consents')
  @Requires('window.record_consent')
  recordConsent(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: RecordConsentBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.recordConsent(windowId, body, ask);
  }

  /** The party's hotline was answered: "the units on the route have it". */
  @Post(':windowId/hotline-answers')
  @Requires('window.answer_hotline')
  answerHotline(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: AnswerHotlineBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.answerHotline(windowId, body, ask);
  }

  /** What the window rests on. Only `all_party` supports OPEN. */
  @Post(':windowId/bases')
  @Requires('window.decide')
  setBasis(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: SetBasisBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.setBasis(windowId, body, ask);
  }

  /** A later end, for the people already inside: departures still stop at the earliest end until a second person approves. */
  @Post(':windowId/extensions')
  @Requires('window.decide')
  extend(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: ExtendWindowBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.extend(windowId, body, ask);
  }

  /** A second coordinator approves the later end: it holds for new departures as well. Refused to who extended (`same-person`). */
  @Post(':windowId/extensions/:claimId/approvals')
  @Requires('window.decide')
  approveExtension(
    @Param('windowId', IdPipe) windowId: WindowId,
    @Param('claimId', IdPipe) claimId: CommandId,
    @Body() body: WindowStepBody,
    @Asked() ask: Ask,
  ): Promise<WindowAnswer> {
    return this.ceasefires.approveExtension(windowId, claimId, body, ask);
  }

  /** An earlier end: one person, at once. Takes no `If-Match`. */
  @Post(':windowId/shortenings')
  @Requires('window.decide')
  shorten(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: ShortenWindowBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.shorten(windowId, body, ask);
  }

  /** Called off: every attempt on it ends (E1). Takes no `If-Match`. */
  @Post(':windowId/cancellations')
  @Requires('window.decide')
  cancel(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: WindowStepBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.cancel(windowId, body, ask);
  }

  /** While the window runs, fire suspends the corridors hit and holds the others until reconfirmed (E5). Takes no `If-Match`. */
  @Post(':windowId/violations')
  @Requires('window.decide')
  recordViolation(
    @Param('windowId', IdPipe) windowId: WindowId,
    @Body() body: RecordViolationBody,
    @Asked() ask: Ask,
  ): Promise<WindowAnswer> {
    return this.ceasefires.recordViolation(windowId, body, ask);
  }

  /** What became of it, often known later: a fact beside the state, which moves nothing. */
  @Post(':windowId/outcomes')
  @Requires('window.record_outcome')
  recordOutcome(@Param('windowId', IdPipe) windowId: WindowId, @Body() body: RecordOutcomeBody, @Asked() ask: Ask): Promise<WindowAnswer> {
    return this.ceasefires.recordOutcome(windowId, body, ask);
  }
}
