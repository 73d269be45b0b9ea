import { askRule, type ExplainStep, type Question } from './explain-step.js';
import { isValidTopic, splitSharedFilter } from './filter.js';
import { spellOut } from './levels.js';
import { placeholderValues } from './placeholders.js';
import type { Action, ClientIdentity, Policy, Rule } from './rule.js';
import { isBrokerTopic } from './verdict.js';

/** A decision with the way that led to it. It is always the decision that the client's grants make. */
export interface Explanation {
  readonly allowed: boolean;
  readonly ruleId: string | null;
  /** One sentence. */
  readonly reason: string;
  /** Filters cut out of a granted subscription. */
  readonly exclusions: readonly string[];
  /** Each rule that was asked, in order, up to the one that decides. */
  readonly steps: readonly ExplainStep[];
}

/** What `explain` is called with. */
export type ExplainArguments = [policy: Policy, identity: ClientIdentity, action: Action, topic: string, nowMs: number];

/** Decides as the client's grants would at `nowMs`, and says why, rule by rule. */
export function explain(...[policy, identity, action, topic, nowMs]: ExplainArguments): Explanation {
  const refusal = builtInRefusal(action, topic);
  if (refusal !== null) return { allowed: false, ruleId: null, reason: refusal, exclusions: [], steps: [] };
  const wanted = action === 'publish' ? topic : spellOut(splitSharedFilter(topic)?.filter ?? topic);
  return askAll(policy, { identity, values: placeholderValues(identity), action, wanted, nowMs });
}

function builtInRefusal(action: Action, topic: string): string | null {
  if (action === 'subscribe') {
    return splitSharedFilter(topic) === null ? `Denied: “${topic}” is not a filter that one can subscribe to.` : null;
  }
  if (isBrokerTopic(topic)) return 'Denied: only the broker itself publishes under $SYS, whatever the rules say.';
  return isValidTopic(topic) ? null : `Denied: “${topic}” is not a topic that one can publish to.`;
}

function askAll(policy: Policy, question: Question): Explanation {
  const steps: ExplainStep[] = [];
  const cuts: Cut[] = [];
  for (const [index, rule] of policy.rules.entries()) {
    const { step, exclusions } = askRule(rule, index, question);
    steps.push(step);
    if (step.applies) return { ...conclude(policy, question.action, { decider: { rule, index }, cuts }), steps };
    cuts.push(...exclusions.map((filter) => ({ rule, index, filter })));
  }
  return { ...conclude(policy, question.action, { decider: null, cuts }), steps };
}

interface PlacedRule {
  readonly rule: Rule;
  readonly index: number;
}

interface Cut extends PlacedRule {
  readonly filter: string;
}

interface Findings {
  readonly decider: PlacedRule | null;
  readonly cuts: readonly Cut[];
}

function conclude(policy: Policy, action: Action, { decider, cuts }: Findings): Omit<Explanation, 'steps'> {
  const effect = decider?.rule.effect ?? policy.settings.noMatch;
  const ruleId = decider?.rule.id ?? null;
  const by = decider === null ? `: no rule applies and the default is ${effect}` : ` by ${ruleText(decider)}`;
  if (effect === 'deny') return { allowed: false, ruleId, reason: `Denied${by}.`, exclusions: [] };
  const [first] = cuts;
  if (first === undefined) return { allowed: true, ruleId, reason: `Allowed${by}.`, exclusions: [] };
  if (policy.settings.wildcardOverlap === 'reject') {
    const reason = `Denied by ${ruleText(first)}: it denies “${first.filter}”, a part of what the ${action} asks for.`;
    return { allowed: false, ruleId: first.rule.id, reason, exclusions: [] };
  }
  const exclusions = cuts.map(({ filter }) => filter);
  return { allowed: true, ruleId, reason: `Allowed${by}, without ${exclusions.join(', ')}.`, exclusions };
}

function ruleText({ rule, index }: PlacedRule): string {
  const who = rule.subject === 'everyone' ? 'everyone' : `${rule.subject} ${rule.value}`;
  return `rule ${index + 1} (${rule.effect} ${who} ${rule.access} ${rule.topics.join(', ')})`;
}
