import { Injectable } from '@nestjs/common';
import type { OperatorInvitation as InvitationRow, Prisma } from '../../database/generated/client.js';
import { isUuid } from '../../database/is-uuid.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { Invitation } from './invitation.schemas.js';

type Tx = Prisma.TransactionClient;

/** Keeps who was invited. What has expired is gone with the next one that is made. */
@Injectable()
export class InvitationsStore {
  constructor(private readonly prisma: PrismaService) {}

  async open(now: Date): Promise<Invitation[]> {
    const rows = await this.prisma.operatorInvitation.findMany({
      where: { expiresAt: { gt: now } },
      orderBy: { createdAt: 'asc' },
    });
    return rows.map(invitationOf);
  }

  async find(tokenHash: Uint8Array<ArrayBuffer>, now: Date, tx: Tx = this.prisma): Promise<Invitation | null> {
    const row = await tx.operatorInvitation.findFirst({ where: { tokenHash, expiresAt: { gt: now } } });
    return row && invitationOf(row);
  }

  /** Replaces what the same name was sent before: only the last link opens. */
  async insert(tx: Tx, data: Prisma.OperatorInvitationCreateInput): Promise<Invitation> {
    await tx.operatorInvitation.deleteMany({
      where: { OR: [{ name: data.name }, { expiresAt: { lte: new Date() } }] },
    });
    return invitationOf(await tx.operatorInvitation.create({ data }));
  }

  /** The invitation that was removed; null when there was none. */
  async remove(tx: Tx, id: string): Promise<Invitation | null> {
    if (!isUuid(id)) return null;
    const row = await tx.operatorInvitation.findUnique({ where: { id } });
    const { count } = await tx.operatorInvitation.deleteMany({ where: { id } });
    return row && count === 1 ? invitationOf(row) : null;
  }
}

function invitationOf(row: InvitationRow): Invitation {
  const { id, name, role, createdBy, createdAt, expiresAt } = row;
  return { id, name, role, createdBy, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
