import { Module } from '@nestjs/common';
import { AccessBackup } from '../access-settings/access-backup.js';
import { AccessSettingsModule } from '../access-settings/access-settings.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AuditRetentionBackup } from '../audit/audit-retention-backup.js';
import { BansBackup } from '../bans/bans-backup.js';
import { BansModule } from '../bans/bans.module.js';
import { OperatorsBackup } from '../operators/operators-backup.js';
import { OperatorsModule } from '../operators/operators.module.js';
import { PolicyBackup } from '../policy/policy-backup.js';
import { PolicyFeatureModule } from '../policy/policy-feature.module.js';
import { SettingsBackup } from '../settings/settings-backup.js';
import { SettingsModule } from '../settings/settings.module.js';
import { UsersBackup } from '../users/users-backup.js';
import { UsersModule } from '../users/users.module.js';
import { BackupController } from './backup.controller.js';
import type { BackupSection } from './backup-section.js';
import { BackupSections } from './backup-sections.js';
import { BackupWriter } from './backup-writer.js';
import { RestoreService } from './restore.service.js';

/** In the order in which they are restored. */
const sections = [
  SettingsBackup,
  AuditRetentionBackup,
  AccessBackup,
  PolicyBackup,
  UsersBackup,
  BansBackup,
  OperatorsBackup,
];

const backupSections = {
  provide: BackupSections,
  inject: sections,
  useFactory: (...parts: BackupSection[]) => new BackupSections(parts),
};

@Module({
  imports: [
    AccessSettingsModule,
    AuditModule,
    BansModule,
    OperatorsModule,
    PolicyFeatureModule,
    SettingsModule,
    UsersModule,
  ],
  controllers: [BackupController],
  providers: [backupSections, BackupWriter, RestoreService],
})
export class BackupModule {}
