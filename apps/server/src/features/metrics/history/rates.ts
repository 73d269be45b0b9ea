import { type Reading, seriesKey } from '../catalogue/metric.js';

/** Turns what counters stand at into what they rise by in a second. Gauges pass as they are. */
export class Rates {
  private last = new Map<string, number>();
  private lastAt: number | null = null;

  /** The values of the time since the call before; of counters none at the first call. `uptimeMs` never jumps. */
  take(readings: readonly Reading[], uptimeMs: number): Map<string, number> {
    const seconds = this.lastAt === null ? null : (uptimeMs - this.lastAt) / 1000;
    const values = new Map<string, number>();
    const totals = new Map<string, number>();
    for (const reading of readings) {
      const key = seriesKey(reading);
      if (reading.metric.type === 'gauge') values.set(key, reading.value);
      else {
        totals.set(key, reading.value);
        if (seconds !== null && seconds > 0) values.set(key, this.rise(key, reading.value) / seconds);
      }
    }
    this.last = totals;
    this.lastAt = uptimeMs;
    return values;
  }

  /** A counter that is lower than before began anew; one that was not there before began with zero. */
  private rise(key: string, total: number): number {
    const before = this.last.get(key) ?? 0;
    return total < before ? total : total - before;
  }
}
