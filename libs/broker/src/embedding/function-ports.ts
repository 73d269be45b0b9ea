import { compilePolicy, type Action, type ClientIdentity, type CompiledPolicy } from '@perch/policy';
import type { Authentication, Authenticator, Credentials, Principal } from '../ports/authenticator.js';
import type { Authorization, Authorizer } from '../ports/authorizer.js';

/** Who a client is: false for nobody, true for whom it says it is, or all that is known of it. */
export type AuthenticateResult = boolean | Principal | Authentication;

/** Decides who may connect, with a promise or without. Who throws or rejects has not let the client in. */
export type Authenticate = (credentials: Credentials) => AuthenticateResult | Promise<AuthenticateResult>;

/** What may be done: yes, no, or the same until some time, in ms since the epoch. */
export type AuthorizeResult = boolean | Authorization;

/**
 * Decides whether a client may publish to a topic, or subscribe with a filter. The answer is kept for as long as the
 * session lives, unless it says until when it counts.
 */
export type Authorize = (
  client: ClientIdentity,
  action: Action,
  topic: string,
) => AuthorizeResult | Promise<AuthorizeResult>;

/** The port that asks a function. */
export function authenticatorOf(authenticate: Authenticate): Authenticator {
  return {
    authenticate(credentials) {
      const outcome = authenticate(credentials);
      const read = (result: AuthenticateResult) => authenticationOf(result, credentials);
      return outcome instanceof Promise ? outcome.then(read) : read(outcome);
    },
  };
}

/** The port that asks a function. */
export function authorizerOf(authorize: Authorize): Authorizer {
  return {
    ask: async (client, action, topic) => {
      const result = await authorize(client, action, topic);
      return typeof result === 'boolean' ? { allowed: result, validUntil: null } : result;
    },
  };
}

/** A policy without rules: the authorizer decides all, and without one nobody may do anything. */
export function noRules(): CompiledPolicy {
  return compilePolicy({ rules: [], settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } });
}

function authenticationOf(result: AuthenticateResult, { username }: Credentials): Authentication {
  if (result === false) return { accepted: false, refusal: 'bad-credentials' };
  if (result === true) return { accepted: true, username };
  return 'accepted' in result ? result : { ...result, accepted: true };
}
