import type { Refusal } from '@perch/broker';
import type { Accepted, Refused } from './authenticators/answer.js';
import { principalOf, type UserTerms } from './user-terms.js';

/** Lets in as this user, on these terms. */
export function accepted(username: string, terms: UserTerms): Accepted {
  return { accepted: true, ...principalOf(username, terms) };
}

/** Says no, and why. */
export function refused(refusal: Refusal): Refused {
  return { accepted: false, refusal };
}
