import { Injectable } from '@nestjs/common';
import type { Ban as BanRow, Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { likeLiteral } from '../../http/like.js';
import type { Ban, BanKind } from './ban.js';
import type { BanHit } from './ban-hits.js';

type Tx = Prisma.TransactionClient;

/** `active` holds · `ended` by its own time · `lifted` by somebody. */
export type BanState = 'active' | 'ended' | 'lifted';

/** Which bans a list shows. */
export interface BanFilter {
  readonly state?: BanState;
  readonly kind?: BanKind;
  /** Part of the value or of the reason. */
  readonly q?: string;
}

/** A ban to add. */
export type NewBan = Pick<BanRow, 'kind' | 'value' | 'reason' | 'createdBy' | 'until'>;
type Changes = Partial<Pick<BanRow, 'reason' | 'until' | 'liftedAt' | 'liftedBy'>>;

/** Keeps the bans, those that are over too. */
@Injectable()
export class BansStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Those that hold now, of one kind or all. */
  active(kind?: BanKind, tx: Tx = this.prisma): Promise<BanRow[]> {
    return tx.ban.findMany({ where: whereOf({ state: 'active', ...(kind && { kind }) }) });
  }

  /** Those of these users that hold now: one of a user. */
  async ofUsers(usernames: readonly string[]): Promise<Map<string, BanRow>> {
    const rows = await this.prisma.ban.findMany({
      where: { AND: [whereOf({ state: 'active', kind: 'username' }), { value: { in: [...usernames] } }] },
    });
    return new Map(rows.map((row) => [row.value, row]));
  }

  /** Made before the one with this id, the latest first. */
  before(id: string | null, filter: BanFilter, limit: number): Promise<BanRow[]> {
    return this.prisma.ban.findMany({
      where: { AND: [whereOf(filter), id === null ? {} : { id: { lt: id } }] },
      orderBy: { id: 'desc' },
      take: limit,
    });
  }

  count(filter: BanFilter): Promise<number> {
    return this.prisma.ban.count({ where: whereOf(filter) });
  }

  /** The ban, and nobody else changes it until the transaction ends; null when there is none. */
  async getForUpdate(tx: Tx, id: string): Promise<BanRow | null> {
    await tx.$executeRaw`SELECT 1 FROM bans WHERE id = ${id}::uuid FOR UPDATE`;
    return tx.ban.findUnique({ where: { id } });
  }

  insert(tx: Tx, data: NewBan): Promise<BanRow> {
    return tx.ban.create({ data });
  }

  insertAll(tx: Tx, data: NewBan[]): Promise<BanRow[]> {
    return tx.ban.createManyAndReturn({ data });
  }

  update(tx: Tx, id: string, data: Changes): Promise<BanRow> {
    return tx.ban.update({ where: { id }, data });
  }

  /** Until the transaction ends, nobody else makes a ban: no two of the same are made. */
  async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.bans'))`;
  }

  /** Until the transaction ends, nobody else writes bans at all. */
  async lockAll(tx: Tx): Promise<void> {
    await tx.$executeRaw`LOCK TABLE bans IN SHARE ROW EXCLUSIVE MODE`;
  }

  async addHits(hits: ReadonlyMap<string, BanHit>): Promise<void> {
    const counted = [...hits];
    await this.prisma.$executeRaw`
      UPDATE bans SET hits = bans.hits + row.hits, last_hit_at = greatest(bans.last_hit_at, row.last_at)
      FROM unnest(${counted.map(([id]) => id)}::uuid[], ${counted.map(([, hit]) => hit.hits)}::int[],
        ${counted.map(([, { lastAt }]) => new Date(lastAt))}::timestamptz[]) AS row (id, hits, last_at)
      WHERE bans.id = row.id`;
  }
}

/** The ban as it is judged. */
export function banOf({ id, kind, value, until }: BanRow): Ban {
  return { id, kind: kind as BanKind, value, until: until?.getTime() ?? null };
}

function whereOf({ state, kind, q }: BanFilter): Prisma.BanWhereInput {
  const contains = { contains: likeLiteral(q ?? ''), mode: 'insensitive' } as const;
  return {
    AND: [
      state === undefined ? {} : states[state](new Date()),
      kind === undefined ? {} : { kind },
      q ? { OR: [{ value: contains }, { reason: contains }] } : {},
    ],
  };
}

const states: Record<BanState, (now: Date) => Prisma.BanWhereInput> = {
  active: (now) => ({ liftedAt: null, OR: [{ until: null }, { until: { gt: now } }] }),
  ended: (now) => ({ liftedAt: null, until: { lte: now } }),
  lifted: () => ({ liftedAt: { not: null } }),
};
