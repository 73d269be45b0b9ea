import type { Stats, StatsPoint } from '../../shared/api/generated/types.gen.js';

/** What is counted per step of the series. */
export type SeriesName = Exclude<keyof StatsPoint, 'at'>;

/** One series of the last 15 minutes. */
export function seriesValues({ series }: Stats, name: SeriesName): number[] {
  return series.points.map((point) => point[name]);
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
