import { parseAddressRange } from './address.js';
import { isValidFilter } from './filter.js';
import { parseInstant } from './instant.js';
import type { Rule } from './rule.js';

/** A rule as it is being written: it may have no id yet. */
export type RuleDraft = Omit<Rule, 'id'> & { readonly id?: string };

/**
 * E1 empty value · E2 no topic · E3 malformed filter · E4 bad address or CIDR · E5 unknown or embedded placeholder ·
 * E7 a field holds none of its possible values
 */
export type RuleProblemCode = 'E1' | 'E2' | 'E3' | 'E4' | 'E5' | 'E7';

/** Why a rule is not valid, at the field that has to change. */
export interface RuleProblem {
  readonly field: keyof Rule | `topics.${number}`;
  readonly code: RuleProblemCode;
  readonly message: string;
}

/** Everything that keeps the rule from being valid; empty when it is. An invalid rule never applies. */
export function validateRule(input: RuleDraft): RuleProblem[] {
  return [...enumProblems(input), ...valueProblems(input), ...topicsProblems(input.topics), ...expiryProblems(input)];
}

/** Whether the rule can ever apply: valid, switched on, and not only counted. */
export function isEnforced(rule: Rule): boolean {
  return rule.enabled && rule.mode === 'enforce' && validateRule(rule).length === 0;
}

/** What is wrong with one filter of a rule, or null. */
export function topicProblem(filter: string): Omit<RuleProblem, 'field'> | null {
  if (!isValidFilter(filter)) return { code: 'E3', message: filterMessage(filter) };
  for (const level of filter.split('/')) {
    const message = placeholderMessage(level);
    if (message !== null) return { code: 'E5', message };
  }
  return null;
}

const CHOICES = {
  effect: ['allow', 'deny'],
  subject: ['clientid', 'username', 'ipaddr', 'label', 'everyone'],
  access: ['pub', 'sub', 'pubsub'],
  mode: ['enforce', 'shadow'],
} as const;

function enumProblems(input: RuleDraft): RuleProblem[] {
  const fields = Object.keys(CHOICES) as (keyof typeof CHOICES)[];
  return fields
    .filter((field) => !(CHOICES[field] as readonly string[]).includes(input[field]))
    .map((field) => ({ field, code: 'E7', message: `The ${field} must be one of ${CHOICES[field].join(', ')}.` }));
}

function valueProblems(input: RuleDraft): RuleProblem[] {
  if (input.subject === 'everyone') return [];
  if (input.value.trim() === '') {
    return [{ field: 'value', code: 'E1', message: 'The value is empty; write * for any.' }];
  }
  if (input.subject !== 'ipaddr' || input.value === '*' || parseAddressRange(input.value) !== null) return [];
  const message = `“${input.value}” is not an IPv4 or IPv6 address or CIDR block.`;
  return [{ field: 'value', code: 'E4', message }];
}

function topicsProblems(topics: readonly string[]): RuleProblem[] {
  if (topics.length === 0) return [{ field: 'topics', code: 'E2', message: 'The rule names no topic.' }];
  return topics.flatMap((filter, index): RuleProblem[] => {
    const problem = topicProblem(filter);
    return problem === null ? [] : [{ field: `topics.${index}`, ...problem }];
  });
}

function expiryProblems(input: RuleDraft): RuleProblem[] {
  if (input.validUntil === null || parseInstant(input.validUntil) !== null) return [];
  const message = 'The end must be an ISO 8601 instant with its offset, like 2030-01-31T12:00:00Z.';
  return [{ field: 'validUntil', code: 'E7', message }];
}

function filterMessage(filter: string): string {
  if (filter === '') return 'The topic filter is empty.';
  if (filter.includes('\0')) return 'The topic filter contains a NUL character.';
  const levels = filter.split('/');
  if (levels.slice(0, -1).includes('#')) return '# may only be the last level.';
  const mixed = levels.find((level) => level.length > 1 && (level.includes('#') || level.includes('+')));
  if (mixed !== undefined) return `A wildcard must stand alone in its level, unlike in “${mixed}”.`;
  return 'The topic filter is not valid UTF-8 of at most 65,535 bytes.';
}

/**
 * `%c` inside a longer level would be compared as text, and so is `%d`: a deny written that way would silently protect
 * nothing. Percent-encoded text and plain percent signs are fine.
 */
function placeholderMessage(level: string): string | null {
  if (level === '%c' || level === '%u') return null;
  if (/^%[A-Za-z]+$/.test(level)) return `“${level}” is not a placeholder; there are %c and %u.`;
  if (/%c(?![0-9a-fA-F])|%u/.test(level)) return `A placeholder must stand alone in its level, unlike in “${level}”.`;
  return null;
}
