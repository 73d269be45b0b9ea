/** How long to wait before the n-th try (1 is the first): doubled each time, less up to half of it at random. */
export function backOffMs(attempt: number, limits: { readonly minMs: number; readonly maxMs: number }): number {
  const full = Math.min(limits.maxMs, limits.minMs * 2 ** Math.min(attempt - 1, 30));
  // Half is certain, so that a server is never hit at once; half is random, so that a fleet does not come back in step.
  return Math.round(full * (0.5 + Math.random() * 0.5));
}
