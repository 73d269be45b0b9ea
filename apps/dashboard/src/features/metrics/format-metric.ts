import type { MetricInfo } from '../../shared/api/generated/types.gen.js';
import { formatBytes, formatRate, formatShort } from '../../shared/ui/format.js';
import { locale } from '../../shared/ui/locale.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { metricsTexts } from './texts.js';

/** How a value of this metric is written: counters by the second. */
export function formatterOf({ type, unit }: Pick<MetricInfo, 'type' | 'unit'>): (value: number | null) => string {
  const format = type === 'counter' ? rates[unit] : gauges[unit];
  return (value) => (value === null ? uiTexts.unknown : format(value));
}

const small = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });

const percent = (value: number) => `${formatRate(value * 100)} %`;
const perSecond = (value: number) => metricsTexts.perSecond(value < 1 ? small.format(value) : formatRate(value));

const rates: Readonly<Record<MetricInfo['unit'], (value: number) => string>> = {
  count: perSecond,
  bytes: (value) => metricsTexts.perSecond(formatBytes(value)),
  // Seconds of the processor in a second.
  seconds: percent,
  ratio: perSecond,
  bool: perSecond,
};

const gauges: Readonly<Record<MetricInfo['unit'], (value: number) => string>> = {
  count: formatShort,
  bytes: formatBytes,
  seconds: (value) => (value < 1 ? `${formatRate(value * 1000)} ms` : `${formatRate(value)} s`),
  ratio: percent,
  bool: (value) => (value === 1 ? metricsTexts.yes : value === 0 ? metricsTexts.no : percent(value)),
};
