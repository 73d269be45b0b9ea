import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Database } from './database.js';
import { PrismaService } from './prisma.service.js';

/** Offers `Database` and `PrismaService` to every module. */
@Global()
@Module({})
export class DatabaseModule {
  /** Around a database that is open; whoever opened it closes it after the application. */
  static around(database: Database): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: Database, useValue: database }, PrismaService],
      exports: [Database, PrismaService],
    };
  }
}
