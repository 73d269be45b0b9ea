import { Module } from '@nestjs/common';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { OperatorSessions } from './operator-sessions.js';
import { OperatorSessionsStore } from './operator-sessions.store.js';
import { OperatorsController } from './operators.controller.js';
import { OperatorsService } from './operators.service.js';
import { OperatorsStore } from './operators.store.js';
import { SessionCookie } from './session-cookie.js';

@Module({
  imports: [AuditModule, PolicyModule],
  controllers: [OperatorsController],
  providers: [OperatorsService, OperatorsStore, OperatorSessions, OperatorSessionsStore, SessionCookie],
  exports: [OperatorsService, OperatorSessions, SessionCookie],
})
export class OperatorsModule {}
