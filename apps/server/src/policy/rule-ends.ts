import type { Rule } from '@perch/policy';

/** Rules that apply now and end within so many ms. */
export function rulesEndingWithin(rules: readonly Rule[], now: number, ms: number): Rule[] {
  return rules.filter((rule) => {
    const end = endOf(rule);
    return end !== null && end > now && end <= now + ms;
  });
}

/** When the rule ends, in ms since the epoch; null for a rule without an end, or one that is switched off. */
export function endOf({ enabled, validUntil }: Rule): number | null {
  return enabled && validUntil !== null ? Date.parse(validUntil) : null;
}
