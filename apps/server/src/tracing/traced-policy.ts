import type { Broker } from '@perch/broker';
import type { Traces } from './traces.js';

/** A span for each policy that the sessions are put under, with how many there are and what they lost. */
export function tracedPolicy(broker: Broker, traces: Traces): Pick<Broker, 'setPolicy'> {
  return {
    setPolicy(policy, revocation) {
      const span = traces.begin('set policy', { facts: { 'perch.sessions': broker.sessions.size } });
      try {
        const losses = broker.setPolicy(policy, revocation);
        span.add({ 'perch.losses': losses.length });
        return losses;
      } finally {
        span.end();
      }
    },
  };
}
