import type { Clock, StopTimer } from '../ports/clock.js';

interface Timer {
  dueAt: number;
  readonly intervalMs: number | null;
  readonly run: () => void;
}

/** Time that moves when a test says so. What is due `soon` runs when the test turns the loop. */
export class FakeClock implements Clock {
  private sinceStart = 0;
  private shift = Date.parse('2026-01-01T00:00:00Z');
  private readonly timers = new Set<Timer>();
  private due: (() => void)[] = [];

  now(): number {
    return this.sinceStart + this.shift;
  }

  uptime(): number {
    return this.sinceStart;
  }

  /** Somebody sets the clock: what it says jumps, what has passed does not. */
  set(now: number): void {
    this.shift = now - this.sinceStart;
  }

  after(delayMs: number, run: () => void): StopTimer {
    return this.add({ dueAt: this.sinceStart + delayMs, intervalMs: null, run });
  }

  every(intervalMs: number, run: () => void): StopTimer {
    return this.add({ dueAt: this.sinceStart + intervalMs, intervalMs, run });
  }

  soon(run: () => void): void {
    this.due.push(run);
  }

  /** Ends the turn: runs what is due soon, and what that makes due. */
  turn(): void {
    while (this.due.length > 0) {
      const due = this.due;
      this.due = [];
      for (const run of due) run();
    }
  }

  /** Lets time pass, timer by timer. */
  advance(ms: number): void {
    const end = this.sinceStart + ms;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.sinceStart = next.dueAt;
      if (next.intervalMs === null) this.timers.delete(next);
      else next.dueAt += next.intervalMs;
      next.run();
      this.turn();
    }
    this.sinceStart = end;
  }

  private next(end: number): Timer | undefined {
    return [...this.timers].filter((timer) => timer.dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
  }

  private add(timer: Timer): StopTimer {
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }
}
