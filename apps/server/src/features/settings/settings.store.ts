import { Injectable } from '@nestjs/common';
import type { KeptSettings } from '../../config/running-settings.js';
import type { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { SETTINGS_KEY as key } from './kept-settings.js';

/** Keeps what the dashboard has saved. */
@Injectable()
export class SettingsStore {
  constructor(private readonly prisma: PrismaService) {}

  async read(tx: Prisma.TransactionClient = this.prisma): Promise<KeptSettings> {
    const row = await tx.setting.findUnique({ where: { key } });
    return (row?.value ?? {}) as KeptSettings;
  }

  /** Until the transaction ends, nobody else saves. */
  async lock(tx: Prisma.TransactionClient): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.settings'))`;
  }

  async write(tx: Prisma.TransactionClient, kept: KeptSettings): Promise<void> {
    const value = kept as Prisma.InputJsonObject;
    await tx.setting.upsert({ where: { key }, create: { key, value }, update: { value } });
  }
}
