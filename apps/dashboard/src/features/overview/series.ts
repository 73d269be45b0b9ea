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

/** What is known of the last seconds. */
function lastOf(series: Series, key: string, seconds: number): number[] {
  const last = valuesOf(series, key).slice(-Math.round(seconds / series.stepSeconds));
  return last.filter((value) => value !== null);
}
