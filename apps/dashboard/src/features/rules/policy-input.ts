import type { Policy } from '@perch/policy';
import type { PolicySettings, Rule } from '../../shared/api/generated/types.gen.js';

/** Rules and settings as the server takes them. */
export function policyInput({ rules, settings }: Policy): { rules: Rule[]; settings: PolicySettings } {
  return { rules: rules.map((rule) => ({ ...rule, topics: [...rule.topics] })), settings };
}
