import { Injectable } from '@nestjs/common';
import type { Prisma, User as UserRow } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiError } from '../../http/api-error.js';
import { isUniqueViolation } from '../../http/database-errors.js';
import { likeLiteral } from '../../http/like.js';
import type { User, UserQuery } from './user.schemas.js';

type Tx = Prisma.TransactionClient;

/** A user as the database knows it. */
export type StoredUser = Omit<User, 'onlineClients'>;

type NewRow = Pick<UserRow, 'username' | 'passwordHash' | 'scramKeys' | 'note' | 'createdBy'>;
type Changes = Partial<Pick<UserRow, 'note' | 'disabled' | 'passwordHash' | 'scramKeys' | 'passwordChangedAt'>>;

/** Keeps the users. */
@Injectable()
export class UsersStore {
  constructor(private readonly prisma: PrismaService) {}

  /** Users behind this username, in its order. */
  async after(username: string | null, query: Pick<UserQuery, 'q' | 'state'>, limit: number): Promise<StoredUser[]> {
    const rows = await this.prisma.user.findMany({
      where: { AND: [filterOf(query), username === null ? {} : { username: { gt: username } }] },
      orderBy: { username: 'asc' },
      take: limit,
    });
    return rows.map(userOf);
  }

  count(query: Pick<UserQuery, 'q' | 'state'>): Promise<number> {
    return this.prisma.user.count({ where: filterOf(query) });
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

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.user.delete({ where: { id } });
  }
}

function filterOf({ q, state }: Pick<UserQuery, 'q' | 'state'>): Prisma.UserWhereInput {
  const contains = { contains: likeLiteral(q ?? ''), mode: 'insensitive' } as const;
  return {
    ...(q ? { OR: [{ username: contains }, { note: contains }] } : {}),
    ...(state ? { disabled: state === 'disabled' } : {}),
  };
}

function userOf({ passwordHash: _secret, scramKeys: _secrets, ...row }: UserRow): StoredUser {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    passwordChangedAt: row.passwordChangedAt.toISOString(),
  };
}

function nameTaken(username: string): ApiError {
  return new ApiError('name-taken', `There is a user named “${username}” already.`, {
    errors: [{ path: 'username', message: 'is taken' }],
  });
}

function isUuid(id: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
