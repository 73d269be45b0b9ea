import { Module, StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { BrokerModule } from '../broker/broker.module.js';
import { AuditModule } from '../features/audit/audit.module.js';
import { SignInModule } from '../features/sign-in/sign-in.module.js';
import { AuthGuard } from './auth.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { ScrapeDoor } from './scrape-door.js';
import { SchemaPipe } from './schema.pipe.js';

/** What every request passes: who may, what it takes, what it answers, how it fails. */
@Module({
  imports: [AuditModule, BrokerModule, SignInModule],
  providers: [
    ScrapeDoor,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_PIPE, useClass: SchemaPipe },
    { provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class HttpModule {}
