import type { MetricInfo, Series } from '../../shared/api/generated/types.gen.js';
import type { ChartLine } from '../../shared/ui/chart.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { MAX_LINES } from '../../shared/ui/chart/line-style.js';
import type { MetricGroup } from './search.js';
import { metricsTexts } from './texts.js';

/** One chart: metrics of one unit that are compared with one another. */
export interface ChartPlan {
  readonly title: string;
  readonly metrics: readonly MetricInfo[];
}

/** A line with what it is called elsewhere. */
export interface KeyedLine extends ChartLine {
  /** As Prometheus has it. */
  readonly key: string;
}

/** Metrics that belong into one chart; the others have one each. */
const together: readonly (readonly string[])[] = [
  ['perch_connects_total', 'perch_disconnects_total'],
  ['perch_connections_opened_total', 'perch_connections_closed_total'],
  ['perch_messages_received_total', 'perch_messages_sent_total'],
  ['perch_packets_received_total', 'perch_packets_sent_total'],
  ['perch_subscribes_total', 'perch_unsubscribes_total'],
  ['perch_received_bytes_total', 'perch_sent_bytes_total'],
  ['perch_received_payload_bytes_total', 'perch_sent_payload_bytes_total'],
  ['perch_http_repeated_requests_total', 'perch_http_forgotten_answers_total'],
  ['perch_event_streams_sent_messages_total', 'perch_event_streams_dropped_messages_total'],
  ['perch_registry_registered_total', 'perch_registry_expired_total'],
  ['perch_authorizer_unanswered_total', 'perch_authorizer_answers_forgotten_total'],
  ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total'],
  [
    'process_resident_memory_bytes',
    'nodejs_heap_size_total_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_external_memory_bytes',
  ],
  ['nodejs_eventloop_lag_max_seconds', 'nodejs_eventloop_lag_seconds'],
];

/** These never change while the server runs: a line would say nothing. */
const isConstant = ({ name }: MetricInfo) => /_info$|_limit$|_limit_bytes$|^process_start_time_seconds$/.test(name);

/** The charts of a group, in the order of the catalogue; every metric of it that can change is in one of them. */
export function chartsOf(catalogue: readonly MetricInfo[], group: MetricGroup): ChartPlan[] {
  const left = new Map(catalogue.filter((each) => each.group === group && !isConstant(each)).map((m) => [m.name, m]));
  const plans: ChartPlan[] = [];
  for (const metric of left.values()) {
    const names = together.find((each) => each.includes(metric.name)) ?? [metric.name];
    const metrics = names.flatMap((name) => left.get(name) ?? []);
    for (const { name } of metrics) left.delete(name);
    plans.push({ title: titleOf(metrics), metrics });
  }
  return plans;
}

/** The lines of a chart: where there are more than can be told apart, those with the most in them. */
export function linesOf({ metrics }: ChartPlan, { series }: Series): { lines: KeyedLine[]; omitted: number } {
  const all = metrics.flatMap(({ name }) =>
    series
      .filter(({ metric }) => metric === name)
      .map(({ key, labelValue, values }) => ({ key, values, label: labelOf(name, labelValue) })),
  );
  if (all.length <= MAX_LINES) return { lines: all, omitted: 0 };
  const sum = ({ values }: KeyedLine) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  const most = new Set(all.toSorted((a, b) => sum(b) - sum(a)).slice(0, MAX_LINES));
  return { lines: all.filter((line) => most.has(line)), omitted: all.length - MAX_LINES };
}

function labelOf(metric: string, labelValue: string | null): string {
  if (labelValue === null) return metricsTexts.lines[metric] ?? metric;
  return metricsTexts.labelValues[labelValue] ?? reasonText(labelValue);
}

/** Whether anything is known in this time. */
export function isKnown(lines: readonly ChartLine[]): boolean {
  return lines.some(({ values }) => values.some((value) => value !== null));
}

/** The start of each step, in milliseconds since 1970. */
export function timesOf({ from, to, stepSeconds }: Series): number[] {
  const start = Date.parse(from);
  const stepMs = stepSeconds * 1000;
  return Array.from({ length: Math.round((Date.parse(to) - start) / stepMs) }, (_, index) => start + index * stepMs);
}

function titleOf(metrics: readonly MetricInfo[]): string {
  const [first] = metrics;
  return first === undefined ? '' : (metricsTexts.titles[first.name] ?? first.help.replace(/\.$/, ''));
}
