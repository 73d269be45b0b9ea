import { builtInDecision, type Cut, decisionText, overlapText, type PlacedRule } from './decision-text.js';
import { askRule, type ExplainStep, type Question } from './explain-step.js';
import { splitSharedFilter } from './filter.js';
import { spellOut } from './levels.js';
import { placeholderValues } from './placeholders.js';
import type { Action, ClientIdentity, OwnRules, Policy, PolicySettings, Rule } from './rule.js';
import type { PolicyDecider } from './verdict.js';

/** A decision with the way that led to it. It is always the decision that the client's grants make. */
export interface Explanation {
  readonly allowed: boolean;
  readonly ruleId: string | null;
  readonly by: PolicyDecider;
  /** One sentence. */
  readonly reason: string;
  /** Filters cut out of a granted subscription. */
  readonly exclusions: readonly string[];
  /** Each rule that was asked, in order, up to the one that decides. */
  readonly steps: readonly ExplainStep[];
}

/** What `explain` is called with; `own` as the client's grants were asked for with. */
export type ExplainArguments = [
  policy: Policy,
  identity: ClientIdentity,
  action: Action,
  topic: string,
  nowMs: number,
  own?: OwnRules | null,
];

/** Decides as the client's grants would at `nowMs`, and says why, rule by rule. */
export function explain(...[policy, identity, action, topic, nowMs, own]: ExplainArguments): Explanation {
  const builtIn = builtInDecision(action, topic, identity);
  if (builtIn !== null) return { ...builtIn, ruleId: null, by: 'built-in', exclusions: [], steps: [] };
  const wanted = action === 'publish' ? topic : spellOut(splitSharedFilter(topic)?.filter ?? topic);
  const question: Question = { identity, values: placeholderValues(identity), action, wanted, nowMs };
  return askAll(inOrder(policy.rules, own ?? null), question, policy.settings);
}

/** The client's own rules stand before the policy's, or behind them. */
function inOrder(rules: readonly Rule[], own: OwnRules | null): PlacedRule[] {
  const ofPolicy = rules.map((rule, index) => ({ rule, index }));
  const ofClient = own?.rules.map((rule, index) => ({ rule, index, isOwn: true as const })) ?? [];
  return own?.place === 'before' ? [...ofClient, ...ofPolicy] : [...ofPolicy, ...ofClient];
}

function askAll(rules: readonly PlacedRule[], question: Question, settings: PolicySettings): Explanation {
  const steps: ExplainStep[] = [];
  const cuts: Cut[] = [];
  for (const asked of rules) {
    const { step, exclusions } = askRule(asked, question);
    steps.push(step);
    if (step.applies) return { ...conclude(settings, question.action, { decider: asked, cuts }), steps };
    cuts.push(...exclusions.map((filter) => ({ ...asked, filter })));
  }
  return { ...conclude(settings, question.action, { decider: null, cuts }), steps };
}

interface Findings {
  readonly decider: PlacedRule | null;
  readonly cuts: readonly Cut[];
}

function conclude(settings: PolicySettings, action: Action, { decider, cuts }: Findings): Omit<Explanation, 'steps'> {
  const effect = decider?.rule.effect ?? settings.noMatch;
  const [first] = effect === 'allow' ? cuts : [];
  if (first !== undefined && settings.wildcardOverlap === 'reject') {
    return { allowed: false, ...decidedBy(first), reason: overlapText(action, first), exclusions: [] };
  }
  const exclusions = effect === 'allow' ? cuts.map(({ filter }) => filter) : [];
  const reason = decisionText(effect, decider, exclusions);
  return { allowed: effect === 'allow', ...decidedBy(decider), reason, exclusions };
}

function decidedBy(decider: PlacedRule | null): Pick<Explanation, 'ruleId' | 'by'> {
  if (decider === null) return { ruleId: null, by: 'default' };
  return { ruleId: decider.rule.id, by: decider.isOwn ? 'own-rule' : 'rule' };
}
