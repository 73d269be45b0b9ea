import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;

/** What to wait for, and for how long. */
export interface Wait {
  /** Ends the sentence "Waited in vain for …". */
  readonly what: string;
  readonly timeoutMs?: number;
}

/** Resolves with the first answer of `probe` that is neither null, undefined nor false; a probe that throws is asked again. */
export async function waitFor<T>(
  probe: () => T | Promise<T>,
  { what, timeoutMs = 15_000 }: Wait,
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer as NonNullable<Exclude<T, false>>;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline)
      throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause: lastError });
    await delay(POLL_MS);
  }
}

/** The promise, or an error that says what did not happen in time. */
export async function within<T>(promise: Promise<T>, { what, timeoutMs = 15_000 }: Wait): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}.`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
