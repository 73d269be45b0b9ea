import { randomUUID } from 'node:crypto';
import type { Clock, StopTimer } from '@perch/broker';
import type { BridgeSettings } from '../../config/bridge.schema.js';
import type { Happening } from './bridge-event.js';
import type { Batch, Destination, Setback } from './destination.js';
import { WaitingEvents } from './waiting-events.js';

/** So long the last events may take when the server stops. */
const FAREWELL_MS = 3_000;

type Pace = Pick<
  BridgeSettings,
  'queueEvents' | 'queueBytes' | 'lingerMs' | 'retryFromMs' | 'retryToMs' | 'giveUpSeconds'
>;

/** What a bridge is made with. */
export interface BridgeOptions {
  readonly settings: Pace;
  readonly destination: Destination;
  readonly clock: Clock;
  /** It has begun to fail, or with null to work again. */
  readonly changed: (problem: string | null) => void;
}

/**
 * Carries events to a destination, in their order and a batch at a time. What cannot be sent is tried again with a
 * growing pause, while others wait in a bounded queue; what finds no room there is counted and told with what comes next.
 */
export class Bridge {
  /** Events that arrived. */
  sent = 0;
  /** Tries to send a batch that failed. */
  failed = 0;
  /** Events that found no room. */
  dropped = 0;
  /** Events that were given up: refused for good, or tried for too long. */
  deadLettered = 0;
  lastError: { readonly problem: string; readonly at: number } | null = null;
  private readonly waiting: WaitingEvents;
  private seq = 0;
  private lost = 0;
  private failures = 0;
  private current: (Batch & { readonly since: number }) | null = null;
  private stopTimer: StopTimer | null = null;
  private work: Promise<void> | null = null;
  private isClosed = false;

  constructor(private readonly options: BridgeOptions) {
    const { queueEvents: events, queueBytes: bytes } = options.settings;
    this.waiting = new WaitingEvents({ events, bytes });
  }

  get queued(): number {
    return this.waiting.size;
  }

  get queuedBytes(): number {
    return this.waiting.bytes;
  }

  get isFailing(): boolean {
    return this.failures > 0;
  }

  get circuit(): Destination['circuit'] {
    return this.options.destination.circuit;
  }

  /** Takes an event, or counts it as lost. Called within a publish: what it does is bounded and never throws. */
  offer(happening: Happening): void {
    if (this.isClosed) return;
    const now = this.options.clock.now();
    const seq = ++this.seq;
    const event = { seq, ...happening, ts: Math.floor(now / 1000), at: new Date(now).toISOString() };
    if (this.waiting.isFull || !this.waiting.add(this.options.destination.encode(event))) {
      this.dropped++;
      this.lost++;
      return;
    }
    this.wakeIn(this.options.settings.lingerMs);
  }

  /** Sends what waits, as far as that works at once; resolves to how many events are left. */
  async close(): Promise<number> {
    this.isClosed = true;
    this.stopTimer?.();
    const { clock, destination } = this.options;
    const until = clock.uptime() + FAREWELL_MS;
    await new Promise<void>((resolve, reject) => {
      const stop = clock.after(FAREWELL_MS, resolve);
      this.sendRest(until).finally(stop).then(resolve, reject);
    });
    await destination.close();
    return this.waiting.size;
  }

  private async sendRest(until: number): Promise<void> {
    await this.work;
    const before = this.failed;
    while (this.waiting.size > 0 && this.failed === before && this.options.clock.uptime() < until) await this.sendOne();
  }

  private wakeIn(delayMs: number): void {
    if (this.stopTimer || this.work || this.isClosed) return;
    this.stopTimer = this.options.clock.after(delayMs, () => {
      this.stopTimer = null;
      this.work = this.sendOne().finally(() => {
        this.work = null;
        if (this.waiting.size > 0) this.wakeIn(this.pauseMs());
      });
    });
  }

  /** One try of one batch. */
  private async sendOne(): Promise<void> {
    const batch = (this.current ??= this.nextBatch());
    const setback = await this.options.destination.send(batch);
    if (setback === null) this.arrived(batch);
    else this.hasFailed(setback, batch);
  }

  private nextBatch(): Batch & { readonly since: number } {
    const { batchEvents: events, batchBytes: bytes } = this.options.destination;
    const { lost } = this;
    this.lost = 0;
    const lines = this.waiting.first({ events, bytes });
    return { id: randomUUID(), lines, lost, since: this.options.clock.uptime() };
  }

  private arrived({ lines }: Batch): void {
    this.waiting.drop(lines.length);
    this.sent += lines.length;
    this.current = null;
    if (this.failures > 0) this.options.changed(null);
    this.failures = 0;
  }

  private hasFailed({ problem, isFinal }: Setback, batch: Batch & { readonly since: number }): void {
    const { clock, settings } = this.options;
    this.failed++;
    this.lastError = { problem, at: clock.now() };
    if (this.failures++ === 0) this.options.changed(problem);
    if (!isFinal && clock.uptime() - batch.since < settings.giveUpSeconds * 1000) return;
    this.waiting.drop(batch.lines.length);
    this.deadLettered += batch.lines.length;
    this.lost += batch.lost + batch.lines.length;
    this.current = null;
  }

  /** Doubles with every failure up to its bound; between a half and all of that, so that not all come back at once. */
  private pauseMs(): number {
    if (this.failures === 0) return 0;
    const { retryFromMs, retryToMs } = this.options.settings;
    const longest = Math.min(retryToMs, retryFromMs * 2 ** Math.min(this.failures - 1, 30));
    return longest * (0.5 + Math.random() / 2);
  }
}
