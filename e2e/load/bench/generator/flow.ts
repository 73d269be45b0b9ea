import { Cast } from './cast.js';
import { nowUs } from './clock.js';
import { DeliveryChecker } from './delivery-checker.js';
import { Histogram } from './histogram.js';
import type { Counts, FlowJob, Outcome } from './job.js';
import { LongestGap } from './longest-gap.js';
import { messagesFor, type Messages } from './messages.js';
import { ageUs, type Peer, type PeerListener } from './peer.js';
import { ProcessMeter, type Usage } from './process-meter.js';
import { ClosedLoop, OpenLoop, type Pump } from './pumps.js';
import { TurnLoop } from './turn-loop.js';
import { ANYBODY, getUint32 } from './wire/stamp.js';

const MAX_PACKET_ID = 65_535;
const DRAIN_QUIET_MS = 50;
const DRAIN_LIMIT_MS = 2000;
const RSS_SAMPLE_MS = 50;

/** The counters at one moment. */
interface Mark {
  readonly usage: Usage;
  readonly generatorUs: number;
  readonly done: number;
  readonly acknowledged: number;
}

/** Publishers, subscribers and what passes between them: warms up, measures, waits for the last message, checks. */
export class Flow implements PeerListener {
  private readonly messages: Messages;
  private readonly checker: DeliveryChecker;
  private readonly meter: ProcessMeter;
  private readonly cast: Cast;
  private readonly loop = new TurnLoop();
  private readonly latency = new Histogram();
  private readonly ackLatency = new Histogram();
  /** Of those who read: in a closed loop of all links, how long the broker has left one of them alone. */
  private readonly gap: LongestGap;
  private acknowledged = 0;
  private misdirected = 0;
  private arrivedUs = 0;
  private rssPeakBytes = 0;
  private rssSampledMs = 0;
  private stoppedClosed = 0;
  private isOver = false;
  private problem: string | null = null;

  constructor(private readonly job: FlowJob) {
    this.messages = messagesFor(job);
    this.checker = new DeliveryChecker(job.subscribers * job.publishers);
    this.gap = new LongestGap(job.subscribers - job.stopped);
    this.meter = new ProcessMeter(job.pid);
    this.cast = new Cast(job, this.messages, this);
  }

  async run(): Promise<Outcome> {
    const { job, loop } = this;
    const opened = await this.cast.open(this.meter);
    if (job.qos > 0) for (const publisher of this.cast.publishers) publisher.dueUs = new Uint32Array(MAX_PACKET_ID + 1);
    const pump = this.newPump();
    const turn = () => this.turn(pump);
    if (job.isAway) await this.cast.leave();
    await loop.run(job.warmUpS * 1000, turn);
    this.latency.clear();
    this.ackLatency.clear();
    this.gap.begin(nowUs());
    const start = this.mark();
    await loop.run(job.measureS * 1000, turn);
    const measured = this.measured(start, this.mark());
    if (job.isAway) await this.cast.comeBack();
    await this.drain();
    this.isOver = true;
    // Those who read must not suffer from those who have stopped, whatever the QoS.
    const mayLose = job.qos === 0 && job.stopped === 0;
    return { problem: this.problem, mayLose, counts: this.counts(), figures: { ...opened, ...measured } };
  }

  ready(): void {
    this.cast.oneReady();
  }

  arrived(): void {
    this.arrivedUs = nowUs();
    this.loop.wake();
  }

  delivered(peer: Peer, bytes: Uint8Array, payloadAt: number): void {
    const us = (this.arrivedUs - getUint32(bytes, payloadAt)) | 0;
    this.latency.add(us < 0 ? 0 : us);
    this.gap.came(peer.index, this.arrivedUs);
    const publisher = getUint32(bytes, payloadAt + 4);
    const receiver = getUint32(bytes, payloadAt + 12);
    const isForIt = receiver === ANYBODY || receiver === peer.index;
    if (isForIt && publisher < this.job.publishers) {
      this.checker.take(peer.index * this.job.publishers + publisher, getUint32(bytes, payloadAt + 8));
    } else this.misdirected++;
  }

