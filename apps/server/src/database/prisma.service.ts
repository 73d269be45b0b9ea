import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { type Traces, traced } from '../tracing/traces.js';
import { Database } from './database.js';
import { PrismaClient } from './generated/client.js';

/** Prisma on the server's one pool. Only stores use it. */
@Injectable()
export class PrismaService extends PrismaClient {
  constructor(database: Database) {
    super({ adapter: new PrismaPg(database.pool) });
  }
}

/** Prisma on the pool of this database; where there are traces, with a span for each operation. */
export function newPrisma(database: Database, traces: Traces | null): PrismaService {
  const prisma = new PrismaService(database);
  if (!traces) return prisma;
  const extended = prisma.$extends({
    query: {
      $allOperations: ({ model, operation, args, query }) => {
        const facts = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
        const start = { kind: 'client' as const, facts: model ? { ...facts, 'db.collection.name': model } : facts };
        return traced(traces, [`${operation} ${model ?? ''}`.trim(), start], () => query(args) as Promise<unknown>);
      },
    },
  });
  // What is extended does the same and more; only its type says less.
  return extended as unknown as PrismaService;
}
