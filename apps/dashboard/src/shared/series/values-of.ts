import type { Series } from '../api/generated/types.gen.js';

/** The values of a metric over time; null: not known. `key` with its label, as Prometheus has it. */
export function valuesOf(series: Series | undefined, key: string): readonly (number | null)[] {
  return series?.series.find((each) => each.key === key)?.values ?? [];
}
