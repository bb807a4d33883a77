import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { OrganisationId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { Asked, IF_MATCH, OPTIONAL_IF_MATCH, type Ask } from './ask.js';
import { CurrentActor } from './current-actor.js';
import { IdPipe } from './id.pipe.js';
import {
  ChangeOrganisationBody,
  type OrganisationList,
  type OrganisationView,
  PageQuery,
  RegisterOrganisationBody,
  ShareCorridorsBody,
} from './people.dto.js';
import { Organisations } from './organisations.service.js';
import { MadeAt } from './location.js';
import { Requires } from './requires.js';
import { WithVersion } from './version.js';

@ApiTags('organisations')
@Controller('v1/organisations')
@Requires('organisation.manage')
export class OrganisationsController {
  constructor(private readonly organisations: Organisations) {}

  /** Registers an organisation; yours manages it from now on, together with its own administrators. */
  @Post()
  @MadeAt('/v1/organisations', 'id')
  @WithVersion()
  register(@Body() body: RegisterOrganisationBody, @Asked() ask: Ask): Promise<OrganisationView> {
    return this.organisations.register(ask, body);
  }

  /** Yours, and those it registered, in the order of their registration. */
  @Get()
  list(@Query() query: PageQuery, @CurrentActor() actor: Actor): Promise<OrganisationList> {
    return this.organisations.list(actor, query);
  }

  /** One organisation: yours, or one that it registered. */
  @Get(':organisationId')
  @WithVersion()
  read(@Param('organisationId', IdPipe) id: OrganisationId, @CurrentActor() actor: Actor): Promise<OrganisationView> {
    return this.organisations.read(actor, id);
  }

  /** Renames it, or disables it: all its people are signed out within 5 s. */
  @Patch(':organisationId')
  @ApiHeader(IF_MATCH)
  @WithVersion()
  change(
    @Param('organisationId', IdPipe) id: OrganisationId,
    @Body() body: ChangeOrganisationBody,
    @Asked() ask: Ask,
  ): Promise<OrganisationView> {
    return this.organisations.change(ask, id, body);
  }

  /** Shares corridors of your organisation with this one's partners: exactly these. */
  @Put(':organisationId/shares')
  @ApiHeader(OPTIONAL_IF_MATCH)
  @WithVersion()
  share(
    @Param('organisationId', IdPipe) id: OrganisationId,
    @Body() body: ShareCorridorsBody,
    @Asked() ask: Ask,
  ): Promise<OrganisationView> {
    return this.organisations.share(ask, id, body);
  }
}
