import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asked, type Ask } from '../auth/ask.js';
import { CurrentActor } from '../auth/current-actor.js';
import { IdPipe } from '../auth/id.pipe.js';
import { MadeAt } from '../auth/location.js';
import { Requires } from '../auth/requires.js';
import { WithVersion } from '../auth/version.js';
import type { AttackId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import {
  CorroborateAttackBody,
  DiscountAttackBody,
  GradeAttackBody,
  ListAttacksQuery,
  ReportAttackBody,
  RetractAttackBody,
  ReviseCountsBody,
  type AttackAnswer,
  type AttackList,
  type AttackView,
} from './attacks.dto.js';
import { AttacksService } from './attacks.service.js';

/** Reported attacks on people who flee, and on what they need. A report stops; only people decide that it does not. */
@ApiTags('attacks')
@Controller('v1/attacks')
export class AttacksController {
  constructor(private readonly attacks: AttacksService) {}

  /**
   * Reports an attack. Every corridor that it names, or whose rings its place reaches, is stopped or warned in the same batch.
   *
   * Goes before everything that waits. A report from the future is kept, flagged, and counts from its receipt.
   */
  @Post()
  @MadeAt('/v1/attacks', 'attackId')
  @Requires('attack.report')
  report(@Body() body: ReportAttackBody, @Asked() ask: Ask): Promise<AttackAnswer> {
    return this.attacks.report(body, ask);
  }

  /** Attacks as you may see them, the newest received first. */
  @Get()
  @Requires('attack.read')
  list(@Query() query: ListAttacksQuery, @CurrentActor() actor: Actor): Promise<AttackList> {
    return this.attacks.list(query, actor);
  }

  /** One attack as you may see it, with its version as `ETag`. */
  @Get(':attackId')
  @Requires('attack.read')
  @WithVersion()
  read(@Param('attackId', IdPipe) attackId: AttackId, @CurrentActor() actor: Actor): Promise<AttackView> {
    return this.attacks.read(attackId, actor);
  }

  /** A verifier's judgement of source and information. What takes a report out of the dangers is a discount (`discount-instead`). */
  @Post(':attackId/gradings')
  @Requires('attack.verify')
  grade(@Param('attackId', IdPipe) attackId: AttackId, @Body() body: GradeAttackBody, @Asked() ask: Ask): Promise<AttackAnswer> {
    return this.attacks.grade(attackId, body, ask);
  }

  /** A second, independent origin says the same. Two origins are enough to suspend (E2). */
  @Post(':attackId/corroborations')
  @Requires('attack.verify')
  corroborate(
    @Param('attackId', IdPipe) attackId: AttackId,
    @Body() body: CorroborateAttackBody,
    @Asked() ask: Ask,
  ): Promise<AttackAnswer> {
    return this.attacks.corroborate(attackId, body, ask);
  }

  /**
   * Coordinators decide, with a reason, that the report has no effect on their own corridors; it counts for others as before, and what it
   * had set stays until people lift it. A report that is signed in or graded takes two who say the same effect: the first proposes.
   */
  @Post(':attackId/discounts')
  @Requires('attack.discount')
  discount(@Param('attackId', IdPipe) attackId: AttackId, @Body() body: DiscountAttackBody, @Asked() ask: Ask): Promise<AttackAnswer> {
    return this.attacks.discount(attackId, body, ask);
  }

  /** The sender takes it back. It asks for a discount and changes no word. Only for who reported it. */
  @Post(':attackId/retractions')
  @Requires('attack.report')
  retract(@Param('attackId', IdPipe) attackId: AttackId, @Body() body: RetractAttackBody, @Asked() ask: Ask): Promise<AttackAnswer> {
    return this.attacks.retract(attackId, body, ask);
  }

  /** Later figures. The earlier ones stay in the history. */
  @Post(':attackId/counts')
  @Requires('attack.verify')
  reviseCounts(@Param('attackId', IdPipe) attackId: AttackId, @Body() body: ReviseCountsBody, @Asked() ask: Ask): Promise<AttackAnswer> {
    return this.attacks.reviseCounts(attackId, body, ask);
  }
}
