import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { PolicyModule } from '../../policy/policy.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AccessBackup } from './access-backup.js';
import { AccessPush } from './access-push.js';
import { AccessSettingsController } from './access-settings.controller.js';
import { AccessSettingsService } from './access-settings.service.js';
import { AccessTrial } from './access-trial.js';

@Module({
  imports: [AuditModule, BrokerModule, PolicyModule],
  controllers: [AccessSettingsController],
  providers: [AccessBackup, AccessSettingsService, AccessPush, AccessTrial],
  exports: [AccessBackup],
})
export class AccessSettingsModule {}
