import { Injectable } from '@nestjs/common';
import type { Operator as OperatorRow, Prisma } from '../../database/generated/client.js';
import { isUuid } from '../../database/is-uuid.js';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiError } from '../../http/api-error.js';
import { isUniqueViolation } from '../../http/database-errors.js';
import type { Operator } from './operator.schemas.js';

type Tx = Prisma.TransactionClient;

/** What a log-in is checked against. */
export interface OperatorCredentials {
  readonly operator: Operator;
  readonly passwordHash: string;
  /** In base32; null where a password is enough. */
  readonly totpSecret: string | null;
}

/** Keeps the operators. */
@Injectable()
export class OperatorsStore {
  constructor(private readonly prisma: PrismaService) {}

  async list(tx: Tx = this.prisma): Promise<Operator[]> {
    const rows = await tx.operator.findMany({ orderBy: { name: 'asc' } });
    return rows.map(operatorOf);
  }

  /** The operator with this id. 404 when there is none. */
  async get(id: string, tx: Tx = this.prisma): Promise<Operator> {
    const row = isUuid(id) ? await tx.operator.findUnique({ where: { id } }) : null;
    if (!row) throw new ApiError('not-found', 'There is no operator with this id.');
    return operatorOf(row);
  }

  async credentials(name: string): Promise<OperatorCredentials | null> {
    const row = await this.prisma.operator.findUnique({ where: { name } });
    return row && { operator: operatorOf(row), passwordHash: row.passwordHash, totpSecret: row.totpSecret };
  }

  async isEmpty(tx: Tx = this.prisma): Promise<boolean> {
    return (await tx.operator.findFirst({ select: { id: true } })) === null;
  }

  /** Until the transaction ends, nobody else changes who is an operator. */
  async lock(tx: Tx): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('perch.operators'))`;
  }

  /** How many admins may sign in. Ask under the lock. */
  countActiveAdmins(tx: Tx): Promise<number> {
    return tx.operator.count({ where: { role: 'admin', disabled: false } });
  }

  /** 409 when the name is taken. */
  async insert(tx: Tx, data: Pick<OperatorRow, 'name' | 'passwordHash' | 'role'>): Promise<Operator> {
    try {
      return operatorOf(await tx.operator.create({ data }));
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(data.name);
      throw error;
    }
  }

  async update(
    tx: Tx,
    id: string,
    data: Partial<Pick<OperatorRow, 'role' | 'passwordHash' | 'disabled' | 'lastLoginAt'>>,
  ): Promise<Operator> {
    return operatorOf(await tx.operator.update({ where: { id }, data }));
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.operator.delete({ where: { id } });
  }
}

/** What may be shown of a row. */
export function operatorOf(row: Omit<OperatorRow, 'passwordHash'>): Operator {
  const { id, name, role, disabled, totpSecret, createdAt, lastLoginAt } = row;
  return {
    id,
    name,
    role,
    disabled,
    secondFactor: totpSecret !== null,
    createdAt: createdAt.toISOString(),
    lastLoginAt: lastLoginAt?.toISOString() ?? null,
  };
}

/** 409: each operator has a name of their own. */
export function nameTaken(name: string): ApiError {
  return new ApiError('name-taken', `There is an operator named “${name}” already.`, {
    errors: [{ path: 'name', message: 'is taken' }],
  });
}
