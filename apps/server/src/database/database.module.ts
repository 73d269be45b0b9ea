import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Database } from './database.js';
import type { Traces } from '../tracing/traces.js';
import { newPrisma, PrismaService } from './prisma.service.js';

/** Offers `Database` and `PrismaService` to every module. */
@Global()
@Module({})
export class DatabaseModule {
  /** Around a database that is open; whoever opened it closes it after the application. */
  static around(database: Database, traces: Traces | null): DynamicModule {
    const prisma = { provide: PrismaService, useFactory: () => newPrisma(database, traces) };
    return {
      module: DatabaseModule,
      providers: [{ provide: Database, useValue: database }, prisma],
      exports: [Database, PrismaService],
    };
  }
}
