const factor = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);

/** How often a property is tried: as often as `npm test` has time for, or PROPERTY_RUNS_FACTOR times that. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(usual * factor) };
}

/** How long that may take, on a machine that has much else to do. */
export const PATIENCE_MS = 30_000 * Math.max(1, factor);
