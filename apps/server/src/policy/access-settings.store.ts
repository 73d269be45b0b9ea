import { Injectable } from '@nestjs/common';
import type { Prisma } from '../database/generated/client.js';
import { PrismaService } from '../database/prisma.service.js';
import { AccessSettings } from './access-settings.schema.js';

/** Settings as they are kept, with their secrets. Never to be shown as they are. */
export interface KeptAccess {
  /** 0 until somebody has saved. */
  readonly revision: number;
  /** ISO 8601; null until somebody has saved. */
  readonly savedAt: string | null;
  readonly savedBy: string | null;
  readonly settings: AccessSettings;
}

const KEY = 'access';

/** Keeps who may come in. */
@Injectable()
export class AccessSettingsStore {
  constructor(private readonly prisma: PrismaService) {}

  /** What was saved last, or null. Rejects when what is kept cannot be read by this version. */
  async read(tx: Prisma.TransactionClient = this.prisma): Promise<KeptAccess | null> {
    const row = await tx.setting.findUnique({ where: { key: KEY } });
    if (!row) return null;
    const kept = row.value as unknown as KeptAccess;
    const parsed = AccessSettings.safeParse(kept.settings);
    // Beginning with other settings than were saved might let in anybody.
    if (!parsed.success) throw new Error(`The setting ${KEY} in the database cannot be read: ${parsed.error.message}`);
    return { ...kept, settings: parsed.data };
  }

  /** Until the transaction ends, nobody else saves. */
  async lock(tx: Prisma.TransactionClient): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.access'))`;
  }

  async write(tx: Prisma.TransactionClient, kept: KeptAccess): Promise<void> {
    const value = kept as unknown as Prisma.InputJsonObject;
    await tx.setting.upsert({ where: { key: KEY }, create: { key: KEY, value }, update: { value } });
  }
}
