/** Microseconds since this process has started, as an unsigned 32-bit number: good for 71 minutes. */
export function nowUs(): number {
  return (performance.now() * 1000) >>> 0;
}
