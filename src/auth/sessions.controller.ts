import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../domain/permission.js';
import { Limit } from '../platform/limits.js';
import { CurrentActor, CurrentSession } from './current-actor.js';
import { IdPipe } from './id.pipe.js';
import { PageCookie } from './page-cookie.js';
import { toPage, toList } from './paging.js';
import { PageQuery } from './people.dto.js';
import { Public, Requires } from './requires.js';
import type { Session } from './session.js';
import { SetPasswordBody, SignInBody, type CurrentSessionView, type SessionList, type SignedInView } from './sessions.dto.js';
import { SignIn } from './sign-in.service.js';

@ApiTags('sessions')
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly signIns: SignIn) {}

  /** Signs in with a one-time code, or with a sign-in name and password. Why it failed is not told. */
  @Post()
  @Public()
  @Limit('sign_in')
  async signIn(@Body() body: SignInBody, @PageCookie() cookie: PageCookie): Promise<SignedInView> {
    if (body.carrier === 'cookie') cookie.refuseForeignPage();
    const { token, session } = await this.signIns.signIn(body);
    const view = await this.signIns.describe(session);
    if (body.carrier === 'bearer') return { ...view, token };
    cookie.keep(token);
    return view;
  }

  /** Your sessions that are alive, the newest first. */
  @Get()
  @Requires('session.own')
  async list(@Query() query: PageQuery, @CurrentSession() session: Session): Promise<SessionList> {
    const { items, next } = toList(query, await this.signIns.listSessions(session.actor.id, toPage(query)));
    return { items: items.map((item) => ({ ...item, isCurrent: item.id === session.id })), next };
  }

  /** Who you are, for whom you act, and what your role may do. */
  @Get('current')
  @Requires('session.own')
  current(@CurrentSession() session: Session): Promise<CurrentSessionView> {
    return this.signIns.describe(session);
  }

  /** Signs out. */
  @Delete('current')
  @HttpCode(204)
  @Requires('session.own')
  async signOut(@CurrentSession() session: Session, @PageCookie() cookie: PageCookie): Promise<void> {
    await this.signIns.end(session.actor, session.id);
    cookie.forget();
  }

  /** Ends one of your sessions on every process within 5 s; an administrator ends those of the people they manage, too. */
  @Delete(':sessionId')
  @HttpCode(204)
  @Requires('session.own')
  async end(@Param('sessionId', IdPipe) sessionId: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.signIns.end(actor, sessionId);
  }

  /**
   * Sets your password and ends your other sessions. It takes no `commandId`: it may be repeated as it is, and no digest of a password
   * is kept.
   */
  @Put('current/password')
  @HttpCode(204)
  @Requires('session.own')
  async setPassword(@Body() body: SetPasswordBody, @CurrentSession() session: Session): Promise<void> {
    await this.signIns.setPassword(session, body);
  }
}
