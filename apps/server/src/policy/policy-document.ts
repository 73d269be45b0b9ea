import type { PolicyVersion } from '@perch/policy';

/** One immutable revision of the policy, and who made it. */
export interface PolicyDocument {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Why it was saved although access tests failed; null where none did. */
  readonly overrideReason: string | null;
  /** With its access tests. */
  readonly policy: Required<PolicyVersion>;
}
