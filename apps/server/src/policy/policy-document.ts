import type { Policy } from '@perch/policy';

/** One immutable revision of the policy, and who made it. */
export interface PolicyDocument {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly policy: Policy;
}
