import { Injectable } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Database } from './database.js';
import { PrismaClient } from './generated/client.js';

/** Prisma on the server's one pool. Only stores use it. */
@Injectable()
export class PrismaService extends PrismaClient {
  constructor(database: Database) {
    super({ adapter: new PrismaPg(database.pool) });
  }
}
