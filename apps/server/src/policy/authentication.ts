import type { Authentication, Refusal } from '@perch/broker';

/** Lets in under this name. */
export function accepted(username: string | null): Authentication {
  return { accepted: true, username };
}

/** Says no, and why. */
export function refused(refusal: Refusal): Authentication {
  return { accepted: false, refusal };
}
