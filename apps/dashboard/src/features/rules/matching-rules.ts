import type { Rule } from '@perch/policy';
import { rulesTexts } from './texts.js';

/** The ids of the rules in which every word of the search occurs; none without a search. */
export function matchingRules(rules: readonly Rule[], search: string | undefined): ReadonlySet<string> {
  const words = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return new Set();
  const isMatch = (rule: Rule) => {
    const text = [
      rulesTexts.effects[rule.effect],
      rulesTexts.subjects[rule.subject],
      rule.value,
      rule.note,
      ...rule.topics,
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return new Set(rules.filter(isMatch).map((rule) => rule.id));
}
