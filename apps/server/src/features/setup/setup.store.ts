import { Injectable } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';

const key = 'setup.token-hash';

/** Keeps the SHA-256 of the set-up token, in hex. */
@Injectable()
export class SetupStore {
  constructor(private readonly prisma: PrismaService) {}

  async tokenHash(): Promise<string | null> {
    const row = await this.prisma.setting.findUnique({ where: { key } });
    return typeof row?.value === 'string' ? row.value : null;
  }

  async save(hash: string): Promise<void> {
    await this.prisma.setting.upsert({ where: { key }, create: { key, value: hash }, update: { value: hash } });
  }

  async clear(tx: Prisma.TransactionClient): Promise<void> {
    await tx.setting.deleteMany({ where: { key } });
  }
}
