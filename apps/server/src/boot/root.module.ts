import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AppModule } from '../app.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { RunningSettings } from '../config/running-settings.js';
import { DatabaseModule } from '../database/database.module.js';
import type { Database } from '../database/database.js';
import { Listeners } from './listeners.js';

/** The application around what was made before it: its configuration and its database. */
@Global()
@Module({ providers: [Listeners], exports: [Listeners] })
export class RootModule {
  static around(settings: RunningSettings, database: Database): DynamicModule {
    return {
      module: RootModule,
      imports: [ConfigModule.around(settings), DatabaseModule.around(database), AppModule],
    };
  }
}
