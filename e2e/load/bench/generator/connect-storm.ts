import { setTimeout as delay } from 'node:timers/promises';
import { Histogram } from './histogram.js';
import { nowUs } from './clock.js';
import type { ConnectJob, Counts, Outcome } from './job.js';
import { Opening } from './opening.js';
import { Peer, type PeerListener } from './peer.js';
import { ProcessMeter } from './process-meter.js';

/** On Linux all of 127.0.0.0/8 is this machine, so that there are ports for everybody. */
const ADDRESSES = process.platform === 'linux' ? 8 : 1;

/** Many clients connect and then are idle. */
export class ConnectStorm implements PeerListener {
  private readonly opening: Opening;
  private readonly meter: ProcessMeter;
  private readonly startedUs: Uint32Array;
  private readonly latency = new Histogram();
  private readyCount = 0;
  private closedCount = 0;
  private problem: string | null = null;

  constructor(private readonly job: ConnectJob) {
    this.opening = new Opening(job.connections, (index) => this.connect(index));
    this.meter = new ProcessMeter(job.pid);
    this.startedUs = new Uint32Array(job.connections);
  }

  async run(): Promise<Outcome> {
    const { connections, idleS } = this.job;
    const before = this.meter.read();
    const generatorBefore = process.cpuUsage();
    await this.opening.run();
    const after = this.meter.read();
    const generator = process.cpuUsage(generatorBefore);
    await delay(idleS * 1000);
    const idle = this.meter.read();
    const us = (after.atMs - before.atMs) * 1000;
    const figures = {
      cpuUs: (after.cpuUs - before.cpuUs) / connections,
      connectsPerS: (connections / us) * 1e6,
      linkBytes: (idle.rssBytes - before.rssBytes) / connections,
      idleCpuLoad: (idle.cpuUs - after.cpuUs) / ((idle.atMs - after.atMs) * 1000),
      brokerLoad: (after.cpuUs - before.cpuUs) / us,
      generatorLoad: (generator.user + generator.system) / us,
      ...this.latency.figures('connect'),
    };
    return { problem: this.problem, mayLose: false, counts: this.counts(), figures };
  }

  ready(peer: Peer): void {
    this.readyCount++;
    this.latency.add((nowUs() - this.startedUs[peer.index]!) >>> 0);
    this.opening.oneReady();
  }

  closed(_peer: Peer, reason: string): void {
    this.closedCount++;
    this.problem ??= `a client was disconnected: ${reason}`;
    this.opening.fail(reason);
  }

  arrived(): void {
    // Nothing waits for it.
  }

  delivered(): void {
    this.problem ??= 'a message came, and nobody has subscribed';
  }

  acknowledgedBy(): void {
    // Nobody publishes.
  }

  answeredPing(): void {
    // Nobody asks here.
  }

  private connect(index: number): void {
    this.startedUs[index] = nowUs();
    const localAddress = ADDRESSES > 1 ? `127.0.0.${1 + (index % ADDRESSES)}` : undefined;
    const clientId = `bench-${process.pid}-i${index}`;
    new Peer({ index, clientId, target: this.job.target, listener: this, localAddress });
  }

  private counts(): Counts {
    const { connections } = this.job;
    const none = { acknowledged: 0, repeated: 0, disordered: 0, misdirected: 0 };
    return { ...none, sent: connections, expected: connections, delivered: this.readyCount, lost: this.closedCount };
  }
}
