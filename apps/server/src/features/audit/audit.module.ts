import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditExport } from './audit-export.js';
import { AuditRetention } from './audit-retention.js';
import { AuditRetentionBackup } from './audit-retention-backup.js';
import { AuditService } from './audit.service.js';
import { AuditStore } from './audit.store.js';
import { RefusalTally } from './refusal-tally.js';
import { AuditVerifier } from './audit-verifier.js';

@Module({
  controllers: [AuditController],
  providers: [AuditService, AuditStore, AuditExport, AuditRetention, AuditRetentionBackup, AuditVerifier, RefusalTally],
  exports: [AuditRetentionBackup, AuditService, RefusalTally],
})
export class AuditModule {}
