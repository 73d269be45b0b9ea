import type { Authentication, Principal, Refusal } from '@perch/broker';

/** Not this member's client: the next one is asked. */
export interface NotMine {
  readonly accepted: null;
  readonly why: string;
}

/** A no that is final. `why` is for operators who try the chain; no client is told. */
export interface Refused {
  readonly accepted: false;
  readonly refusal: Refusal;
  readonly why?: string;
}

/** A yes. `authenticator`: `users`, `certificate`, `anonymous`, `jwt/<id>` or `http/<id>`. */
export type Accepted = { readonly accepted: true; readonly authenticator: string } & Principal;

/** What one member of the chain says of a client. */
export type Answer = Decision | NotMine;

/** What is said for good. */
export type Decision = Accepted | Refused;

/** Leaves the client to the next member. */
export function notMine(why: string): NotMine {
  return { accepted: null, why };
}

/** Refuses for good, and tells operators why. */
export function refusedBecause(refusal: Refusal, why: string): Refused {
  return { accepted: false, refusal, why };
}

/** Nobody in the chain took the client. */
export function refusedByAll(hasShownNothing: boolean): Authentication {
  return { accepted: false, refusal: hasShownNothing ? 'not-authorized' : 'bad-credentials' };
}
