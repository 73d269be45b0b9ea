import type { Clock, StopTimer } from './ports/clock.js';

/** Longer timers than this run out at once in Node. */
const LONGEST_MS = 2 ** 31 - 1;

/** Runs it after the delay, however long that is. */
export function afterDelay(clock: Clock, delayMs: number, run: () => void): StopTimer {
  let stop: StopTimer = () => undefined;
  const wait = (leftMs: number): void => {
    const ms = Math.min(leftMs, LONGEST_MS);
    stop = clock.after(ms, () => (leftMs > ms ? wait(leftMs - ms) : run()));
  };
  wait(Math.max(0, delayMs));
  return () => stop();
}
