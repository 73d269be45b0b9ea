import type { Policy } from '@perch/policy';

/** A whole policy that is judged beside the live one and enforces nothing, and who began it. */
export interface ShadowDraft {
  readonly author: string;
  readonly note: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The revision that it was drafted from. */
  readonly basedOn: number;
  readonly policy: Policy;
}
