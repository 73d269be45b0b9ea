import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AppModule } from '../app.module.js';
import type { Config } from '../config/config.schema.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import type { Database } from '../database/database.js';
import { Listeners } from './listeners.js';

/** The application around what was made before it: its configuration and its database. */
@Global()
@Module({ providers: [Listeners], exports: [Listeners] })
export class RootModule {
  static around(config: Config, database: Database): DynamicModule {
    return {
      module: RootModule,
      imports: [ConfigModule.around(config), DatabaseModule.around(database), AppModule],
    };
  }
}
