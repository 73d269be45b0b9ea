import type { Broker } from './broker.js';
import type { Authentication, Credentials } from './ports/authenticator.js';

const CANNOT_TELL: Authentication = { accepted: false, refusal: 'unavailable' };

/** Asks the authenticator. Neither throws nor rejects: one that fails cannot tell, and is reported. */
export function authenticate(broker: Broker, credentials: Credentials): Authentication | Promise<Authentication> {
  const failed = (error: unknown): Authentication => {
    broker.report(error, 'authentication');
    return CANNOT_TELL;
  };
  try {
    const outcome = broker.authenticator.authenticate(credentials);
    return outcome instanceof Promise ? outcome.catch(failed) : outcome;
  } catch (error) {
    return failed(error);
  }
}
