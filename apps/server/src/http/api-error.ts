import type { FieldError, Problem } from './problem.js';

/** What an error carries besides its code and sentence. */
export interface ApiErrorExtras {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** On 412: the revision that is live. */
  readonly current?: number;
  /** Of a publish: what MQTT 5 says in its PUBACK. */
  readonly reasonCode?: number;
  /** On 412: what would become of the change together with what is live. */
  readonly merge?: Problem['merge'];
  /** The access tests that fail. */
  readonly failedTests?: Problem['failedTests'];
}

/** A refusal of the control plane, written as problem+json by the one filter. Its text is safe to show. */
export class ApiError extends Error {
  constructor(
    readonly code: keyof typeof problems,
    readonly detail: string,
    readonly extras: ApiErrorExtras = {},
  ) {
    super(detail);
  }

  get status(): number {
    return problems[this.code].status;
  }

  get title(): string {
    return problems[this.code].title;
  }
}

/** Every code that the API answers with. */
export const problems = {
  'bad-json': { status: 400, title: 'The body is not valid JSON' },
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'sign-in-required': { status: 401, title: 'Sign in first' },
  'bad-credentials': { status: 401, title: 'The name or the password is wrong' },
  'code-required': { status: 401, title: 'A code is needed' },
  'not-allowed': { status: 403, title: 'Your role does not allow this' },
  'not-authorized': { status: 403, title: 'The access policy does not allow this' },
  'cross-origin': { status: 403, title: 'Requests from other sites are refused' },
  'bad-token': { status: 403, title: 'The link is not valid' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'not-proposed': { status: 409, title: 'Nothing is being set up' },
  'second-factor-on': { status: 409, title: 'There is a second factor' },
  'limit-reached': { status: 409, title: 'There is no room for more' },
  'name-taken': { status: 409, title: 'The name is taken' },
  'ban-exists': { status: 409, title: 'They are banned already' },
  'ban-over': { status: 409, title: 'The ban is over' },
  'own-address': { status: 409, title: 'You would keep yourself out' },
  'last-admin': { status: 409, title: 'The last active admin stays' },
  'set-up-done': { status: 409, title: 'Perch is already set up' },
  'client-offline': { status: 409, title: 'The client is not connected' },
  'retained-again': { status: 409, title: 'The topic keeps a message again' },
  'job-running': { status: 409, title: 'One at a time' },
  'more-than-expected': { status: 409, title: 'There is more than was expected' },
  'broad-filter': { status: 409, title: 'The filter matches a great deal' },
  'settings-locked': { status: 409, title: 'The configuration settles this' },
  'idempotency-conflict': { status: 409, title: 'The key was used for something else' },
  'revision-mismatch': { status: 412, title: 'Somebody else changed it' },
  'plan-outdated': { status: 412, title: 'Something was changed since' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'backup-unreadable': { status: 422, title: 'The file is no backup that can be read' },
  'tests-failed': { status: 422, title: 'Access tests fail' },
  'invalid-fields': { status: 422, title: 'Some fields are not valid' },
  'revision-required': { status: 428, title: 'Say which revision you changed' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'internal-error': { status: 500, title: 'Perch made a mistake' },
  unavailable: { status: 503, title: 'Not available right now' },
  'database-unavailable': { status: 503, title: 'The database is not reachable' },
} as const;
