import { Injectable } from '@nestjs/common';
import { type AuditEntry as AuditRow, Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { chunksOf } from '../../database/chunks-of.js';
import { likeLiteral } from '../../http/like.js';
import type { AuditEntry, AuditQuery } from './audit.schemas.js';

type Tx = Prisma.TransactionClient;

/** An entry before it is written. */
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at'>;

/** Keeps the audit log. Entries are added, never changed. */
@Injectable()
export class AuditStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Runs the work, and whatever it writes, in one transaction. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, timeout = 20_000): Promise<Result> {
    return this.prisma.$transaction(work, { maxWait: 5_000, timeout });
  }

  async append(entry: NewAuditEntry, tx: Tx = this.prisma): Promise<void> {
    await tx.auditEntry.create({
      data: { ...entry, before: json(entry.before), after: json(entry.after) },
    });
  }

  async appendAll(entries: readonly NewAuditEntry[], tx: Tx): Promise<void> {
    // Not by Prisma's createMany: of thousands of entries it makes seconds in which nothing else is done.
    for (const some of chunksOf(entries, 1000)) {
      await tx.$executeRaw`
        INSERT INTO audit_entries (operator, action, object, result, address, request_id, before, after, reason)
        SELECT operator, action, object, result, address, "requestId", before, after, reason
        FROM jsonb_to_recordset(${JSON.stringify(some)}::jsonb) AS entry (operator text, action text, object text,
          result audit_result, address text, "requestId" text, before jsonb, after jsonb, reason text)`;
    }
  }

  /** Entries older than this id, newest first. */
  async before(id: bigint | null, filter: Omit<AuditQuery, 'limit' | 'after'>, limit: number): Promise<AuditEntry[]> {
    const { operator, action, object, result } = filter;
    const rows = await this.prisma.auditEntry.findMany({
      where: {
        ...(id === null ? {} : { id: { lt: id } }),
        operator,
        result,
        action: action === undefined ? undefined : { startsWith: likeLiteral(action) },
        object: object === undefined ? undefined : { contains: likeLiteral(object), mode: 'insensitive' },
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(entryOf);
  }
}

function json(value: AuditEntry['before']): Prisma.InputJsonValue | typeof Prisma.DbNull {
  return value === null ? Prisma.DbNull : (value as Prisma.InputJsonObject);
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    ...row,
    id: String(row.id),
    at: row.at.toISOString(),
    before: row.before as AuditEntry['before'],
    after: row.after as AuditEntry['after'],
  };
}
