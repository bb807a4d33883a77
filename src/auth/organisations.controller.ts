import { Body, Controller, Get, Param, Patch, Post, Put, Query, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { OrganisationId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { CurrentActor } from './current-actor.js';
import { IdPipe } from './id.pipe.js';
import {
  ChangeOrganisationBody,
  OrganisationList,
  OrganisationView,
  PageQuery,
  RegisterOrganisationBody,
  ShareCorridorsBody,
} from './people.dto.js';
import { Organisations } from './organisations.service.js';
import { Requires } from './requires.js';
import { ExpectedVersion, VersionTag } from './version.js';

@ApiTags('organisations')
@Controller('v1/organisations')
@Requires('organisation.manage')
export class OrganisationsController {
  constructor(private readonly organisations: Organisations) {}

  /** Registers an organisation; yours manages it from now on, together with its own administrators. */
  @Post()
  @UseInterceptors(VersionTag)
  register(@Body() body: RegisterOrganisationBody, @CurrentActor() actor: Actor): Promise<OrganisationView> {
    const operation = { actorId: actor.id, method: 'POST', path: '/v1/organisations', body } as const;
    return this.organisations.register(actor, operation, body);
  }

  /** Yours, and those it registered, in the order of their registration. */
  @Get()
  list(@Query() query: PageQuery, @CurrentActor() actor: Actor): Promise<OrganisationList> {
    return this.organisations.list(actor, query);
  }

  @Get(':organisationId')
  @UseInterceptors(VersionTag)
  read(@Param('organisationId', IdPipe) id: OrganisationId, @CurrentActor() actor: Actor): Promise<OrganisationView> {
    return this.organisations.read(actor, id);
  }

  /** Renames it, or disables it: all its people are signed out within 5 s. */
  @Patch(':organisationId')
  @UseInterceptors(VersionTag)
  change(
    @Param('organisationId', IdPipe) id: OrganisationId,
    @ExpectedVersion() version: number,
    @Body() body: ChangeOrganisationBody,
    @CurrentActor() actor: Actor,
  ): Promise<OrganisationView> {
    const operation = { actorId: actor.id, method: 'PATCH', path: `/v1/organisations/${id}`, body } as const;
    return this.organisations.change(actor, operation, { id, version }, body);
  }

  /** Shares corridors of your organisation with this one's partners: exactly these. */
  @Put(':organisationId/shares')
  @UseInterceptors(VersionTag)
  share(
    @Param('organisationId', IdPipe) id: OrganisationId,
    @Body() body: ShareCorridorsBody,
    @CurrentActor() actor: Actor,
  ): Promise<OrganisationView> {
    const operation = { actorId: actor.id, method: 'PUT', path: `/v1/organisations/${id}/shares`, body } as const;
    return this.organisations.share(actor, operation, id, body);
  }
}
