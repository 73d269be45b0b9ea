import type { Counters } from '@perch/broker';
import type { StatsPoint } from './stats.schemas.js';

/** The counters that the series follows, by the name they have in a point. */
const followed = {
  connects: 'connects',
  disconnects: 'disconnects',
  messagesIn: 'messagesReceived',
  messagesOut: 'messagesSent',
  bytesIn: 'bytesReceived',
  bytesOut: 'bytesSent',
  refused: 'refused',
} as const satisfies Record<keyof Omit<StatsPoint, 'at'>, keyof Counters>;

type Totals = Record<keyof typeof followed, number>;

/** What happened in each step of the recent past. Bounded: the oldest step goes first. */
export class StatsSeries {
  private readonly steps: StatsPoint[] = [];
  private last: Totals;

  constructor(
    private readonly counters: Counters,
    private readonly limit: number,
  ) {
    this.last = this.totals();
  }

  get points(): readonly StatsPoint[] {
    return this.steps;
  }

  /** Closes a step at this instant. */
  sample(now: Date): void {
    const totals = this.totals();
    const difference = (name: keyof Totals) => totals[name] - this.last[name];
    this.steps.push({
      at: now.toISOString(),
      connects: difference('connects'),
      disconnects: difference('disconnects'),
      messagesIn: difference('messagesIn'),
      messagesOut: difference('messagesOut'),
      bytesIn: difference('bytesIn'),
      bytesOut: difference('bytesOut'),
      refused: difference('refused'),
    });
    this.last = totals;
    if (this.steps.length > this.limit) this.steps.shift();
  }

  private totals(): Totals {
    const entries = Object.entries(followed).map(([name, counter]) => [name, this.counters[counter]]);
    return Object.fromEntries(entries) as Totals;
  }
}
