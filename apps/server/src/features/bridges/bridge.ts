import { randomUUID } from 'node:crypto';
import type { Clock, StopTimer } from '@perch/broker';
import type { BridgeSettings } from '../../config/bridge.schema.js';
import { reasonOf } from '../../policy/hooks/read-body.js';
import { BadEventSearch } from './bad-event-search.js';
import { type Happening, testEvent } from './bridge-event.js';
import type { DeadLetters } from './dead-letters.js';
import type { Batch, Destination, Setback, TestAnswer } from './destination.js';
import { WaitingEvents } from './waiting-events.js';

/** After so many tries in a row that failed, a bridge counts as failing. */
const FAILING_AFTER = 5;
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
  /** Where it is kept what is given up; null for nowhere. */
  readonly deadLetters: Pick<DeadLetters, 'target' | 'take' | 'close'> | null;
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
  private readonly search = new BadEventSearch();
  /** What was refused goes on in smaller batches: the destination works. */
  private goesOnAtOnce = false;
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

  get state(): 'working' | 'retrying' | 'failing' {
    if (this.failures === 0) return 'working';
    return this.failures < FAILING_AFTER ? 'retrying' : 'failing';
  }

  get target(): string {
    return this.options.destination.target;
  }

  get deadLetterFile(): string | null {
    return this.options.deadLetters?.target ?? null;
  }

  get circuit(): Destination['circuit'] {
    return this.options.destination.circuit;
  }

  /** Takes an event, or counts it as lost. Called within a publish: what it does is bounded and never throws. */
  offer(happening: Happening): void {
    if (this.isClosed) return;
    const seq = ++this.seq;
    if (this.waiting.isFull || !this.waiting.add(this.encode(happening, seq))) {
      this.dropped++;
      this.lost++;
      return;
    }
    this.wakeIn(this.options.settings.lingerMs);
  }

  /** Has the destination take an event that says it is a test. Where it does, what waits for another try is tried now. */
  async test(): Promise<TestAnswer> {
    try {
      const batch = { id: randomUUID(), lines: [this.encode(testEvent, 0)], lost: 0 };
      const answer = await this.options.destination.test(batch);
      if (answer.arrived && this.failures > 0) this.tryNow();
      return answer;
    } catch (error) {
      return { arrived: false, said: reasonOf(error), body: null };
    }
  }

  /** Sends what waits, as far as that works at once; resolves to how many events are left. */
  async close(): Promise<number> {
    this.isClosed = true;
    this.stopTimer?.();
    const { clock, destination, deadLetters } = this.options;
    const until = clock.uptime() + FAREWELL_MS;
    await new Promise<void>((resolve, reject) => {
      const stop = clock.after(FAREWELL_MS, resolve);
      this.sendRest(until).finally(stop).then(resolve, reject);
    });
    await destination.close();
    await deadLetters?.close();
    return this.waiting.size;
  }

  private encode(happening: Happening, seq: number): string {
    const now = this.options.clock.now();
    const at = new Date(now).toISOString();
    return this.options.destination.encode({ seq, ...happening, ts: Math.floor(now / 1000), at });
  }

  private async sendRest(until: number): Promise<void> {
    await this.work;
    while (this.waiting.size > 0 && this.options.clock.uptime() < until) {
      await this.sendOne();
      if (this.pauseMs() > 0) return;
    }
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

  private tryNow(): void {
    if (!this.stopTimer) return;
    this.stopTimer();
    this.stopTimer = null;
    this.wakeIn(0);
  }

  /** One try of one batch. */
  private async sendOne(): Promise<void> {
    const batch = (this.current ??= this.nextBatch());
    const setback = await this.tryToSend(batch);
    if (setback === null) this.arrived(batch);
    else await this.hasFailed(setback, batch);
  }

  /** A destination that rejects against its word is a setback as any other. */
  private async tryToSend(batch: Batch): Promise<Setback | null> {
    try {
      return await this.options.destination.send(batch);
    } catch (error) {
      return { problem: reasonOf(error), isFinal: false };
    }
  }

  private nextBatch(): Batch & { readonly since: number } {
    const { batchEvents: events, batchBytes: bytes } = this.options.destination;
    const { lost } = this;
    this.lost = 0;
    const lines = this.waiting.first({ events: Math.min(events, this.search.most), bytes });
    return { id: randomUUID(), lines, lost, since: this.options.clock.uptime() };
  }

  private arrived({ lines }: Batch): void {
    this.sent += lines.length;
    this.settled(lines.length);
    if (this.failures > 0) this.options.changed(null);
    this.failures = 0;
  }

  private async hasFailed({ problem, isFinal }: Setback, batch: Batch & { readonly since: number }): Promise<void> {
    const { clock, settings } = this.options;
    const isSameAgain = isFinal && this.search.isOn;
    this.failed++;
    this.lastError = { problem, at: clock.now() };
    if (!isSameAgain && this.failures++ === 0) this.options.changed(problem);
    this.goesOnAtOnce = false;
    if (!isFinal && clock.uptime() - batch.since < settings.giveUpSeconds * 1000) return;
    const events = batch.lines.length;
    const bad = isFinal ? this.search.refused(events) : events;
    this.current = null;
    this.lost += batch.lost;
    if (bad > 0) await this.giveUp(bad);
    this.goesOnAtOnce = isFinal && this.search.isOn;
  }

  /** The first so many that wait, and what was tried. */
  private async giveUp(events: number): Promise<void> {
    await this.options.deadLetters?.take(this.waiting.first({ events, bytes: Number.POSITIVE_INFINITY }));
    this.deadLettered += events;
    this.lost += events;
    this.settled(events);
  }

  private settled(events: number): void {
    this.waiting.drop(events);
    this.search.settled(events);
    this.current = null;
  }

  /** Doubles with every failure up to its bound; between a half and all of that, so that not all come back at once. */
  private pauseMs(): number {
    if (this.failures === 0 || this.goesOnAtOnce) return 0;
    const { retryFromMs, retryToMs } = this.options.settings;
    const longest = Math.min(retryToMs, retryFromMs * 2 ** Math.min(this.failures - 1, 30));
    return longest * (0.5 + Math.random() / 2);
  }
}
