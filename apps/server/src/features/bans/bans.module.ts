import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { BanModule } from '../../policy/bans/ban.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { BansBackup } from './bans-backup.js';
import { BansController } from './bans.controller.js';
import { BansService } from './bans.service.js';
import { FlappingWatch } from './flapping-watch.js';

@Module({
  imports: [AuditModule, BrokerModule, BanModule],
  controllers: [BansController],
  providers: [BansBackup, BansService, FlappingWatch],
  exports: [BansBackup],
})
export class BansModule {}
