import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { metricGroups } from './catalogue/metric.js';

export const ScrapeQuery = z.strictObject({
  format: z.enum(['prometheus', 'openmetrics']).optional().describe('Left out: what the Accept header says.'),
});

export type ScrapeQuery = z.infer<typeof ScrapeQuery>;

const metricName = z.string().max(128);

/** A metric as people look for it. */
export const MetricInfo = z
  .object({
    name: metricName.describe('As Prometheus has it.'),
    type: z.enum(['counter', 'gauge']),
    group: z.enum(metricGroups),
    unit: z.enum(['count', 'bytes', 'seconds', 'ratio', 'bool']),
    help: z.string(),
    label: z.string().nullable().describe('The label that tells its series apart; null where there is one.'),
  })
  .meta({ id: 'MetricInfo' });

export type MetricInfo = z.infer<typeof MetricInfo>;

export const MetricList = z.object({ items: z.array(MetricInfo) }).meta({ id: 'MetricList' });

export type MetricList = z.infer<typeof MetricList>;

const seriesRange = z.enum(['15m', '1h', '6h', '24h', '7d']);

export type SeriesRange = z.infer<typeof seriesRange>;

const moment = z.iso.datetime({ offset: true }).optional();

export const SeriesQuery = z.strictObject({
  metric: z
    .string()
    .max(4096)
    .transform((text) => text.split(','))
    .pipe(z.array(metricName).max(32))
    .describe('Names of metrics, with commas between.'),
  range: seriesRange.default('15m'),
  from: moment.describe('A part of it: from then on. Not before seven days ago.'),
  to: moment.describe('Up to then; left out: now.'),
});

export type SeriesQuery = z.infer<typeof SeriesQuery>;

/** What is known of metrics over a time. */
export const Series = z
  .object({
    from: instant,
    to: instant,
    stepSeconds: z.int().describe('The first value is of the step that begins with `from`, and so on.'),
    series: z.array(
      z.object({
        metric: metricName,
        key: z.string().describe('The metric with its label, as in Prometheus.'),
        labelValue: z.string().nullable(),
        values: z.array(z.number().nullable()).describe('Counters as their rise in a second; null: not known.'),
      }),
    ),
  })
  .meta({ id: 'Series' });

export type Series = z.infer<typeof Series>;
