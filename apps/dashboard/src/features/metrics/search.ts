import type { MetricInfo } from '../../shared/api/generated/types.gen.js';
import { choiceParam, instantParam, type RawSearch } from '../../shared/search/search.js';

/** What metrics are shown together, in the order of the tabs. */
export const metricGroups = [
  'connections',
  'messages',
  'bytes',
  'delivery',
  'sessions',
  'retained',
  'http',
  'access',
  'database',
  'process',
] as const satisfies readonly MetricInfo['group'][];

export const metricRanges = ['15m', '1h', '6h', '24h', '7d'] as const;

export type MetricGroup = MetricInfo['group'];
export type MetricRange = (typeof metricRanges)[number];

/** What the address of the metrics page says. */
export interface MetricsSearch {
  readonly group?: MetricGroup;
  readonly range?: MetricRange;
  readonly view?: 'table';
  /** A part of the range, as instants. */
  readonly from?: string;
  readonly to?: string;
}

/** Reads the address of the metrics page. */
export function metricsSearch(search: RawSearch): MetricsSearch {
  const [from, to] = [instantParam(search, 'from'), instantParam(search, 'to')];
  return {
    group: choiceParam(search, 'group', metricGroups),
    range: choiceParam(search, 'range', metricRanges),
    view: choiceParam(search, 'view', ['table']),
    ...(from !== undefined && to !== undefined && { from, to }),
  };
}
