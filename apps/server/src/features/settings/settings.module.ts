import { Module } from '@nestjs/common';
import { BrokerModule } from '../../broker/broker.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { CertificatesService } from './certificates.service.js';
import { SettingsController } from './settings.controller.js';
import { SettingsService } from './settings.service.js';
import { SettingsStore } from './settings.store.js';

@Module({
  imports: [AuditModule, BrokerModule],
  controllers: [SettingsController],
  providers: [SettingsService, SettingsStore, CertificatesService],
})
export class SettingsModule {}
