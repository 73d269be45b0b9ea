import type { RuleDraft } from '../../../support/operator-api.js';

/** Who the load generator logs in as. */
export const benchUser = { username: 'bench', password: 'bench-pass-word-1' };

/** What an installation may have: denials for all, devices with topics of their own; the rule that matters comes last. */
export function benchRules(count: number): RuleDraft[] {
  const others = Array.from({ length: Math.max(0, count - 1) }, (_, index) => ruleOfOthers(index));
  return [...others, rule('allow', ['username', benchUser.username], ['pubsub', 'bench/#'])];
}

// One in ten a denial for all, one in a hundred for a network, the rest for users and for clients.
function ruleOfOthers(index: number): RuleDraft {
  if (index % 10 === 0) return rule('deny', ['everyone', '*'], ['pubsub', `secret/${index}/#`]);
  if (index % 100 === 1)
    return rule('allow', ['ipaddr', `10.${(index / 100) & 255}.0.0/16`], ['sub', `site/${index}/#`]);
  if (index % 100 === 2) return rule('allow', ['everyone', '*'], ['pubsub', `own/${index}/%c/#`]);
  return index % 2 === 0
    ? rule('allow', ['username', `device-${index}`], ['pubsub', `fleet/${index}/#`])
    : rule('allow', ['clientid', `meter-${index}`], ['pub', `meters/${index}/+/value`]);
}

function rule(
  effect: RuleDraft['effect'],
  [subject, value]: [RuleDraft['subject'], string],
  [access, topic]: [RuleDraft['access'], string],
): RuleDraft {
  return { effect, subject, value, access, topics: [topic] };
}
