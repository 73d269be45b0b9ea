import type { PolicySettings, Rule } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import type { Prisma } from '../database/generated/client.js';
import { PrismaService } from '../database/prisma.service.js';
import type { ShadowDraft } from './shadow-draft.js';

type Tx = Prisma.TransactionClient;

/** There is one at most. */
const ID = 1;

/** Keeps the policy that is judged beside the live one. */
@Injectable()
export class ShadowStore {
  constructor(private readonly prisma: PrismaService) {}

  async load(tx: Tx = this.prisma): Promise<ShadowDraft | null> {
    const row = await tx.shadowPolicy.findUnique({ where: { id: ID } });
    if (!row) return null;
    const { author, note, startedAt, basedOn, noMatch, wildcardOverlap } = row;
    // Only what `save` wrote.
    const rules = row.rules as unknown as readonly Rule[];
    const policy = { rules, settings: { noMatch, wildcardOverlap } as PolicySettings };
    return { author, note, startedAt: startedAt.toISOString(), basedOn, policy };
  }

  /** In place of the one that was there. */
  async save(tx: Tx, { policy, ...draft }: ShadowDraft): Promise<void> {
    const rules = policy.rules as unknown as Prisma.InputJsonValue;
    const data = { ...draft, ...policy.settings, rules };
    await tx.shadowPolicy.upsert({ where: { id: ID }, create: { id: ID, ...data }, update: data });
  }

  async remove(tx: Tx): Promise<void> {
    await tx.shadowPolicy.deleteMany({ where: { id: ID } });
  }
}
