import { Injectable } from '@nestjs/common';
import { type AuditEntry as AuditRow, Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { chunksOf } from '../../database/chunks-of.js';
import { likeLiteral } from '../../http/like.js';
import type { AuditEntry, AuditFilter } from './audit.schemas.js';
import { type ChainedEntry, chainHash, GENESIS, type Link } from './chain.js';

type Tx = Prisma.TransactionClient;

/** An entry before it is written. */
export type NewAuditEntry = Omit<AuditEntry, 'id' | 'at' | 'hash'>;

const PAGE = 1000;
const anchorKey = 'audit.anchor';

/** Keeps the audit log. Entries are added, never changed; each carries a hash over itself and the one before. */
@Injectable()
export class AuditStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Runs the work, and whatever it writes, in one transaction. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>, timeout = 20_000): Promise<Result> {
    return this.prisma.$transaction(work, { maxWait: 5_000, timeout });
  }

  /** Reads in one snapshot, however long it takes: what is written or cut meanwhile is not seen. */
  snapshot<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
    return this.prisma.$transaction(work, { isolationLevel: 'RepeatableRead', maxWait: 5_000, timeout: 600_000 });
  }

  /** Adds entries at the end of the chain. Others wait for the transaction to end: call it last. */
  async append(entries: readonly NewAuditEntry[], tx: Tx): Promise<void> {
    await this.lock(tx);
    let previous = await this.head(tx);
    const at = new Date().toISOString();
    // A few at a time, and not by Prisma's createMany: of thousands that makes seconds in which nothing else is done.
    for (const some of chunksOf(entries, PAGE)) {
      const rows = some.map(storable).map((entry) => {
        previous = chainHash(previous, { ...entry, at });
        return { ...entry, at, hash: Buffer.from(previous).toString('hex') };
      });
      await tx.$executeRaw`
        INSERT INTO audit_entries (at, operator, action, object, result, address, request_id, before, after, reason, hash)
        SELECT at, operator, action, object, result, address, "requestId", before, after, reason, decode(hash, 'hex')
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS entry (at timestamptz, operator text, action text,
          object text, result audit_result, address text, "requestId" text, before jsonb, after jsonb, reason text, hash text)`;
    }
  }

  /** Entries older than this id, newest first. */
  async before(id: bigint | null, filter: AuditFilter, limit: number): Promise<AuditEntry[]> {
    const { operator, action, object, result, match, rule } = filter;
    const part = { contains: likeLiteral(object ?? ''), mode: 'insensitive' } as const;
    const ofRule = { path: ['rules'], array_contains: [{ id: rule }] };
    const rows = await this.prisma.auditEntry.findMany({
      where: {
        ...(id === null ? {} : { id: { lt: id } }),
        operator,
        result,
        action: action === undefined ? undefined : { startsWith: likeLiteral(action) },
        object: object === undefined ? undefined : match === 'exact' ? object : part,
        ...(rule === undefined ? {} : { OR: [{ before: ofRule }, { after: ofRule }] }),
      },
      orderBy: { id: 'desc' },
      take: limit,
    });
    return rows.map(entryOf);
  }

  /** All entries, oldest first, a page at a time. */
  async *links(tx: Tx): AsyncGenerator<Link> {
    for (let last = 0n; ;) {
      const rows = await tx.auditEntry.findMany({ where: { id: { gt: last } }, orderBy: { id: 'asc' }, take: PAGE });
      for (const row of rows) yield { id: String(row.id), entry: chained(row), hash: row.hash };
      last = rows.at(-1)?.id ?? last;
      if (rows.length < PAGE) return;
    }
  }

  /** The hash that the oldest entry follows. */
  async anchor(tx: Tx): Promise<Uint8Array<ArrayBuffer>> {
    const row = await tx.setting.findUnique({ where: { key: anchorKey } });
    return typeof row?.value === 'string' ? new Uint8Array(Buffer.from(row.value, 'hex')) : GENESIS;
  }

  /** Removes what is older; the rest holds on to the hash of the last that was removed. Returns how many went. */
  async cut(tx: Tx, olderThan: Date): Promise<number> {
    await this.lock(tx);
    const last = await tx.auditEntry.findFirst({ where: { at: { lt: olderThan } }, orderBy: { id: 'desc' } });
    if (!last?.hash) return 0;
    const value = Buffer.from(last.hash).toString('hex');
    await tx.setting.upsert({ where: { key: anchorKey }, create: { key: anchorKey, value }, update: { value } });
    const { count } = await tx.auditEntry.deleteMany({ where: { id: { lte: last.id } } });
    return count;
  }

  private async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.audit'))`;
  }

  /** The hash that the next entry follows. Under the lock. */
  private async head(tx: Tx): Promise<Uint8Array> {
    const last = await tx.auditEntry.findFirst({ orderBy: { id: 'desc' }, select: { hash: true } });
    if (last?.hash) return last.hash;
    if (!last) return this.anchor(tx);
    // A log from before there was a chain gets one, once; a hash that is taken away later is a break.
    const isChained = await tx.auditEntry.findFirst({ where: { hash: { not: null } }, select: { id: true } });
    return isChained ? GENESIS : this.adopt(tx);
  }

  private async adopt(tx: Tx): Promise<Uint8Array> {
    let previous = await this.anchor(tx);
    for await (const { id, entry } of this.links(tx)) {
      previous = chainHash(previous, entry);
      await tx.$executeRaw`UPDATE audit_entries SET hash = ${previous}::bytea WHERE id = ${BigInt(id)}`;
    }
    return previous;
  }
}

/** Only what JSON can say and Postgres can hold: what is hashed is what will be read. */
function storable(entry: NewAuditEntry): NewAuditEntry {
  const text = JSON.stringify(entry, (_name, value: unknown) =>
    typeof value === 'string' ? Buffer.from(value.replaceAll('\0', '\ufffd')).toString() : value,
  );
  return JSON.parse(text) as NewAuditEntry;
}

function chained(row: AuditRow): ChainedEntry {
  const { operator, action, object, result, address, requestId, reason } = row;
  return {
    at: row.at.toISOString(),
    operator,
    action,
    object,
    result,
    address,
    requestId,
    before: row.before as AuditEntry['before'],
    after: row.after as AuditEntry['after'],
    reason,
  };
}

function entryOf(row: AuditRow): AuditEntry {
  const hash = row.hash === null ? null : Buffer.from(row.hash).toString('hex');
  return { id: String(row.id), ...chained(row), hash };
}
