import { builtInRefusal, type Cut, decisionText, overlapText, type PlacedRule } from './decision-text.js';
import { askRule, type ExplainStep, type Question } from './explain-step.js';
import { splitSharedFilter } from './filter.js';
import { spellOut } from './levels.js';
import { placeholderValues } from './placeholders.js';
import type { Action, ClientIdentity, Policy } from './rule.js';

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

interface Findings {
  readonly decider: PlacedRule | null;
  readonly cuts: readonly Cut[];
}

function conclude(policy: Policy, action: Action, { decider, cuts }: Findings): Omit<Explanation, 'steps'> {
  const effect = decider?.rule.effect ?? policy.settings.noMatch;
  const ruleId = decider?.rule.id ?? null;
  const [first] = effect === 'allow' ? cuts : [];
  if (first !== undefined && policy.settings.wildcardOverlap === 'reject') {
    return { allowed: false, ruleId: first.rule.id, reason: overlapText(action, first), exclusions: [] };
  }
  const exclusions = effect === 'allow' ? cuts.map(({ filter }) => filter) : [];
  return { allowed: effect === 'allow', ruleId, reason: decisionText(effect, decider, exclusions), exclusions };
}
