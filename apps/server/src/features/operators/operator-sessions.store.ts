import { Injectable } from '@nestjs/common';
import type { OperatorSession as OperatorSessionRow, Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { Operator } from './operator.schemas.js';
import { operatorOf } from './operators.store.js';

/** A session as it is kept. */
export interface StoredSession {
  readonly id: string;
  readonly operator: Operator;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
}

/** What is known of a session when it begins. */
export interface NewSession {
  readonly tokenHash: Uint8Array<ArrayBuffer>;
  readonly operatorId: string;
  readonly address: string;
  readonly userAgent: string;
  readonly expiresAt: Date;
}

/** Keeps which browsers are signed in. */
@Injectable()
export class OperatorSessionsStore {
  constructor(private readonly prisma: PrismaService) {}

  async insert(session: NewSession): Promise<void> {
    await this.prisma.operatorSession.create({ data: session });
  }

  async find(tokenHash: Uint8Array<ArrayBuffer>): Promise<StoredSession | null> {
    const row = await this.prisma.operatorSession.findUnique({ where: { tokenHash }, include: { operator: true } });
    return row && { ...row, operator: operatorOf(row.operator) };
  }

  async touch(id: string, lastSeenAt: Date): Promise<void> {
    await this.prisma.operatorSession.updateMany({ where: { id }, data: { lastSeenAt } });
  }

  async remove(tokenHash: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.prisma.operatorSession.deleteMany({ where: { tokenHash } });
  }

  /** Those that have not ended, the latest first. */
  listOf(operatorId: string, now: Date, idleSince: Date): Promise<OperatorSessionRow[]> {
    const where = { operatorId, expiresAt: { gt: now }, lastSeenAt: { gt: idleSince } };
    return this.prisma.operatorSession.findMany({ where, orderBy: { lastSeenAt: 'desc' } });
  }

  /** What was removed; null when there was no such session of this operator. */
  async removeOne(tx: Prisma.TransactionClient, operatorId: string, id: string): Promise<OperatorSessionRow | null> {
    const row = await tx.operatorSession.findFirst({ where: { id, operatorId } });
    if (row) await tx.operatorSession.deleteMany({ where: { id } });
    return row;
  }

  async removeAllOf(tx: Prisma.TransactionClient, operatorId: string): Promise<void> {
    await tx.operatorSession.deleteMany({ where: { operatorId } });
  }

  async removeExpired(now: Date, idleSince: Date): Promise<void> {
    await this.prisma.operatorSession.deleteMany({
      where: { OR: [{ expiresAt: { lt: now } }, { lastSeenAt: { lt: idleSince } }] },
    });
  }
}
