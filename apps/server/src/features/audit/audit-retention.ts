import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import type { Actor } from '../../http/actor.js';
import type { AuditRetention as Retention } from './audit.schemas.js';
import { AuditService, type Deed } from './audit.service.js';
import { AuditStore } from './audit.store.js';

const key = 'audit.retention-days';
const dayMs = 86_400_000;
const everyMs = 3_600_000;
const CUT_TIMEOUT_MS = 120_000;
/** In whose name the oldest entries are cut. */
const perch: Actor = { name: 'perch', address: '', requestId: '', role: null };

/** How long entries are kept. What is cut goes from the oldest end, so that the rest can still be verified. */
@Injectable()
export class AuditRetention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger('audit');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly prisma: PrismaService,
    private readonly store: AuditStore,
    private readonly audit: AuditService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.cut(new Date()).catch((error: unknown) => this.log.warn(`Old entries wait to be cut: ${String(error)}`));
    }, everyMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  async get(tx: Prisma.TransactionClient = this.prisma): Promise<Retention> {
    const row = await tx.setting.findUnique({ where: { key } });
    return { days: typeof row?.value === 'number' ? row.value : null };
  }

  /** Takes effect within an hour. */
  async set({ days }: Retention, actor: Actor): Promise<Retention> {
    return this.audit.change(actor, async (tx) => ({ result: { days }, ...(await this.save(tx, { days })) }));
  }

  /** The same as part of a transaction. */
  async save(tx: Prisma.TransactionClient, { days }: Retention): Promise<Deed> {
    const before = await this.get(tx);
    if (days === null) await tx.setting.deleteMany({ where: { key } });
    else await tx.setting.upsert({ where: { key }, create: { key, value: days }, update: { value: days } });
    return { action: 'audit.setRetention', object: 'settings/audit', before, after: { days } };
  }

  /** Cuts what is too old now. Returns how many went. */
  async cut(now: Date): Promise<number> {
    const { days } = await this.get();
    if (days === null) return 0;
    const olderThan = new Date(now.getTime() - days * dayMs);
    return this.store.transaction(async (tx) => {
      const entries = await this.store.cut(tx, olderThan);
      if (entries === 0) return 0;
      const after = { entries, olderThan: olderThan.toISOString() };
      await this.audit.append(tx, perch, { action: 'audit.cut', object: 'audit', after });
      return entries;
    }, CUT_TIMEOUT_MS);
  }
}
