import type { PolicyShadowReport } from '../../../shared/api/generated/types.gen.js';

/** How many judgements would have ended otherwise, by how. */
export type ShadowCounts = PolicyShadowReport['totals'];

/** The ways in which a judgement may end otherwise, worst first. */
export const shadowChanges = ['refused', 'narrowed', 'allowed', 'widened'] as const;

/** All differences. */
export function sumOf(counts: ShadowCounts): number {
  return shadowChanges.reduce((sum, change) => sum + counts[change], 0);
}
