import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { LimitGuard } from '../platform/limits.js';
import { AuthGuard } from './auth.guard.js';
import { Handlers } from './handlers.js';
import { OrganisationsController } from './organisations.controller.js';
import { Organisations } from './organisations.service.js';
import { Passwords } from './passwords.js';
import { PeopleController } from './people.controller.js';
import { People } from './people.service.js';
import { SessionsController } from './sessions.controller.js';
import { Rights } from './rights.service.js';
import { SessionChanges } from './session-changes.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';

/** Who may enter and what for. Its guard stands before every handler of every module. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [SessionsController, PeopleController, OrganisationsController],
  providers: [
    // In this order: who asks is known when it is counted, so that one person's flood is not their neighbours' behind the same address.
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_GUARD, useClass: LimitGuard },
    Handlers,
    Organisations,
    Passwords,
    People,
    Rights,
    Sessions,
    SessionChanges,
    SignIn,
  ],
  exports: [Handlers, Organisations, People, Sessions],
})
export class AuthModule {}
