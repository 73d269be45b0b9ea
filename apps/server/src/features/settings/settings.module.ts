import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CertificatesService } from './certificates.service.js';
import { SettingsBackup } from './settings-backup.js';
import { SettingsController } from './settings.controller.js';
import { SettingsService } from './settings.service.js';
import { SettingsStore } from './settings.store.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [SettingsController],
  providers: [SettingsBackup, SettingsService, SettingsStore, CertificatesService],
  exports: [SettingsBackup],
})
export class SettingsModule {}
