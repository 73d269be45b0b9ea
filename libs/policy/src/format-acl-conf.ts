import type { Policy, Rule } from './rule.js';
import { validateRule } from './validate-rule.js';

/**
 * Writes the policy as acl.conf text that `parseAclConf` reads back to the same meaning. Rules that the format cannot
 * express, or that are not in force for good, are commented out with a warning.
 */
export function formatAclConf(policy: Policy, { revision }: { revision?: number } = {}): string {
  const header = ['# Perch access rules' + (revision === undefined ? '' : `, revision ${revision}`)];
  if (policy.settings.noMatch === 'allow') {
    header.push('# WARNING: what no rule decides is allowed by a setting, which this format cannot express.');
  }
  if (policy.settings.wildcardOverlap === 'reject') {
    header.push(
      '# WARNING: subscriptions that overlap a deny are refused by a setting, which this format cannot express.',
    );
  }
  return [...header, '', ...policy.rules.flatMap(ruleLines)].join('\n') + '\n';
}

function ruleLines(rule: Rule, index: number): string[] {
  const notes = rule.note === '' ? [] : rule.note.split(/\r\n|\n|\r/).map((line) => `# ${printable(line)}`);
  const obstacle = whyNotExpressible(rule);
  if (obstacle === null) return [...notes, ruleLine(rule)];
  return [...notes, `# WARNING: rule ${index + 1} is left out: ${obstacle}`, `#   ${printable(ruleLine(rule))}`];
}

function ruleLine(rule: Rule): string {
  // The format has no word for everyone; `clientid *` says the same.
  const { subject, value } = rule.subject === 'everyone' ? ({ subject: 'clientid', value: '*' } as const) : rule;
  const columns = [rule.effect.padEnd(5), subject.padEnd(8), value.padEnd(15), rule.access.padEnd(6)];
  return [...columns, rule.topics.join(',')].join(' ');
}

function whyNotExpressible(rule: Rule): string | null {
  if (!rule.enabled) return 'it is switched off.';
  if (rule.mode === 'shadow') return 'it is in shadow mode.';
  if (rule.validUntil !== null) return `it ends at ${printable(rule.validUntil)}, which this format cannot express.`;
  if (validateRule(rule).length > 0) return 'it is not valid and never applies.';
  if (rule.subject === 'label') return 'this format has no word for labels.';
  if (rule.subject !== 'everyone' && /[ \t\r\n]/.test(rule.value)) return 'its value contains a blank.';
  if (rule.topics.some((topic) => /[ \t\r\n,]/.test(topic))) return 'a topic of it contains a blank or a comma.';
  return null;
}

/** Keeps what stands in a comment on its line: a line break inside a note or a value must not become a rule. */
function printable(text: string): string {
  return text.replace(/\p{Cc}|[\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
