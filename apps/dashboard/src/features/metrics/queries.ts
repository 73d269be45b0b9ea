import { queryOptions } from '@tanstack/react-query';
import { seriesMetricsOptions, seriesReadOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { MetricRange, MetricsSearch } from './search.js';

/** The metrics that there are. */
export const metricCatalogue = () => queryOptions({ ...seriesMetricsOptions(), staleTime: Infinity });

const refetchMs: Readonly<Record<MetricRange, number>> = {
  '15m': 5_000,
  '1h': 10_000,
  '6h': 30_000,
  '24h': 60_000,
  '7d': 120_000,
};

/** What is known of metrics over a time; read again as often as it can look different. */
export function metricSeries(names: readonly string[], { range = '15m', from, to }: MetricsSearch) {
  return queryOptions({
    ...seriesReadOptions({ query: { metric: names.join(','), range, from, to } }),
    enabled: names.length > 0,
    refetchInterval: from === undefined ? refetchMs[range] : false,
    // What was shown stays while another time of the same metrics is read.
    placeholderData: (before) => (before?.series.some(({ metric }) => names.includes(metric)) ? before : undefined),
  });
}
