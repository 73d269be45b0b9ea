import type { Series, Stats, StatsPoint } from '../../shared/api/generated/types.gen.js';
import { valuesOf } from '../../shared/series/values-of.js';

/** What is counted per step of the series. */
export type SeriesName = Exclude<keyof StatsPoint, 'at'>;

/** How many of something there were in the last minute, of what is known of it; null when nothing is. */
export function perMinute(series: Series | undefined, keys: readonly string[]): number | null {
  if (series === undefined || series.stepSeconds > 60) return null;
  const last = keys.flatMap((key) => valuesOf(series, key).slice(-Math.round(60 / series.stepSeconds)));
  const known = last.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value * series.stepSeconds, 0);
}

/** How many there were in the last minute; null before the first step is over. */
export function lastMinute(stats: Stats | undefined, name: SeriesName): number | null {
  return stats ? sumOfLast(stats, name, 60_000) : null;
}

const rateSpanMs = 15_000;

/** How many there are per second, over the last 15 seconds; null before the first step is over. */
export function perSecond(stats: Stats | undefined, name: SeriesName): number | null {
  if (!stats) return null;
  const sum = sumOfLast(stats, name, rateSpanMs);
  const steps = Math.min(stats.series.points.length, rateSpanMs / stats.series.stepMs);
  return sum === null ? null : sum / ((steps * stats.series.stepMs) / 1000);
}

function sumOfLast({ series }: Stats, name: SeriesName, spanMs: number): number | null {
  const points = series.points.slice(-Math.round(spanMs / series.stepMs));
  return points.length === 0 ? null : points.reduce((sum, point) => sum + point[name], 0);
}
