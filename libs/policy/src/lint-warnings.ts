import { momentText } from './moment-text.js';
import { covers } from './levels.js';
import { hasPlaceholder } from './placeholders.js';
import type { LintContext, PolicyFix, PolicyProblem, PolicyProblemCode } from './policy-problem.js';
import type { Rule } from './rule.js';
import { isLive, type LintedRule } from './shadowing.js';

const DAY_MS = 86_400_000;
/** A rule that decides nothing for so long is doubtful. */
export const UNUSED_MS = 30 * DAY_MS;

/** What is doubtful about a rule by itself: W6 to W12. */
export function lintWarnings(linted: LintedRule, context: LintContext): PolicyProblem[] {
  return [
    ...brokerTopic(linted),
    ...literalValue(linted.rule),
    ...(isLive(linted)
      ? [...nameless(linted, context), ...ending(linted, context), ...unused(linted.rule, context)]
      : []),
    ...unknownLabel(linted.rule, context),
  ];
}

function brokerTopic(linted: LintedRule): PolicyProblem[] {
  const { rule, filters } = linted;
  const isBrokers = (filter: string) => covers('$SYS/#', filter);
  if (rule.effect !== 'allow' || rule.access === 'sub' || !filters.some(isBrokers)) return [];
  const message = 'Only the broker publishes under $SYS: allowing it to clients has no effect.';
  return [{ ...warning(rule, 'W7', message), ...optional(withoutWrite(linted, isBrokers)) }];
}

/** Takes away what has no effect, unless that would take two rules. */
function withoutWrite({ rule, filters }: LintedRule, isBrokers: (filter: string) => boolean): PolicyFix | undefined {
  const { id, access } = rule;
  const others = rule.topics.filter((_, place) => !isBrokers(filters[place] ?? ''));
  if (others.length === 0 && access === 'pub') return { title: 'Remove it', edits: [{ type: 'remove', id }] };
  if (others.length === 0)
    return { title: 'Subscribe only', edits: [{ type: 'change', id, patch: { access: 'sub' } }] };
  // Without its placeholder, the rest of the rule would apply to more clients than now.
  if (access === 'pubsub' || filters.some(hasPlaceholder)) return undefined;
  return { title: 'Remove these topics', edits: [{ type: 'change', id, patch: { topics: others } }] };
}

function literalValue(rule: Rule): PolicyProblem[] {
  const isName = rule.subject === 'clientid' || rule.subject === 'username' || rule.subject === 'label';
  if (!isName || !/[+#/]/.test(rule.value)) return [];
  return [warning(rule, 'W8', `“${rule.value}” is compared as it stands: + and # are no wildcards in a value.`)];
}

function nameless({ rule }: LintedRule, { anonymousAllowed = false }: LintContext): PolicyProblem[] {
  const needsName = rule.topics.some((topic) => topic.split('/').includes('%u'));
  // A rule of a user, or of a label, speaks only of clients that have a name.
  if (!anonymousAllowed || !needsName || rule.subject === 'username' || rule.subject === 'label') return [];
  const effect = rule.effect === 'allow' ? 'the rule gives them nothing' : 'the rule does not hold them back there';
  return [warning(rule, 'W6', `Clients may connect without a user name, and %u stands for nothing then: ${effect}.`)];
}

function ending({ rule, appliesUntil }: LintedRule, { nowMs }: LintContext): PolicyProblem[] {
  if (nowMs === undefined || appliesUntil > nowMs + DAY_MS) return [];
  const until = momentText(rule.validUntil ?? '');
  if (appliesUntil > nowMs) return [warning(rule, 'W11', `It ends within a day, at ${until}.`)];
  const fix: PolicyFix = { title: 'Remove it', edits: [{ type: 'remove', id: rule.id }] };
  return [{ ...warning(rule, 'W10', `It ended at ${until}, and applies to nothing any more.`), fix }];
}

function unused(rule: Rule, { nowMs, uses }: LintContext): PolicyProblem[] {
  const use = uses?.get(rule.id);
  if (nowMs === undefined || use === undefined) return [];
  if (nowMs - (use.lastMs ?? use.sinceMs) < UNUSED_MS) return [];
  const days = Math.floor((nowMs - (use.lastMs ?? use.sinceMs)) / DAY_MS);
  const message =
    use.lastMs === null ? `It decided nothing in ${days} days.` : `It last decided something ${days} days ago.`;
  // Without a deny, more would be allowed.
  const fix: PolicyFix = {
    title: 'Switch it off',
    edits: [{ type: 'change', id: rule.id, patch: { enabled: false } }],
  };
  return [{ ...warning(rule, 'W9', message), ...(rule.effect === 'allow' && { fix }) }];
}

function unknownLabel(rule: Rule, { labels }: LintContext): PolicyProblem[] {
  if (rule.subject !== 'label' || rule.value === '*' || labels === undefined || labels.has(rule.value)) return [];
  return [warning(rule, 'W12', `No user carries the label “${rule.value}”.`)];
}

function warning({ id }: Rule, code: PolicyProblemCode, message: string): PolicyProblem {
  return { ruleId: id, code, severity: 'warning', message };
}

function optional(fix: PolicyFix | undefined): { fix?: PolicyFix } {
  return fix === undefined ? {} : { fix };
}
