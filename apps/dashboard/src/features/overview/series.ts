import type { Series } from '../../shared/api/generated/types.gen.js';
import { valuesOf } from '../../shared/series/values-of.js';

/** How many of something there were in the last minute, of what is known of it; null when nothing is. */
export function perMinute(series: Series | undefined, keys: readonly string[]): number | null {
  if (series === undefined || series.stepSeconds > 60) return null;
  const known = keys.flatMap((key) => lastOf(series, key, 60));
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value * series.stepSeconds, 0);
}

const RATE_SECONDS = 15;

/** How many there are per second, over what is known of the last 15 seconds; null when nothing is. */
export function perSecond(series: Series | undefined, key: string): number | null {
  if (series === undefined || series.stepSeconds > RATE_SECONDS) return null;
  const known = lastOf(series, key, RATE_SECONDS);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** How many there were within the minute before each step: of one second alone nobody can tell a rate. */
export function minutesBefore(series: Series, key: string): (number | null)[] {
  const perSecond = valuesOf(series, key);
  if (series.stepSeconds >= 60) return perSecond.map((rate) => (rate === null ? null : rate * 60));
  const steps = Math.round(60 / series.stepSeconds);
  let sum = 0;
  return perSecond.map((rate, step) => {
    sum += (rate ?? 0) - (perSecond[step - steps] ?? 0);
    return rate === null ? null : Math.round(sum * series.stepSeconds);
  });
}

/** What is known of the last seconds. */
function lastOf(series: Series, key: string, seconds: number): number[] {
  const last = valuesOf(series, key).slice(-Math.round(seconds / series.stepSeconds));
  return last.filter((value) => value !== null);
}
