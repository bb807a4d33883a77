import { Body, Controller, Get, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { PersonId } from '../domain/ids.js';
import type { Actor } from '../domain/permission.js';
import { Asked, IF_MATCH, OPTIONAL_IF_MATCH, type Ask } from './ask.js';
import { CurrentActor } from './current-actor.js';
import { IdPipe } from './id.pipe.js';
import {
  AddPersonBody,
  AssignCorridorsBody,
  ChangePersonBody,
  IssueSignInCodeBody,
  ListPeopleQuery,
  type PersonList,
  type PersonNameList,
  type PersonView,
  type SignInCodeView,
} from './people.dto.js';
import { People, signInLink } from './people.service.js';
import { MadeAt } from './location.js';
import { Requires } from './requires.js';
import { WithVersion } from './version.js';

@ApiTags('people')
@Controller('v1/people')
@Requires('person.manage')
export class PeopleController {
  constructor(private readonly people: People) {}

  /** Adds a person. They sign in by a one-time code that you issue, and may then set a password. */
  @Post()
  @MadeAt('/v1/people', 'id')
  @WithVersion()
  add(@Body() body: AddPersonBody, @Asked() ask: Ask): Promise<PersonView> {
    return this.people.add(ask, body);
  }

  /** The people of your organisation and of those it registered, in the order in which they were added. */
  @Get()
  list(@Query() query: ListPeopleQuery, @CurrentActor() actor: Actor): Promise<PersonList> {
    return this.people.list(actor, query);
  }

  /** The names of your organisation's people, so that a screen can say who set a hold. The log itself holds no name. */
  @Get('names')
  @Requires('person.read_name')
  names(@CurrentActor() actor: Actor): Promise<PersonNameList> {
    return this.people.names(actor);
  }

  /** One person of your organisation or of one that it registered. */
  @Get(':personId')
  @WithVersion()
  read(@Param('personId', IdPipe) id: PersonId, @CurrentActor() actor: Actor): Promise<PersonView> {
    return this.people.read(actor, id);
  }

  /** Changes role or name, or disables: it takes effect within 5 s on every process, open sockets too. */
  @Patch(':personId')
  @ApiHeader(IF_MATCH)
  @WithVersion()
  change(@Param('personId', IdPipe) id: PersonId, @Body() body: ChangePersonBody, @Asked() ask: Ask): Promise<PersonView> {
    return this.people.change(ask, id, body);
  }

  /** Issues a one-time sign-in link: the only answer that ever shows it. */
  @Post(':personId/sign-in-codes')
  async issueCode(
    @Param('personId', IdPipe) id: PersonId,
    @Body() body: IssueSignInCodeBody,
    @CurrentActor() actor: Actor,
  ): Promise<SignInCodeView> {
    const { code, expiresAt } = await this.people.issueCode(actor, id, body);
    return { link: signInLink(code), expiresAt };
  }

  /** Assigns corridors of their organisation to a person: exactly these. They count for field roles. */
  @Put(':personId/assignments')
  @ApiHeader(OPTIONAL_IF_MATCH)
  @WithVersion()
  assign(@Param('personId', IdPipe) id: PersonId, @Body() body: AssignCorridorsBody, @Asked() ask: Ask): Promise<PersonView> {
    return this.people.assign(ask, id, body);
  }
}
