import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AppModule } from '../app.module.js';
import { ConfigModule } from '../config/config.module.js';
import type { RunningSettings } from '../config/running-settings.js';
import { DatabaseModule } from '../database/database.module.js';
import type { Database } from '../database/database.js';
import type { Traces } from '../tracing/traces.js';
import { TracesModule } from '../tracing/traces.module.js';
import { Listeners } from './listeners.js';

/** What is made before the application. */
export interface Around {
  readonly settings: RunningSettings;
  readonly database: Database;
  readonly traces: Traces | null;
}

/** The application around what was made before it: its configuration and its database. */
@Global()
@Module({ providers: [Listeners], exports: [Listeners] })
export class RootModule {
  static around({ settings, database, traces }: Around): DynamicModule {
    return {
      module: RootModule,
      imports: [
        ConfigModule.around(settings),
        DatabaseModule.around(database, traces),
        TracesModule.around(traces),
        AppModule,
      ],
    };
  }
}
