/** What metrics are shown together. */
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
] as const;

export type MetricGroup = (typeof metricGroups)[number];

/** What a value is counted in: things, bytes, seconds, a part of one, or yes (1) and no (0). */
export type MetricUnit = 'count' | 'bytes' | 'seconds' | 'ratio' | 'bool';

/** One figure of the server, or one for each value of a label. */
export interface Metric {
  /** As Prometheus has it: base units, `_total` at the end of a counter. */
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly group: MetricGroup;
  readonly unit: MetricUnit;
  /** One sentence. */
  readonly help: string;
  /** The name of the label; left out where there is one figure. Never a client id: there may be any number of those. */
  readonly label?: string;
  /** How a step of the history sums up what was sampled in it: left out, the mean. */
  readonly summary?: 'max';
  /** The figure now, or those by the value of the label. Null when it is not known. Cheap: read every second. */
  read(): number | null | Readonly<Record<string, number | null>>;
}

/** A metric's figure, or one of them. */
export interface Reading {
  readonly metric: Metric;
  /** The value of its label, or null where it has none. */
  readonly labelValue: string | null;
  readonly value: number;
}

type Read = Metric['read'];
type More = Pick<Metric, 'read' | 'label' | 'summary'> & { readonly unit?: MetricUnit };

/** Writes metrics of one group, counted in this unless they say otherwise: name, help, and how it is read. */
export function metricsOf(group: MetricGroup, unit: MetricUnit) {
  const of =
    (type: Metric['type']) =>
    (name: string, help: string, more: Read | More): Metric => ({
      ...{ name, type, group, unit, help },
      ...(typeof more === 'function' ? { read: more } : more),
    });
  return { counter: of('counter'), gauge: of('gauge') };
}

/** What tells a series from all others: `name` or `name{label="value"}`. */
export function seriesKey({ metric: { name, label }, labelValue }: Pick<Reading, 'metric' | 'labelValue'>): string {
  return label === undefined || labelValue === null ? name : `${name}{${label}="${escapeLabel(labelValue)}"}`;
}

/** A label's value between quotes, as the exposition formats want it. */
export function escapeLabel(value: string): string {
  return value.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}
