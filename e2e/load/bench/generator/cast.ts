import { setTimeout as delay } from 'node:timers/promises';
import type { FlowJob } from './job.js';
import type { Messages } from './messages.js';
import { Opening } from './opening.js';
import { Peer, type PeerListener, type PeerOptions } from './peer.js';
import type { ProcessMeter } from './process-meter.js';

const LEAVE_MS = 300;

/** Every client of a job. */
export class Cast {
  readonly publishers: Peer[] = [];
  readonly subscribers: Peer[] = [];
  private opening: Opening | null = null;

  constructor(
    private readonly job: FlowJob,
    private readonly messages: Messages,
    private readonly listener: PeerListener,
  ) {}

  /** Connects all and subscribes; resolves with what subscribing has cost. */
  async open(meter: ProcessMeter): Promise<Record<string, number>> {
    const { job, messages } = this;
    const before = meter.read();
    await this.openSome(this.subscribers, 's', (index) => ({
      isDurable: job.isDurable,
      qos: job.qos,
      filters: messages.filtersOf(index),
    }))(job.subscribers);
    const after = meter.read();
    await this.openSome([], 'i', () => ({}))(job.idle);
    await this.openSome(this.publishers, 'p', () => ({}))(job.publishers);
    for (const stopped of this.subscribers.slice(job.subscribers - job.stopped)) stopped.stopReading();
    if (job.layout !== 'filters') return {};
    const filters = job.subscribers * job.filtersEach;
    return {
      filtersPerS: (filters / (after.atMs - before.atMs)) * 1000,
      filterBytes: (after.rssBytes - before.rssBytes) / filters,
    };
  }

  /** All subscribers go, and the broker has time to notice. */
  async leave(): Promise<void> {
    for (const subscriber of this.subscribers) subscriber.leave();
    await delay(LEAVE_MS);
  }

  /** The subscribers come back to their sessions. */
  async comeBack(): Promise<void> {
    this.subscribers.length = 0;
    await this.openSome(this.subscribers, 's', () => ({ isDurable: true }))(this.job.subscribers);
  }

  /** Whether it is one of those that read no more. */
  isStopped(peer: Peer): boolean {
    return this.subscribers.indexOf(peer) >= this.job.subscribers - this.job.stopped;
  }

  oneReady(): void {
    this.opening?.oneReady();
  }

  /** True when that was while they were being opened. */
  failed(reason: string): boolean {
    this.opening?.fail(reason);
    return this.opening !== null;
  }

  private openSome(peers: Peer[], letter: string, options: (index: number) => Partial<PeerOptions>) {
    return async (count: number) => {
      const { target } = this.job;
      this.opening = new Opening(count, (index) => {
        const clientId = `bench-${process.pid}-${letter}${index}`;
        peers.push(new Peer({ index, clientId, target, listener: this.listener, ...options(index) }));
      });
      await this.opening.run();
      this.opening = null;
    };
  }
}
