import { useEffect, useState } from 'react';

/** Counts whole seconds down to zero; starts anew with each `key`. */
export function useCountdown(seconds: number, key: unknown): number {
  const [count, setCount] = useState({ seconds, key, left: seconds });
  // A new refusal replaces the count at once, not after a paint that shows the old one.
  if (count.key !== key || count.seconds !== seconds) setCount({ seconds, key, left: seconds });
  const isRunning = count.left > 0;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setCount((now) => ({ ...now, left: Math.max(0, now.left - 1) })), 1000);
    return () => clearInterval(timer);
  }, [isRunning, key]);
  return count.left;
}
