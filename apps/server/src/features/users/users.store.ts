import { Injectable } from '@nestjs/common';
import { chunksOf } from '../../database/chunks-of.js';
import { Prisma, type User as UserRow } from '../../database/generated/client.js';
import { isUuid } from '../../database/is-uuid.js';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiError } from '../../http/api-error.js';
import { isUniqueViolation } from '../../http/database-errors.js';
import type { NewRow } from './user-batches.js';
import type { LabelList, UserFilter } from './user.schemas.js';
import { conditionOf } from './user-filter.js';
import { type SecretColumns, type StoredUser, type UserColumns, userOf } from './user-rows.js';

type Tx = Prisma.TransactionClient;

type Changes = Partial<UserColumns & SecretColumns & Pick<UserRow, 'passwordChangedAt'>>;

/** Rows in a statement. */
const CHUNK = 500;
/** Rows that are read at a time. */
const PAGE = 1000;
const MOST_LABELS_LISTED = 1000;

/** Keeps the users. */
@Injectable()
export class UsersStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Users behind this username, in its order. */
  async after(username: string | null, filter: UserFilter, limit: number): Promise<StoredUser[]> {
    const behind = username === null ? Prisma.empty : Prisma.sql`AND username > ${username}`;
    const found = await this.prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM users WHERE ${conditionOf(filter)} ${behind} ORDER BY username LIMIT ${limit}`;
    const rows = await this.prisma.user.findMany({
      where: { id: { in: found.map(({ id }) => id) } },
      orderBy: { username: 'asc' },
    });
    return rows.map(userOf);
  }

  async count(filter: UserFilter): Promise<number> {
    const [row] = await this.prisma.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM users WHERE ${conditionOf(filter)}`;
    return row?.count ?? 0;
  }

  /** The labels that users carry, the most frequent first. */
  async labels(): Promise<LabelList['items']> {
    return this.prisma.$queryRaw`
      SELECT label, count(*)::int AS users FROM users, unnest(labels) AS label
      GROUP BY label ORDER BY users DESC, label LIMIT ${MOST_LABELS_LISTED}`;
  }

  /** Names of enabled users whose end comes after one moment and not after the other, the first to end first. */
  async ending(after: Date, until: Date, limit: number): Promise<string[]> {
    const rows = await this.prisma.user.findMany({
      where: { disabled: false, validUntil: { gt: after, lte: until } },
      orderBy: { validUntil: 'asc' },
      select: { username: true },
      take: limit,
    });
    return rows.map(({ username }) => username);
  }

  /** The user with this id. 404 when there is none. */
  async get(id: string, tx: Tx = this.prisma): Promise<StoredUser> {
    const row = isUuid(id) ? await tx.user.findUnique({ where: { id } }) : null;
    if (!row) throw new ApiError('not-found', 'There is no user with this id.');
    return userOf(row);
  }

  /** The same, and nobody else changes the user until the transaction ends. */
  async getForUpdate(id: string, tx: Tx): Promise<StoredUser> {
    if (isUuid(id)) await tx.$executeRaw`SELECT 1 FROM users WHERE id = ${id}::uuid FOR UPDATE`;
    return this.get(id, tx);
  }

  /** Which of these names are taken. */
  async named(usernames: readonly string[], tx: Tx = this.prisma): Promise<StoredUser[]> {
    const found: StoredUser[] = [];
    for (const some of chunksOf(usernames, CHUNK)) {
      const rows = await tx.user.findMany({ where: { username: { in: some } } });
      found.push(...rows.map(userOf));
    }
    return found;
  }

  /** The users with these ids, or that a filter means; nobody else changes them until the transaction ends. */
  async lock(tx: Tx, which: { readonly ids: readonly string[] } | UserFilter, limit: number): Promise<StoredUser[]> {
    const ids = 'ids' in which ? which.ids.filter(isUuid) : await this.idsOf(tx, which, limit);
    const found: StoredUser[] = [];
    // Always in the same order: two that change many do not wait for each other.
    for (const some of chunksOf(ids.toSorted(), CHUNK)) {
      await tx.$executeRaw`SELECT 1 FROM users WHERE id = ANY(${some}::uuid[]) ORDER BY id FOR UPDATE`;
      const rows = await tx.user.findMany({ where: { id: { in: some } } });
      found.push(...rows.map(userOf));
    }
    return found;
  }

  private async idsOf(tx: Tx, filter: UserFilter, limit: number): Promise<string[]> {
    const found = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM users WHERE ${conditionOf(filter)} LIMIT ${limit}`;
    return found.map(({ id }) => id);
  }

  /** All users with their secrets, by username, some at a time. */
  async *rows(tx: Tx): AsyncGenerator<UserRow> {
    for (let last = ''; ;) {
      const where = { username: { gt: last } };
      const rows: UserRow[] = await tx.user.findMany({ where, orderBy: { username: 'asc' }, take: PAGE });
      yield* rows;
      last = rows.at(-1)?.username ?? last;
      if (rows.length < PAGE) return;
    }
  }

  /** The same of those of these names. */
  async *rowsNamed(tx: Tx, usernames: readonly string[]): AsyncGenerator<UserRow> {
    for (const some of chunksOf(usernames, CHUNK)) {
      yield* await tx.user.findMany({ where: { username: { in: some } } });
    }
  }

  /** Until the transaction ends, nobody else writes users. */
  async lockAll(tx: Tx): Promise<void> {
    await tx.$executeRaw`LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`;
  }

  /** 409 when the name is taken. */
  async insert(tx: Tx, data: NewRow): Promise<StoredUser> {
    try {
      return userOf(await tx.user.create({ data }));
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(data.username);
      throw error;
    }
  }

  async update(tx: Tx, id: string, data: Changes): Promise<StoredUser> {
    return userOf(await tx.user.update({ where: { id }, data }));
  }

  async remove(tx: Tx, ids: readonly string[]): Promise<void> {
    for (const some of chunksOf(ids, CHUNK)) await tx.user.deleteMany({ where: { id: { in: some } } });
  }
}

function nameTaken(username: string): ApiError {
  return new ApiError('name-taken', `There is a user named “${username}” already.`, {
    errors: [{ path: 'username', message: 'is taken' }],
  });
}
