import type { Authentication, Refusal } from '@perch/broker';
import { principalOf, type UserTerms } from './user-terms.js';

/** Lets in as this user, on these terms. */
export function accepted(username: string, terms: UserTerms): Authentication {
  return { accepted: true, ...principalOf(username, terms) };
}

/** Says no, and why. */
export function refused(refusal: Refusal): Authentication {
  return { accepted: false, refusal };
}
