import type { PolicyEdit } from './policy-edit.js';
import type { RuleProblemCode } from './validate-rule.js';

/**
 * E1–E5, E7 as of one rule · E6 duplicate · W1 never reached · W2 same result without it · W3 everything allowed above a
 * deny · W4 wildcard exposes what a placeholder keeps apart · W5 deny that a wider allow precedes · W6 `%u` where clients
 * may come without a name · W7 write under `$SYS` · W8 value that looks like a filter · W9 not used for 30 days · W10
 * ended · W11 ends within a day · W12 label that nobody carries
 */
export type PolicyProblemCode =
  RuleProblemCode | 'E6' | 'W1' | 'W2' | 'W3' | 'W4' | 'W5' | 'W6' | 'W7' | 'W8' | 'W9' | 'W10' | 'W11' | 'W12';

/** A way out that never allows anything that is denied now. */
export interface PolicyFix {
  readonly title: string;
  readonly edits: readonly PolicyEdit[];
}

/** Something about a policy that an operator should know before saving it. Errors keep a rule from applying or repeat one. */
export interface PolicyProblem {
  readonly ruleId: string;
  readonly code: PolicyProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The other rule that the message speaks of. */
  readonly otherRuleId?: string;
  readonly fix?: PolicyFix;
}

/** How often a rule decided, as far as it was counted. */
export interface RuleUse {
  /** Since when it is counted, ms. */
  readonly sinceMs: number;
  /** When it decided last, ms; null: never. */
  readonly lastMs: number | null;
}

/** What lint knows beside the rules. What is left out is not judged. */
export interface LintContext {
  /** For rules that ended, end soon, or are not used. */
  readonly nowMs?: number;
  /** Whether clients may connect without a user name. */
  readonly anonymousAllowed?: boolean;
  /** By rule id. A rule that is missing is new. */
  readonly uses?: ReadonlyMap<string, RuleUse>;
  /** Every label that some user carries. */
  readonly labels?: ReadonlySet<string>;
}
