import { subscribedFilter } from '@perch/policy';
import type { Limits } from './limits.js';
import type { Refusal } from './refusal.js';
import type { Session } from './session.js';
import { isTooLong } from './topic-bounds.js';

/** Why the session cannot subscribe with this filter whatever the rules say, once so many others have ended; or null. */
export function subscribeFault(
  { subscriptions }: Pick<Session, 'subscriptions'>,
  filter: string,
  { limits, ending }: { readonly limits: Limits; readonly ending: number },
): Refusal | null {
  if (subscribedFilter(filter) === null || isTooLong(filter, limits)) return 'invalid-filter';
  if (subscriptions.size - ending < limits.subscriptionsPerSession) return null;
  return subscriptions.has(filter) ? null : 'quota-exceeded';
}
