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
  return stepped(quarterOf(wanted), end);
}

/** The stretch between these moments, the first one the start of a quarter of an hour. */
export function stepped(since: number, until: number): RefusalRange {
  const buckets = Math.ceil((until - since) / BUCKET_MS);
  return { since, until, stepMs: Math.ceil(buckets / MOST_STEPS) * BUCKET_MS };
}

/** When the quarter of an hour began that holds this moment; both in ms since the epoch. */
export function quarterOf(moment: number): number {
  return moment - (moment % BUCKET_MS);
}
