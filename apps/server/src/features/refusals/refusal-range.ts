import { BUCKET_MS } from '../../broker/refusals/refusal-seen.js';
import { ApiError } from '../../http/api-error.js';
import type { RefusalQuery } from './refusal.schemas.js';

/** A stretch of time, and the steps of its series; all in ms, the moments since the epoch. */
export interface RefusalRange {
  readonly since: number;
  readonly until: number;
  readonly stepMs: number;
}

const DAY_MS = 24 * 3_600_000;
const MOST_STEPS = 48;

/** The stretch that a query asks for, widened to whole quarters of an hour: finer nothing is counted. */
export function rangeOf({ since, until }: Pick<RefusalQuery, 'since' | 'until'>, now: number): RefusalRange {
  const end = until === undefined ? now : Date.parse(until);
  const wanted = since === undefined ? end - DAY_MS : Date.parse(since);
  if (wanted >= end) {
    throw new ApiError('bad-request', 'The range ends before it begins.', {
      errors: [{ path: 'since', message: 'must be before `until`' }],
    });
  }
  const start = wanted - (wanted % BUCKET_MS);
  const buckets = Math.ceil((end - start) / BUCKET_MS);
  return { since: start, until: end, stepMs: Math.ceil(buckets / MOST_STEPS) * BUCKET_MS };
}
