import { escapeLabel, type Metric, type Reading } from './catalogue/metric.js';

/** The two formats that are written. */
export type ExpositionFormat = 'prometheus' | 'openmetrics';

/** The type of each format's text. */
export const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Writes readings, those of one metric next to one another, as a scraper takes them. */
export function expositionText(readings: readonly Reading[], format: ExpositionFormat): string {
  const lines: string[] = [];
  let last: Metric | null = null;
  for (const reading of readings) {
    if (reading.metric !== last) lines.push(...headOf(reading.metric, format));
    last = reading.metric;
    lines.push(sampleOf(reading));
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return `${lines.join('\n')}\n`;
}

function headOf({ name, type, help }: Metric, format: ExpositionFormat): string[] {
  // In OpenMetrics `_total` belongs to the sample, not to the name of a counter.
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name;
  return [`# HELP ${family} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${family} ${type}`];
}

function sampleOf({ metric: { name, label }, labelValue, value }: Reading): string {
  const labels = label === undefined || labelValue === null ? '' : `{${label}="${escapeLabel(labelValue)}"}`;
  return `${name}${labels} ${value}`;
}
