import type { Broker, Subscription } from '@perch/broker';

/** Subscriptions looked at in about a millisecond. */
const LOOKS_PER_PAUSE = 8192;

/** Every subscription of a client, not those of operators; null now and then: a place to pause. */
export function* clientSubscriptions({ sessions }: Broker): Generator<Subscription | null> {
  let looks = 0;
  for (const session of sessions) {
    if (!session.options.isClient) continue;
    for (const subscription of session.subscriptions.values()) {
      if (++looks % LOOKS_PER_PAUSE === 0) yield null;
      yield subscription;
    }
  }
}
