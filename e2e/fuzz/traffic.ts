import { setTimeout as delay } from 'node:timers/promises';
import { Device } from '../support/device.js';
import { waitFor } from '../support/wait-for.js';

/** Where and as whom the bystanders connect. */
export interface TrafficLogin {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

/** How it went for those who have nothing to do with it. */
export interface TrafficReport {
  readonly sent: number;
  /** What is missing, came twice or out of order, in words. */
  readonly faults: readonly string[];
  readonly slowestMs: number;
  /** Of a hundred messages 99 were not slower. */
  readonly usualMs: number;
  /** How often the durable one was away. */
  readonly absences: number;
}

const PAUSE_MS = 15;
const TOPIC = 'by/stander';
const ARRIVAL_TIMEOUT_MS = 30_000;
const AWAY_EVERY_MS = 2000;
const AWAY_MS = 300;

/**
 * Three clients that want nothing but their messages: one sends numbers at every QoS, one is always there to receive them,
 * and a durable one comes and goes. Every number has to arrive, in order, at QoS 2 once, whatever others do to the server.
 */
export class Traffic {
  private sent = [0, 0, 0];
  private isOver = false;
  private absences = 0;
  private readonly faults: string[] = [];
  private readonly done: Promise<unknown>;

  private constructor(
    private readonly sender: Device,
    private readonly live: Receiver,
    private readonly durable: Receiver,
  ) {
    const tell = (error: unknown) => this.faults.push(String(error));
    this.done = Promise.all([this.send().catch(tell), this.comeAndGo().catch(tell)]);
  }

  static async start({ url, ...credentials }: TrafficLogin): Promise<Traffic> {
    const usual = { protocolVersion: 5 as const, keepalive: 30, ...credentials };
    const [sender, live, durable] = await Promise.all([
      Device.connect(url, { clientId: 'bystander-sends', ...usual }),
      Device.connect(url, { clientId: 'bystander-live', ...usual }),
      Device.connect(url, {
        clientId: 'bystander-durable',
        ...usual,
        protocolVersion: 4,
        clean: false,
        reconnectPeriod: AWAY_MS,
      }),
    ]);
    for (const device of [sender, live, durable]) device.outlivesTests();
    const receivers = [new Receiver(live, true), new Receiver(durable, false)] as const;
    for (const { device } of receivers) await device.subscribe(`${TOPIC}/+`, 2);
    return new Traffic(sender, ...receivers);
  }

  /** What has gone wrong so far. */
  get problems(): readonly string[] {
    return [...this.faults, ...this.live.faults, ...this.durable.faults];
  }

  /** Waits for the last message, and tells how it went. */
  async stop(): Promise<TrafficReport> {
    this.isOver = true;
    await this.done;
    const isAllThere = () => this.live.misses(this.sent).length === 0 && this.durable.misses(this.sent).length === 0;
    await waitFor(isAllThere, { what: 'the last messages of the bystanders', timeoutMs: ARRIVAL_TIMEOUT_MS }).catch(
      () => undefined,
    );
    const faults = [...this.problems, ...this.live.misses(this.sent), ...this.durable.misses(this.sent)];
    for (const { mqtt } of [this.sender, this.live.device, this.durable.device]) mqtt.end(true);
    const sent = this.sent.reduce((sum, count) => sum + count, 0);
    const times = [...this.live.timesMs].sort((a, b) => a - b);
    const [usualMs, slowestMs] = [times[Math.floor(times.length * 0.99)] ?? 0, times.at(-1) ?? 0];
    return { sent, faults, slowestMs, usualMs, absences: this.absences };
  }

  private async send(): Promise<void> {
    while (!this.isOver) {
      for (const qos of [0, 1, 2] as const) {
        const text = `${++this.sent[qos]!} ${performance.now()}`;
        await this.sender.publish(`${TOPIC}/${qos}`, text, { qos });
      }
      await delay(PAUSE_MS);
    }
  }

  private async comeAndGo(): Promise<void> {
    const { mqtt } = this.durable.device;
    while (!this.isOver) {
      await delay(AWAY_EVERY_MS);
      this.absences++;
      mqtt.stream.destroy();
      await waitFor(() => mqtt.connected, { what: 'the durable bystander to be back' });
    }
  }
}

/** Looks at what arrives, number by number. */
class Receiver {
  readonly faults: string[] = [];
  readonly timesMs: number[] = [];
  private readonly last = [0, 0, 0];

  constructor(
    readonly device: Device,
    private readonly isAlwaysThere: boolean,
  ) {
    device.mqtt.on('message', (topic, payload) => {
      device.messages.length = 0; // nobody else looks at them, and there will be many
      this.take(Number(topic.at(-1)), payload.toString().split(' ').map(Number));
    });
  }

  /** What has not come of what was sent. QoS 0 is owed only to those who were there. */
  misses(sent: readonly number[]): string[] {
    const owed = this.isAlwaysThere ? [0, 1, 2] : [1, 2];
    return owed
      .filter((qos) => this.last[qos] !== sent[qos])
      .map((qos) => `${this.device.clientId} has QoS ${qos} up to ${this.last[qos]} of ${sent[qos]}`);
  }

  private take(qos: number, [number = 0, sentAt = 0]: readonly number[]): void {
    const last = this.last[qos]!;
    this.timesMs.push(performance.now() - sentAt);
    const isNext = number === last + 1;
    // Who was away gets QoS 1 again that it had not acknowledged, and no QoS 0.
    const isFine = isNext || (!this.isAlwaysThere && (qos === 0 ? number > last : qos === 1 && number <= last));
    if (!isFine) this.faults.push(`${this.device.clientId} got number ${number} after ${last} at QoS ${qos}`);
    if (number > last) this.last[qos] = number;
  }
}
