import { Injectable } from '@nestjs/common';
import type { ApiKey as ApiKeyRow, Prisma } from '../../database/generated/client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiError } from '../../http/api-error.js';
import { isUniqueViolation } from '../../http/database-errors.js';
import type { ApiKey } from './api-key.schemas.js';

type Tx = Prisma.TransactionClient;

/** Keeps the API keys. */
@Injectable()
export class ApiKeysStore {
  constructor(private readonly prisma: PrismaService) {}

  async list(): Promise<ApiKey[]> {
    const rows = await this.prisma.apiKey.findMany({ orderBy: { name: 'asc' } });
    return rows.map(apiKeyOf);
  }

  find(id: string): Promise<ApiKeyRow | null> {
    return this.prisma.apiKey.findUnique({ where: { id } });
  }

  /** The key, which nobody else changes until the transaction ends. 404 when there is none. */
  async getForUpdate(tx: Tx, id: string): Promise<ApiKeyRow> {
    await tx.$executeRaw`SELECT 1 FROM api_keys WHERE id = ${id} FOR UPDATE`;
    const row = await tx.apiKey.findUnique({ where: { id } });
    if (!row) throw new ApiError('not-found', 'There is no API key with this id.');
    return row;
  }

  count(tx: Tx): Promise<number> {
    return tx.apiKey.count();
  }

  /** 409 when the name is taken. */
  async insert(tx: Tx, data: Prisma.ApiKeyCreateInput): Promise<ApiKey> {
    try {
      return apiKeyOf(await tx.apiKey.create({ data }));
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(data.name);
      throw error;
    }
  }

  async update(tx: Tx, id: string, data: Prisma.ApiKeyUpdateInput): Promise<ApiKey> {
    return apiKeyOf(await tx.apiKey.update({ where: { id }, data }));
  }

  async touch(id: string, lastUsedAt: Date, lastUsedFrom: string | null): Promise<void> {
    await this.prisma.apiKey.updateMany({ where: { id }, data: { lastUsedAt, lastUsedFrom } });
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.apiKey.delete({ where: { id } });
  }
}

/** What may be shown of a row. */
export function apiKeyOf(row: ApiKeyRow): ApiKey {
  const { id, name, role, createdBy, lastUsedFrom } = row;
  return {
    id,
    name,
    role,
    createdBy,
    createdAt: row.createdAt.toISOString(),
    rotatedAt: row.rotatedAt?.toISOString() ?? null,
    previousValidUntil: row.previousValidUntil?.toISOString() ?? null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    lastUsedFrom,
  };
}

function nameTaken(name: string): ApiError {
  return new ApiError('name-taken', `There is an API key named “${name}” already.`, {
    errors: [{ path: 'name', message: 'is taken' }],
  });
}
