import { createHmac } from 'node:crypto';
import type { Clock } from '@perch/broker';
import type { WebhookSettings } from '../../config/bridge.schema.js';
import { usualBreakerLimits } from '../../policy/hooks/circuit-breaker.js';
import { HookClient } from '../../policy/hooks/hook-client.js';
import type { BridgeEvent } from './bridge-event.js';
import type { Batch, Destination, Setback } from './destination.js';

/** The receiver has read the batch and will not take it, however often it comes. */
const refusedForGood = new Set([400, 410, 413, 415, 422]);

/** Posts batches to an HTTP server, each signed. */
export class Webhook implements Destination {
  readonly batchEvents: number;
  readonly batchBytes: number;
  private readonly client: HookClient;

  constructor(
    private readonly settings: WebhookSettings,
    private readonly clock: Clock,
  ) {
    const { batchEvents, batchBytes, url, timeoutMs, retryToMs } = settings;
    this.batchEvents = batchEvents;
    this.batchBytes = batchBytes;
    const restMs = Math.min(usualBreakerLimits.restMs, retryToMs);
    this.client = new HookClient(
      { url, timeoutMs, headers: [], concurrency: 1, waiting: 1 },
      { clock, changed: () => undefined, breaker: { ...usualBreakerLimits, restMs } },
    );
  }

  get circuit(): 'closed' | 'open' {
    return this.client.isLeftAlone ? 'open' : 'closed';
  }

  encode(event: BridgeEvent): string {
    return JSON.stringify(event);
  }

  async send({ id, lines, lost }: Batch): Promise<Setback | null> {
    const { name, secret } = this.settings;
    const body = `{"bridge":${JSON.stringify(name)},"batch":"${id}","lost":${lost},"events":[${lines.join(',')}]}`;
    const signature = signatureOf(body, secret, Math.floor(this.clock.now() / 1000));
    const answer = await this.client.ask({ text: body, headers: { 'X-Perch-Signature': signature } });
    if ('problem' in answer) return { problem: answer.problem, isFinal: false };
    if (answer.status >= 200 && answer.status < 300) return null;
    return { problem: `It answered ${answer.status}.`, isFinal: refusedForGood.has(answer.status) };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Proves who has sent this body, and when: in seconds since the epoch. */
export function signatureOf(body: string, secret: string, at: number): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}
