import { type DynamicModule, Global, Inject, Module } from '@nestjs/common';
import { RunningSettings } from './running-settings.js';

/** The token of the configuration, for factories. */
export const CONFIG = Symbol('Config');

/** Injects the configuration: `constructor(@InjectConfig() private readonly config: Config)`. */
export const InjectConfig = () => Inject(CONFIG);

/** Offers the configuration to every module. */
@Global()
@Module({})
export class ConfigModule {
  static around(settings: RunningSettings): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: settings.config },
      { provide: RunningSettings, useValue: settings },
    ];
    return { module: ConfigModule, providers, exports: [CONFIG, RunningSettings] };
  }
}
