import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata, type Provider } from '@nestjs/common';
import { EmbeddedBroker } from '@perch/broker';
import { PerchHost } from './perch-host.js';
import { PERCH_OPTIONS, type PerchOptions } from './perch-options.js';

/** Options that other providers have a part in. */
export interface PerchAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  readonly inject?: FactoryProvider['inject'];
  readonly useFactory: (...parts: never[]) => PerchOptions | Promise<PerchOptions>;
}

/** A broker within an application: the data plane alone, without the product's database, REST and dashboard. */
@Module({})
export class PerchModule {
  /** Once, in the root module; `EmbeddedBroker` can be injected everywhere. */
  static forRoot(options: PerchOptions): DynamicModule {
    return moduleWith({ provide: PERCH_OPTIONS, useValue: options });
  }

  /** The same, with options made by a factory of injected providers. */
  static forRootAsync({ imports, inject = [], useFactory }: PerchAsyncOptions): DynamicModule {
    return { ...moduleWith({ provide: PERCH_OPTIONS, inject, useFactory }), imports: imports ?? [] };
  }
}

function moduleWith(options: Provider): DynamicModule {
  const broker: Provider = {
    provide: EmbeddedBroker,
    inject: [PERCH_OPTIONS],
    useFactory: (given: PerchOptions) => new EmbeddedBroker(given),
  };
  return { module: PerchModule, global: true, providers: [options, broker, PerchHost], exports: [EmbeddedBroker] };
}
