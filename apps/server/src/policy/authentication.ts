import type { Refusal } from '@perch/broker';
import type { Accepted, Refused } from './authenticators/answer.js';
import { USERS, type UserTerms } from './user-terms.js';

/** Lets in as this user, on these terms. */
export function accepted(username: string, terms: UserTerms): Accepted {
  const { labels, validUntil, connectionLimit } = terms;
  return { accepted: true, username, authenticator: USERS, labels, validUntil, connectionLimit };
}

/** Says no, and why. */
export function refused(refusal: Refusal): Refused {
  return { accepted: false, refusal };
}
