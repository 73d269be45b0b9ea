import { authenticate } from '../../authenticate.js';
import type { Broker } from '../../broker.js';
import type { Credentials } from '../../ports/authenticator.js';
import type { Gated } from './auth-gate.js';

/** Asks who a client is that shows no more than user name and password: decided at once where the answer is known. */
export function logIn(broker: Broker, credentials: Credentials, gated: Gated): void {
  const outcome = authenticate(broker, credentials);
  if (!(outcome instanceof Promise)) return gated.decided(outcome, null);
  outcome
    .then((authentication) => gated.goOn(() => gated.decided(authentication, null)))
    .catch((error: unknown) => broker.report(error, 'authentication'));
}
