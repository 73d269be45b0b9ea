import type { Side } from './merge-sides.js';
import type { PolicyTest } from './policy-test.js';
import type { PolicySettings, Rule } from './rule.js';
import type { RuleField } from './rule-fields.js';

/** Where two people changed the same thing in two ways. Null: not there. Ids are stable while the three versions are. */
export type MergeConflict = { readonly id: string } & (
  | {
      /** `field`: the same fields were changed · `removed`: one side removed what the other changed. */
      readonly kind: 'field' | 'removed';
      readonly ruleId: string;
      readonly fields: readonly RuleField[];
      readonly base: Rule | null;
      readonly mine: Rule | null;
      readonly theirs: Rule | null;
    }
  /** Both moved the rule, or it and others so that only one order can be kept; positions count from 1. */
  | { readonly kind: 'moved'; readonly ruleId: string; readonly mine: number; readonly theirs: number }
  | {
      readonly kind: 'setting';
      readonly setting: keyof PolicySettings;
      readonly base: string;
      readonly mine: string;
      readonly theirs: string;
    }
  | {
      readonly kind: 'test';
      readonly testId: string;
      readonly base: PolicyTest | null;
      readonly mine: PolicyTest | null;
      readonly theirs: PolicyTest | null;
    }
);

/** Whose version of each conflict is taken, by its id. */
export type MergeChoices = Readonly<Record<string, Side>>;
