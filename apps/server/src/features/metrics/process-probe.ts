import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e-9;
/** As many seconds as the usual distance between two scrapes: no hiccup between them goes unseen. */
const SECONDS_KEPT = 15;

/** Watches the event loop of this process. Null is what is not known yet. */
export class ProcessProbe {
  lagMeanSeconds: number | null = null;
  /** The part of the last second in which it was busy. */
  utilization: number | null = null;
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private readonly worst: number[] = [];
  private before: EventLoopUtilization = performance.eventLoopUtilization();

  constructor() {
    this.delays.enable();
  }

  get lagMaxSeconds(): number | null {
    return this.worst.length === 0 ? null : Math.max(...this.worst);
  }

  /** Closes a second. */
  look(): void {
    const now = performance.eventLoopUtilization();
    this.utilization = performance.eventLoopUtilization(now, this.before).utilization;
    this.before = now;
    if (this.delays.count === 0) return;
    this.lagMeanSeconds = lateness(this.delays.mean);
    this.worst.push(lateness(this.delays.max));
    if (this.worst.length > SECONDS_KEPT) this.worst.shift();
    this.delays.reset();
  }

  stop(): void {
    this.delays.disable();
  }
}

/** What is measured is the time between two timers, which were to be that far apart. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds * NANOSECONDS - RESOLUTION_MS / 1000);
}
