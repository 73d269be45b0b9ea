import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { ApiError } from '../../../http/api-error.js';
import type { Metric } from '../catalogue/metric.js';
import { MetricCatalogue } from '../metric-catalogue.js';
import type { Series, SeriesQuery, SeriesRange } from '../metrics.schemas.js';
import { MetricHistory, RECENT_SECONDS } from './metric-history.js';
import { COARSE_KEPT_MS, FINE_KEPT_MS, FINE_STEP_SECONDS, type HistoryAnswer } from './postgres-metric-store.js';

const rangeMs: Readonly<Record<SeriesRange, number>> = {
  '15m': RECENT_SECONDS * 1000,
  '1h': 3_600_000,
  '6h': FINE_KEPT_MS,
  '24h': 24 * 3_600_000,
  '7d': COARSE_KEPT_MS,
};
const steps = [1, 10, 30, 60, 120, 300, 600] as const;
const MOST_POINTS = 1_100;
const MOST_SERIES = 200;
const LEAST_SPAN_MS = 10_000;

interface NamedSeries {
  readonly metric: Metric;
  readonly labelValue: string | null;
  readonly key: string;
}

interface Window {
  readonly from: number;
  readonly to: number;
  readonly stepSeconds: number;
}

/** Reads the history of metrics, as finely as it is kept and as a chart can show. */
@Injectable()
export class SeriesReader {
  constructor(
    private readonly broker: Broker,
    private readonly catalogue: MetricCatalogue,
    private readonly history: MetricHistory,
  ) {}

  /** 400 for a metric that there is not. */
  async read(query: SeriesQuery): Promise<Series> {
    const metrics = this.metricsOf(query.metric);
    const window = this.windowOf(query);
    const stored = await this.storedOf(metrics, window);
    const keys = await this.keysOf(metrics);
    const times = timesOf(window);
    return {
      from: new Date(window.from).toISOString(),
      to: new Date(window.to).toISOString(),
      stepSeconds: window.stepSeconds,
      series: keys.map(({ metric, key, labelValue }) => ({
        metric: metric.name,
        key,
        labelValue,
        values: times.map((time) => this.valueAt(key, time, { stored, window })),
      })),
    };
  }

  private metricsOf(names: readonly string[]): Metric[] {
    return names.map((name) => {
      const metric = this.catalogue.metrics.find((each) => each.name === name);
      if (metric) return metric;
      throw new ApiError('bad-request', `There is no metric ${JSON.stringify(name)}.`, {
        errors: [{ path: 'metric', message: 'is not in the catalogue' }],
      });
    });
  }

  private windowOf({ range, from, to }: SeriesQuery): Window {
    const now = this.broker.clock.now();
    const known = Math.min(now, this.history.knownUntil ?? now);
    const end = Math.min(to === undefined ? known : Date.parse(to), known);
    const start = Math.max(from === undefined ? end - rangeMs[range] : Date.parse(from), now - COARSE_KEPT_MS);
    const span = Math.max(end - start, LEAST_SPAN_MS);
    const finest = start >= now - rangeMs['15m'] - 5_000 ? 1 : start >= now - FINE_KEPT_MS - 60_000 ? 10 : 60;
    const fitting =
      steps.find((step) => step >= finest && span / 1000 / step <= MOST_POINTS) ?? steps[steps.length - 1];
    const stepSeconds = fitting ?? 600;
    const stepMs = stepSeconds * 1000;
    const last = Math.floor(end / stepMs) * stepMs;
    // Ends with the last step that is over and sampled, so that the newest point is a whole one and there is one.
    return { from: last - Math.floor(span / stepMs) * stepMs, to: last, stepSeconds };
  }

  /** What the database knows; of seconds, the ten-second steps around them. Those are no reason to fail. */
  private async storedOf(metrics: readonly Metric[], { from, to, stepSeconds }: Window): Promise<HistoryAnswer> {
    const isFine = stepSeconds === 1;
    const bucketMs = Math.max(stepSeconds, FINE_STEP_SECONDS) * 1000;
    const fineFrom = Math.ceil((this.broker.clock.now() - FINE_KEPT_MS + 60_000) / bucketMs) * bucketMs;
    try {
      await this.history.write();
      const keys = (await this.keysOf(metrics)).map(({ key }) => key);
      const question = { keys, from: from - (isFine ? bucketMs : 0), to, isMax: this.history.isMax, fineFrom };
      return await this.history.store.read({ ...question, stepSeconds: bucketMs / 1000 });
    } catch (error) {
      if (isFine) return new Map();
      throw error;
    }
  }

  /** Every series of the metrics that something is known of. */
  private async keysOf(metrics: readonly Metric[]): Promise<NamedSeries[]> {
    const stored = await this.history.store.keys().catch(() => []);
    const known = new Set([...this.history.recent.keys, ...stored]);
    return metrics.flatMap((metric) => seriesOf(metric, known)).slice(0, MOST_SERIES);
  }

  private valueAt(key: string, time: number, { stored, window }: { stored: HistoryAnswer; window: Window }) {
    if (window.stepSeconds > 1) return stored.get(key)?.get(time) ?? null;
    const fine = time - (time % (FINE_STEP_SECONDS * 1000));
    return this.history.recent.get(key, time / 1000) ?? stored.get(key)?.get(fine) ?? null;
  }
}

function timesOf({ from, to, stepSeconds }: Window): number[] {
  const count = Math.round((to - from) / 1000 / stepSeconds);
  return Array.from({ length: count }, (_, index) => from + index * stepSeconds * 1000);
}

/** Those that the metric has among the known ones. */
function seriesOf(metric: Metric, known: ReadonlySet<string>): NamedSeries[] {
  const { name, label } = metric;
  if (label === undefined) return [{ metric, labelValue: null, key: name }];
  const start = `${name}{${label}="`;
  return [...known]
    .filter((key) => key.startsWith(start))
    .toSorted()
    .map((key) => ({ metric, key, labelValue: key.slice(start.length, -2).replaceAll(/\\(["\\])/g, '$1') }));
}
