import type { Broker } from '../../broker.js';
import type { Authentication, Credentials } from '../../ports/authenticator.js';
import type { Gated } from './auth-gate.js';

/** Asks who a client is that shows no more than user name and password: decided at once where the answer is known. */
export function logIn(broker: Broker, credentials: Credentials, gated: Gated): void {
  const outcome = broker.authenticator.authenticate(credentials);
  if (!(outcome instanceof Promise)) return gated.decided(outcome, null);
  outcome
    .catch((error: unknown): Authentication => {
      broker.report(error, 'authentication');
      return { accepted: false, refusal: 'unavailable' };
    })
    .then((authentication) => gated.goOn(() => gated.decided(authentication, null)))
    .catch((error: unknown) => broker.report(error, 'authentication'));
}
