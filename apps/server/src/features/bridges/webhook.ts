import { createHmac } from 'node:crypto';
import type { Clock } from '@perch/broker';
import type { WebhookSettings } from '../../config/bridge.schema.js';
import { usualBreakerLimits } from '../../policy/hooks/circuit-breaker.js';
import { type HookAnswer, HookClient } from '../../policy/hooks/hook-client.js';
import type { BridgeEvent } from './bridge-event.js';
import type { Batch, Destination, Setback, TestAnswer } from './destination.js';

/** The receiver has read the batch and will not take it, however often it comes. */
const refusedForGood = new Set([400, 410, 413, 415, 422]);

/** So much of an answer is shown, in characters. */
const SHOWN = 500;

/** Posts batches to an HTTP server, each signed. */
export class Webhook implements Destination {
  readonly batchEvents: number;
  readonly batchBytes: number;
  readonly target: string;
  private client: HookClient;

  constructor(
    private readonly settings: WebhookSettings,
    private readonly clock: Clock,
  ) {
    this.batchEvents = settings.batchEvents;
    this.batchBytes = settings.batchBytes;
    // Many a server takes a path for a password.
    this.target = new URL(settings.url).origin;
    this.client = this.newClient();
  }

  get circuit(): 'closed' | 'open' {
    return this.client.isLeftAlone ? 'open' : 'closed';
  }

  encode(event: BridgeEvent): string {
    return JSON.stringify(event);
  }

  async send(batch: Batch): Promise<Setback | null> {
    const answer = await this.post(this.client, batch);
    if ('problem' in answer) return { problem: answer.problem, isFinal: false };
    if (isTaken(answer)) return null;
    return { problem: `It answered ${answer.status}.`, isFinal: refusedForGood.has(answer.status) };
  }

  /** By a client of its own: it neither waits behind a batch nor is spared because others failed. What arrives ends the sparing. */
  async test(batch: Batch): Promise<TestAnswer> {
    const client = this.newClient();
    const answer = await this.post(client, batch);
    if ('problem' in answer) return { arrived: false, said: answer.problem, body: null };
    const { status, body } = answer;
    if (isTaken(answer) && this.client.isLeftAlone) this.client = client;
    return { arrived: isTaken(answer), said: `It answered ${status}.`, body: body.slice(0, SHOWN) || null };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private newClient(): HookClient {
    const { url, timeoutMs, retryToMs } = this.settings;
    const restMs = Math.min(usualBreakerLimits.restMs, retryToMs);
    return new HookClient(
      { url, timeoutMs, headers: [], concurrency: 1, waiting: 1 },
      { clock: this.clock, changed: () => undefined, breaker: { ...usualBreakerLimits, restMs }, cutsBodies: true },
    );
  }

  private post(client: HookClient, { id, lines, lost }: Batch): Promise<HookAnswer> {
    const { name, secret } = this.settings;
    const body = `{"bridge":${JSON.stringify(name)},"batch":"${id}","lost":${lost},"events":[${lines.join(',')}]}`;
    const signature = signatureOf(body, secret, Math.floor(this.clock.now() / 1000));
    return client.ask({ text: body, headers: { 'X-Perch-Signature': signature } });
  }
}

function isTaken({ status }: { readonly status: number }): boolean {
  return status >= 200 && status < 300;
}

/** Proves who has sent this body, and when: in seconds since the epoch. */
export function signatureOf(body: string, secret: string, at: number): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}
