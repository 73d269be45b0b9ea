/** Ends a timer. Calling it again does nothing. */
export type StopTimer = () => void;

/** Where the broker's time comes from. Timers never keep the process alive. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some fixed moment: unlike `now` it never jumps when somebody sets the clock. */
  uptime(): number;
  after(delayMs: number, run: () => void): StopTimer;
  every(intervalMs: number, run: () => void): StopTimer;
  /** Runs once in this turn of the event loop, after the input that is already there. */
  soon(run: () => void): void;
}
