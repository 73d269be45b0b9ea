/** Why the broker said no, as the wire names it. */
export type RefusalCode =
  | 'bad-credentials'
  | 'not-authorized'
  | 'not-bound'
  | 'already-bound'
  | 'invalid-frame'
  | 'invalid-topic'
  | 'invalid-filter'
  | 'invalid-client-id'
  | 'too-large'
  | 'quota-exceeded'
  | 'unavailable'
  | 'internal-error';
