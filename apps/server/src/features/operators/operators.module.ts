import { Module } from '@nestjs/common';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { InvitationsController } from './invitations.controller.js';
import { InvitationsService } from './invitations.service.js';
import { InvitationsStore } from './invitations.store.js';
import { OperatorAccessController } from './operator-access.controller.js';
import { OperatorAccessService } from './operator-access.service.js';
import { OperatorSessions } from './operator-sessions.js';
import { OperatorSessionsStore } from './operator-sessions.store.js';
import { OperatorsBackup } from './operators-backup.js';
import { OperatorsController } from './operators.controller.js';
import { OperatorsService } from './operators.service.js';
import { OperatorsStore } from './operators.store.js';
import { SecondFactor } from './second-factor.js';
import { SecondFactorStore } from './second-factor.store.js';
import { SessionCookie } from './session-cookie.js';

@Module({
  imports: [AuditModule, PolicyModule],
  controllers: [OperatorsController, OperatorAccessController, InvitationsController],
  providers: [
    OperatorsBackup,
    OperatorsService,
    OperatorsStore,
    OperatorAccessService,
    OperatorSessions,
    OperatorSessionsStore,
    InvitationsService,
    InvitationsStore,
    SecondFactor,
    SecondFactorStore,
    SessionCookie,
  ],
  exports: [OperatorsBackup, OperatorsService, OperatorAccessService, OperatorSessions, SecondFactor, SessionCookie],
})
export class OperatorsModule {}
