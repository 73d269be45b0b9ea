import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { InjectConfig } from '../../config/config.module.js';
import type { Config } from '../../config/config.schema.js';
import { version } from '../../config/version.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { AuditService } from '../audit/audit.service.js';
import { sectionNames } from './backup-section.js';
import { BackupSections } from './backup-sections.js';
import { BACKUP_FORMAT, BACKUP_LIMIT_BYTES, BACKUP_VERSION, type BackupQuery } from './backup.schemas.js';

const READ_TIMEOUT_MS = 120_000;

/** A backup as a file. */
export interface WrittenBackup {
  readonly name: string;
  /** Its text, in pieces. */
  readonly pieces: readonly string[];
}

/** Writes the whole configuration, as it is in one moment. */
@Injectable()
export class BackupWriter {
  constructor(
    private readonly sections: BackupSections,
    private readonly prisma: PrismaService,
    private readonly audit: AuditService,
    @InjectConfig() private readonly config: Config,
  ) {}

  /** That it was taken is in the audit log before it is answered. 413 where it would be too large to be restored. */
  async write({ secrets }: BackupQuery, actor: Actor): Promise<WrittenBackup> {
    const createdAt = new Date().toISOString();
    const head = {
      format: BACKUP_FORMAT,
      version: BACKUP_VERSION,
      createdAt,
      createdBy: actor.name,
      perch: version,
      broker: this.config.brokerName,
      hasSecrets: secrets,
    };
    const pieces = await this.prisma.$transaction((tx) => this.pieces(tx, head), {
      isolationLevel: 'RepeatableRead',
      maxWait: 5_000,
      timeout: READ_TIMEOUT_MS,
    });
    await this.audit.record(actor, { action: 'backup.export', object: 'backup', after: { secrets } });
    const name = `perch-backup-${createdAt.slice(0, 19).replaceAll(':', '')}Z.json`;
    return { name, pieces };
  }

  /** A line for each user: two backups can be compared by any tool. */
  private async pieces(tx: Prisma.TransactionClient, head: { readonly hasSecrets: boolean }): Promise<string[]> {
    const pieces = [JSON.stringify(head, null, 2).slice(0, -2)];
    let length = 0;
    const add = (piece: string) => {
      length += piece.length;
      if (length > BACKUP_LIMIT_BYTES) throw tooLarge();
      pieces.push(piece);
    };
    for (const section of this.sections.of(sectionNames)) {
      const part = section.read(tx, head.hasSecrets);
      add(`,\n  "${section.name}": `);
      if (part instanceof Promise) add(JSON.stringify(await part, null, 2).replaceAll('\n', '\n  '));
      else await addList(part, add);
    }
    return [...pieces, '\n}\n'];
  }
}

async function addList(items: AsyncIterable<unknown>, add: (piece: string) => void): Promise<void> {
  let before = '[\n    ';
  for await (const item of items) {
    add(before + JSON.stringify(item));
    before = ',\n    ';
  }
  add(before.startsWith('[') ? '[]' : '\n  ]');
}

function tooLarge(): ApiError {
  return new ApiError(
    'too-large',
    `The backup would be larger than ${BACKUP_LIMIT_BYTES / 1024 / 1024} MB, which nothing takes back. Take a dump of the database.`,
  );
}
