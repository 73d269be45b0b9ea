import { type DynamicModule, Global, Inject, Module } from '@nestjs/common';
import type { Config } from './config.schema.js';

/** The token of the frozen configuration, for factories. */
export const CONFIG = Symbol('Config');

/** Injects the frozen configuration: `constructor(@InjectConfig() private readonly config: Config)`. */
export const InjectConfig = () => Inject(CONFIG);

/** Offers the configuration to every module. */
@Global()
@Module({})
export class ConfigModule {
  static around(config: Config): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: CONFIG, useValue: config }], exports: [CONFIG] };
  }
}
