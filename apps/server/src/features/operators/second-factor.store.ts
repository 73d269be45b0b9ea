import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';

type Tx = Prisma.TransactionClient;

/** What a code is checked against. */
export interface StoredFactor {
  /** In base32; null where there is no second factor. */
  readonly totpSecret: string | null;
  readonly totpPendingSecret: string | null;
}

/** A second factor that is turned on. */
export interface NewFactor {
  readonly totpSecret: string;
  readonly recoveryHashes: Uint8Array<ArrayBuffer>[];
}

/** Keeps the second factors of operators. */
@Injectable()
export class SecondFactorStore {
  constructor(private readonly prisma: PrismaService) {}

  find(operatorId: string, tx: Tx = this.prisma): Promise<StoredFactor | null> {
    const select = { totpSecret: true, totpPendingSecret: true };
    return tx.operator.findUnique({ where: { id: operatorId }, select });
  }

  async propose(operatorId: string, totpPendingSecret: string): Promise<void> {
    await this.prisma.operator.update({ where: { id: operatorId }, data: { totpPendingSecret } });
  }

  async set(tx: Tx, operatorId: string, factor: NewFactor): Promise<void> {
    await tx.operator.update({ where: { id: operatorId }, data: { ...factor, totpPendingSecret: null } });
  }

  async clear(tx: Tx, operatorId: string): Promise<void> {
    const data = { totpSecret: null, totpPendingSecret: null, totpLastStep: null, recoveryHashes: [] };
    await tx.operator.update({ where: { id: operatorId }, data });
  }

  /** Spends a time step. False when it, or a later one, was spent before: each code opens once. */
  async spendStep(operatorId: string, step: number): Promise<boolean> {
    const spent = await this.prisma.$executeRaw`
      UPDATE operators SET totp_last_step = ${step}
      WHERE id = ${operatorId}::uuid AND (totp_last_step IS NULL OR totp_last_step < ${step})`;
    return spent === 1;
  }

  /** Spends a recovery code. False when there is no such code (any more). */
  async spendRecoveryCode(operatorId: string, hash: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const spent = await this.prisma.$executeRaw`
      UPDATE operators SET recovery_hashes = array_remove(recovery_hashes, ${hash}::bytea)
      WHERE id = ${operatorId}::uuid AND ${hash}::bytea = ANY (recovery_hashes)`;
    return spent === 1;
  }
}
