import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { BanModule } from '../../policy/bans/ban.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ShownUsers } from './shown-users.js';
import { UserBulkService } from './user-bulk.service.js';
import { UserExpiryWatch } from './user-expiry-watch.js';
import { UserExport } from './user-export.js';
import { UserImportService } from './user-import.service.js';
import { UserLoginBansController } from './user-login-bans.controller.js';
import { UserLoginBansService } from './user-login-bans.service.js';
import { UserPush } from './user-push.js';
import { UsersBackup } from './users-backup.js';
import { UsersBatchController } from './users-batch.controller.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';
import { UsersStore } from './users.store.js';

@Module({
  imports: [AuditModule, BanModule, BrokerModule, PolicyModule],
  controllers: [UserLoginBansController, UsersBatchController, UsersController],
  providers: [
    ShownUsers,
    UserBulkService,
    UserExpiryWatch,
    UserExport,
    UserImportService,
    UserLoginBansService,
    UserPush,
    UsersBackup,
    UsersService,
    UsersStore,
  ],
  exports: [UserImportService, UsersBackup, UsersService],
})
export class UsersModule {}
