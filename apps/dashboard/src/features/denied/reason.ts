import type { Refusal } from '../../shared/api/generated/types.gen.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { deniedTexts } from './texts.js';

/** The rules of the live policy by their place. */
export type RuleNumbers = ReadonlyMap<string, number>;

/** What decided, in words: a rule by its number in the live policy, the default, or the broker's reason. */
export function reasonOf({ decider, ruleId, refusal }: Refusal, rules: RuleNumbers): string {
  if (decider === 'rule' && ruleId !== null) return ruleName(ruleId, rules);
  if (decider === 'own-rule') return deniedTexts.ownRule;
  if (decider === 'authorizer') return deniedTexts.authorizer(ruleId);
  if (decider === 'default') return deniedTexts.noRule;
  if (decider === 'built-in') return deniedTexts.builtIn;
  return reasonText(refusal);
}

/** A rule by its number, or by its id when it is not there any more. */
export function ruleName(ruleId: string, rules: RuleNumbers): string {
  const number = rules.get(ruleId);
  return number === undefined ? deniedTexts.goneRule(ruleId) : deniedTexts.rule(number);
}

/** The refusal in a few words: who, what and where. */
export function summaryOf({ clientId, action, topic, omits }: Refusal): string {
  const who = clientId ?? (omits === 'clients' ? deniedTexts.otherClients : deniedTexts.noClient);
  const where = topic ?? (omits === 'topics' ? deniedTexts.otherTopics : '');
  return `${who} ${deniedTexts.actions[action]} ${where}`.trim();
}

/** Whether the engine can be asked about it: a known client, and something that rules decide. */
export function isJudged({ clientId, topic, decider, omits }: Refusal): boolean {
  return clientId !== null && topic !== null && decider !== null && omits === null;
}

/** The address of the rules page with the question filled in, and a rule asked for that allows it. */
export function questionOf({ clientId, username, address, labels, action, topic }: Refusal, propose?: 'allow') {
  const asked = action === 'publish' || action === 'will' ? 'publish' : 'subscribe';
  return {
    tab: 'test',
    // If it is still there, what it brought along counts.
    live: '1',
    client: clientId ?? undefined,
    username: username ?? undefined,
    address: address ?? undefined,
    labels: labels.length > 0 ? labels.join(',') : undefined,
    action: asked,
    topic: topic ?? undefined,
    propose,
  } as const;
}
