import type { Clock, StopTimer } from './ports/clock.js';

/** The real time. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  uptime(): number {
    return performance.now();
  }

  after(delayMs: number, run: () => void): StopTimer {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }

  every(intervalMs: number, run: () => void): StopTimer {
    const timer = setInterval(run, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  soon(run: () => void): void {
    setImmediate(run);
  }
}
