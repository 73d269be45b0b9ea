import { nowUs } from './clock.js';
import { DeliveryChecker } from './delivery-checker.js';
import type { Counts, Outcome, RetainJob } from './job.js';
import { Opening } from './opening.js';
import { Peer, type PeerListener } from './peer.js';
import { ProcessMeter } from './process-meter.js';
import { TurnLoop } from './turn-loop.js';
import { PublishTemplate } from './wire/publish-template.js';
import { getUint32 } from './wire/stamp.js';

const PER_FOLDER = 1000;
const MOST_PER_TURN = 500;
const GIVE_UP_MS = 5000;

/** Retained messages are published, each to a topic of its own; then one client subscribes to them all. */
export class RetainedReplay implements PeerListener {
  private readonly meter: ProcessMeter;
  private readonly loop = new TurnLoop();
  /** A stream per message: each has to come once, in any order. */
  private readonly checker: DeliveryChecker;
  private readonly publishers: Peer[] = [];
  private opening: Opening | null = null;
  private sent = 0;
  private acknowledged = 0;
  private subscribedAtMs = 0;
  private firstAtMs = 0;
  private arrivedAtMs = 0;
  private problem: string | null = null;
  private isOver = false;

  constructor(private readonly job: RetainJob) {
    this.meter = new ProcessMeter(job.pid);
    this.checker = new DeliveryChecker(job.messages);
  }

  async run(): Promise<Outcome> {
    const { job } = this;
    await this.open(job.publishers, []);
    const start = this.meter.read();
    await this.until(() => this.acknowledged >= job.messages);
    const loaded = this.meter.read();
    this.subscribedAtMs = performance.now();
    await this.open(1, ['bench/retained/#']);
    await this.until(() => this.checker.delivered >= job.messages);
    const replayed = this.meter.read();
    this.isOver = true;
    const seconds = (this.arrivedAtMs - this.subscribedAtMs) / 1000;
    const figures = {
      cpuUs: (replayed.cpuUs - loaded.cpuUs) / this.checker.delivered,
      deliveriesPerS: this.checker.delivered / seconds,
      retainedPerS: (job.messages / (loaded.atMs - start.atMs)) * 1000,
      retainCpuUs: (loaded.cpuUs - start.cpuUs) / job.messages,
      retainedBytes: (loaded.rssBytes - start.rssBytes) / job.messages,
      firstMs: this.firstAtMs - this.subscribedAtMs,
      brokerLoad: (replayed.cpuUs - loaded.cpuUs) / (seconds * 1e6),
    };
    return { problem: this.problem, mayLose: false, counts: this.counts(), figures };
  }

  ready(): void {
    this.opening?.oneReady();
  }

  arrived(): void {
    this.arrivedAtMs = performance.now();
    this.loop.wake();
  }

  delivered(_peer: Peer, bytes: Uint8Array, payloadAt: number): void {
    if (this.checker.delivered === 0) this.firstAtMs = this.arrivedAtMs;
    this.checker.take(getUint32(bytes, payloadAt + 12), getUint32(bytes, payloadAt + 8));
  }

  acknowledgedBy(): void {
    this.acknowledged++;
  }

  answeredPing(): void {
    // Nobody asks here.
  }

  closed(_peer: Peer, reason: string): void {
    if (this.isOver) return;
    this.opening?.fail(reason);
    this.problem ??= `a client was disconnected: ${reason}`;
  }

  private async open(count: number, filters: string[]): Promise<void> {
    const { target } = this.job;
    this.opening = new Opening(count, (index) => {
      const clientId = `bench-${process.pid}-${filters.length > 0 ? 's' : 'p'}${index}`;
      const peer = new Peer({ index, clientId, target, listener: this, filters, qos: 1 });
      if (filters.length === 0) this.publishers.push(peer);
    });
    await this.opening.run();
    this.opening = null;
  }

  /** Publishes what is left, and waits. Gives up when nothing comes any more. */
  private async until(isDone: () => boolean): Promise<void> {
    this.arrivedAtMs = performance.now();
    while (!isDone() && performance.now() - this.arrivedAtMs < GIVE_UP_MS && this.problem === null) {
      await this.loop.run(5, () => this.publishMore());
    }
  }

  private publishMore(): boolean {
    let count = 0;
    for (const publisher of this.publishers) {
      while (publisher.isReady && publisher.unacknowledged < this.job.window && this.sent < this.job.messages) {
        this.publishOne(publisher);
        count++;
      }
      publisher.flush();
    }
    return count >= MOST_PER_TURN;
  }

  private publishOne(publisher: Peer): void {
    const { target, payloadBytes } = this.job;
    const number = this.sent++;
    const topic = `bench/retained/${Math.floor(number / PER_FOLDER)}/${number}`;
    const template = new PublishTemplate({ topic, version: target.version, qos: 1, retain: true, payloadBytes });
    publisher.publish(template, { dueUs: nowUs(), publisher: publisher.index, sequence: 1, receiver: number });
  }

  private counts(): Counts {
    const { sent, acknowledged, checker, job } = this;
    let lost = 0;
    for (let number = 0; number < job.messages; number++) lost += checker.lost(number, 1);
    const { delivered, repeated, disordered } = checker;
    return { sent, acknowledged, expected: job.messages, delivered, lost, repeated, disordered, misdirected: 0 };
  }
}
