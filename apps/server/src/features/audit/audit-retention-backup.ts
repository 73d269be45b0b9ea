import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import {
  type BackupSection,
  changesBetween,
  nothingToDo,
  problemsAt,
  type RestoreOptions,
  type SectionPlan,
} from '../backup/backup-section.js';
import { AuditRetention } from './audit-retention.js';
import { AuditRetention as File } from './audit.schemas.js';

type Tx = Prisma.TransactionClient;

/** How long the audit log is kept, in a backup. The log itself is not in it: it is never written from outside. */
@Injectable()
export class AuditRetentionBackup implements BackupSection {
  readonly name = 'audit';

  constructor(private readonly retention: AuditRetention) {}

  read(tx: Tx): Promise<unknown> {
    return this.retention.get(tx);
  }

  async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.audit-retention'))`;
  }

  async plan(tx: Tx, part: unknown, { mode }: RestoreOptions): Promise<SectionPlan> {
    const file = File.safeParse(part);
    if (!file.success) return nothingToDo({ problems: problemsAt(this.name, file.error) });
    const before = await this.retention.get(tx);
    const changes = changesBetween<File>(['days'], before, file.data);
    // That the file says nothing takes away what is set here, as anything else that it does not have.
    if (changes.length === 0 || (file.data.days === null && mode === 'merge')) return nothingToDo({ unchanged: 1 });
    return {
      items: [{ name: 'retention', outcome: 'change', changes, note: null }],
      unchanged: 0,
      problems: [],
      apply: async (tx) => ({
        deeds: [await this.retention.save(tx, file.data)],
        enforce: () => Promise.resolve(),
      }),
    };
  }
}
