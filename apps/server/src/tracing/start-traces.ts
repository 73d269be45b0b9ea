import type { Logger } from 'pino';
import type { Config } from '../config/config.schema.js';
import type { Traces } from './traces.js';

/** Traces to the configured endpoint; null, and nothing loaded for it, where there is none. */
export async function startTraces(config: Config, logger: Logger): Promise<Traces | null> {
  const { tracesEndpoint: url, tracesHeaders: headers = {}, tracesSampleRatio: ratio } = config;
  if (url === undefined) return null;
  const { OtlpTraces } = await import('./otlp-traces.js');
  const failed = (reason: string) => logger.warn({ context: 'Traces' }, `Traces could not be sent: ${reason}`);
  return new OtlpTraces({ url, headers, ratio, failed });
}
