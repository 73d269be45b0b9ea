import type { Subscription } from '@perch/broker';

/** A subscription as it is told, whether its client is there or not. */
export function subscriptionOf({ filter, qos, noLocal, retainAsPublished, variant, ruleId }: Subscription) {
  return {
    filter,
    qos,
    noLocal,
    retainAsPublished,
    identifiers: [...(variant?.subscriptionIdentifiers ?? [])],
    ruleId,
  };
}
