import { type DynamicModule, Global, Inject, Module } from '@nestjs/common';
import type { Traces } from './traces.js';

/** The token of the traces, for factories. */
export const TRACES = Symbol('traces');

/** Injects `Traces | null`: null where nothing is traced. */
export const InjectTraces = () => Inject(TRACES);

/** Offers traces to whoever has something to measure. */
@Global()
@Module({})
export class TracesModule {
  static around(traces: Traces | null): DynamicModule {
    return { module: TracesModule, providers: [{ provide: TRACES, useValue: traces }], exports: [TRACES] };
  }
}
