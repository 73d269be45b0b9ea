import { setTimeout as delay } from 'node:timers/promises';
import { Device } from './device.js';
import { waitFor } from './wait-for.js';

const PAUSE_MS = 20;

/** Where and as whom the two connect. */
export interface BystanderLogin {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** A topic that both may use. */
  readonly topic: string;
}

/** How it went. */
export interface Outcome {
  readonly sent: number;
  readonly received: number;
  readonly inOrder: boolean;
  /** Of a hundred messages 99 were not slower. */
  readonly usualMs: number;
  readonly slowestMs: number;
  readonly failure: unknown;
}

/**
 * Two devices that exchange numbered QoS 1 messages all the time, one after the other: what happens to others must not
 * touch them.
 */
export class Bystanders {
  private sent = 0;
  private readonly timesMs: number[] = [];
  private isOver = false;
  private failure: unknown = null;
  private readonly done: Promise<void>;

  private constructor(
    private readonly sender: Device,
    private readonly receiver: Device,
    private readonly topic: string,
  ) {
    this.done = this.talk().catch((error: unknown) => {
      this.failure = error;
    });
  }

  static async start({ url, topic, ...credentials }: BystanderLogin): Promise<Bystanders> {
    const [sender, receiver] = await Promise.all(
      ['bystander-sends', 'bystander-receives'].map((clientId) =>
        Device.connect(url, { clientId, protocolVersion: 5, ...credentials }),
      ),
    );
    if (!sender || !receiver) throw new Error('Two devices are needed.');
    sender.outlivesTests();
    receiver.outlivesTests();
    await receiver.subscribe(topic, 1);
    return new Bystanders(sender, receiver, topic);
  }

  /** How many messages have made the whole way. */
  get arrived(): number {
    return this.receiver.messages.length;
  }

  /** Resolves when at least this many more messages have arrived: life goes on now. */
  async goOn(count = 5): Promise<void> {
    const before = this.arrived;
    await waitFor(() => this.failure !== null || this.arrived >= before + count, { what: 'the bystanders to go on' });
    if (this.failure) throw new Error('The bystanders were disturbed.', { cause: this.failure });
  }

  /** Ends it, and tells how it went. */
  async stop(): Promise<Outcome> {
    this.isOver = true;
    await this.done;
    const received = this.receiver.texts(this.topic);
    const inOrder = received.every((text, index) => text === String(index));
    for (const device of [this.sender, this.receiver]) device.destroy();
    const times = this.timesMs.toSorted((a, b) => a - b);
    const [usualMs, slowestMs] = [times[Math.floor(times.length * 0.99)] ?? 0, times.at(-1) ?? 0];
    return { sent: this.sent, received: received.length, inOrder, usualMs, slowestMs, failure: this.failure };
  }

  private async talk(): Promise<void> {
    while (!this.isOver) {
      const startedAt = performance.now();
      const text = String(this.sent);
      await this.sender.publish(this.topic, text, { qos: 1 });
      this.sent++;
      await waitFor(() => this.receiver.messages.length >= this.sent, { what: `message ${text} of the bystanders` });
      this.timesMs.push(performance.now() - startedAt);
      await delay(PAUSE_MS);
    }
  }
}