  acknowledgedBy(peer: Peer, packetId: number): void {
    this.acknowledged++;
    this.ackLatency.add(ageUs(peer, packetId, this.arrivedUs));
  }

  answeredPing(): void {
    // Nobody asks here.
  }

  closed(peer: Peer, reason: string): void {
    if (this.isOver || peer.hasLeft || this.cast.failed(reason)) return;
    if (this.cast.isStopped(peer)) this.stoppedClosed++;
    else this.problem ??= `a client was disconnected: ${reason}`;
  }

  /** What the closed loop waits for: the delivery, or its promise when nobody is there. */
  get done(): number {
    return this.job.isAway ? this.acknowledged : this.checker.delivered;
  }

  private newPump(): Pump {
    const { job, messages } = this;
    const { publishers } = this.cast;
    return job.ratePerS === null
      ? new ClosedLoop({ job, publishers, messages, progress: this })
      : new OpenLoop({ ratePerS: job.ratePerS, publishers, messages });
  }

  private turn(pump: Pump): boolean {
    const now = performance.now();
    if (now - this.rssSampledMs > RSS_SAMPLE_MS) {
      this.rssSampledMs = now;
      this.rssPeakBytes = Math.max(this.rssPeakBytes, this.meter.rssBytes());
    }
    return pump.pump() || this.job.isBusy;
  }

  private mark(): Mark {
    const { user, system } = process.cpuUsage();
    return {
      usage: this.meter.read(),
      generatorUs: user + system,
      done: this.done,
      acknowledged: this.acknowledged,
    };
  }

  private measured(start: Mark, end: Mark): Record<string, number> {
    const us = (end.usage.atMs - start.usage.atMs) * 1000;
    const cpuUs = end.usage.cpuUs - start.usage.cpuUs;
    const deliveries = end.done - start.done;
    return {
      cpuUs: cpuUs / deliveries,
      deliveriesPerS: (deliveries / us) * 1e6,
      ...(this.job.qos > 0 && { acksPerS: ((end.acknowledged - start.acknowledged) / us) * 1e6 }),
      longestGapUs: this.gap.end(nowUs()),
      isClosedLoop: this.job.ratePerS === null ? 1 : 0,
      brokerLoad: cpuUs / us,
      generatorLoad: (end.generatorUs - start.generatorUs) / us,
      rssStartBytes: start.usage.rssBytes,
      rssGrowthBytes: Math.max(this.rssPeakBytes, end.usage.rssBytes) - start.usage.rssBytes,
      ...(this.job.stopped > 0 && { stoppedClosed: this.stoppedClosed }),
      ...this.latency.figures('delivery'),
      ...this.ackLatency.figures('ack'),
    };
  }

  /** Until all has come and all is acknowledged, or nothing comes any more. */
  private async drain(): Promise<void> {
    let seen = -1;
    let seenAtMs = performance.now();
    for (;;) {
      await this.loop.run(DRAIN_QUIET_MS, () => false);
      const now = performance.now();
      const progress = this.checker.delivered + this.acknowledged;
      if (progress !== seen) {
        seen = progress;
        seenAtMs = now;
      } else if (this.isComplete() || now - seenAtMs > DRAIN_LIMIT_MS) return;
    }
  }

  private isComplete(): boolean {
    const isAcknowledged = this.job.qos === 0 || this.acknowledged >= this.messages.sent;
    return isAcknowledged && this.checker.delivered >= this.messages.sent * this.messages.copies;
  }

  private counts(): Counts {
    const { job, checker, messages } = this;
    let expected = 0;
    let lost = 0;
    for (let subscriber = 0; subscriber < job.subscribers - job.stopped; subscriber++) {
      for (let publisher = 0; publisher < job.publishers; publisher++) {
        const sent = messages.expected(subscriber, publisher);
        expected += sent;
        lost += checker.lost(subscriber * job.publishers + publisher, sent);
      }
    }
    const { delivered, repeated, disordered } = checker;
    const { acknowledged, misdirected } = this;
    return { sent: messages.sent, acknowledged, expected, delivered, lost, repeated, disordered, misdirected };
  }
}
