const factor = Number(process.env['PROPERTY_RUNS_FACTOR'] ?? 1);

/** How often a property is tried: as often as `npm test` has time for, or PROPERTY_RUNS_FACTOR times that. */
export function runs(usual: number): { readonly numRuns: number } {
  return { numRuns: Math.ceil(usual * factor) };
}
