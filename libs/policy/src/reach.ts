import { clientFilters, compileRule, type CompiledRule, type JudgedClient } from './compiled-rule.js';
import { topicOutside } from './example-topic.js';
import { covers, intersection, overlap, shorten } from './levels.js';
import { compileOwnRules } from './own-rules.js';
import { placeholderValues } from './placeholders.js';
import type { Action, ClientIdentity, OwnRules, Policy } from './rule.js';
import type { RuleFilter } from './rule-tree.js';
import { subjectMatches } from './subject.js';
import { isEnforced } from './validate-rule.js';
import type { PolicyDecider, Verdict } from './verdict.js';

/** A client, and the rules that it brought along. */
export interface SearchedClient {
  readonly identity: ClientIdentity;
  readonly own?: OwnRules | null;
}

/** Topics that a client may publish to, or read: what the filter matches and no exclusion does. */
export interface ReachedPart {
  readonly filter: string;
  /** The rule that allows it; null for the default. */
  readonly ruleId: string | null;
  readonly by: PolicyDecider;
  readonly exclusions: readonly string[];
  /** The id of the deny rule behind each exclusion, in the same order. */
  readonly excludedBy: readonly string[];
  /** One topic of them. */
  readonly example: string;
}

/** What a client may reach, in the order of the rules that allow it. */
export interface Reach {
  readonly parts: readonly ReachedPart[];
  /** True when there is more than the limit. */
  readonly hasMore: boolean;
}

/** What is asked of `reachOf`. */
export interface ReachQuery {
  readonly action: Action;
  readonly nowMs: number;
  /** How many parts to tell at most; 1,000 when left out. */
  readonly limit?: number;
}

/** Everything that this client may publish to, or read, with its own values for the placeholders. */
export function reachOf(policy: Policy, { identity, own }: SearchedClient, query: ReachQuery): Reach {
  const { action, nowMs, limit = 1_000 } = query;
  const ofPolicy = policy.rules
    .map((rule, position) => ({ rule, position, by: 'rule' as const }))
    .filter(({ rule }) => isEnforced(rule) && subjectMatches(rule, identity))
    .map(compileRule);
  const ofClient = own ? (compileOwnRules(own, identity)?.rules ?? []) : [];
  const rules = [...ofPolicy, ...ofClient].sort((a, b) => a.position - b.position);
  const client = { values: placeholderValues(identity), nowMs };
  const parts: ReachedPart[] = [];
  for (const part of partsOf({ rules, client, action, isOpen: policy.settings.noMatch === 'allow' }, null)) {
    if (parts.length === limit) return { parts, hasMore: true };
    parts.push(part);
  }
  return { parts, hasMore: false };
}

/** Who asks for what, by which rules. */
export interface AskedRules {
  /** Those that speak of the client, in the order in which they are asked. */
  readonly rules: Iterable<CompiledRule>;
  readonly client: JudgedClient;
  readonly action: Action;
  /** Whether what no rule decides is allowed. */
  readonly isOpen: boolean;
}

/** What may be reached of `within`, spelled out, or of everything (null). Parts without a single topic are left out. */
export function* partsOf({ rules, client, action, isOpen }: AskedRules, within: string | null): Generator<ReachedPart> {
  const parts = new Parts(action);
  for (const { rule, filters, compiled } of filtersOf({ rules, client, action })) {
    for (const filter of filters) {
      const part = within === null ? filter : intersection(filter, within);
      if (part === null) continue;
      if (rule.effect === 'deny') parts.deny({ compiled, filter });
      else yield* parts.reach(part, compiled.verdict);
      if (part === within) return; // all of it is decided
    }
  }
  if (!isOpen) return;
  // No filter means all topics that begin with `$`; those of the broker are the ones that there are.
  for (const part of within === null ? ['+/#', '$SYS/#'] : [within]) yield* parts.reach(part, DEFAULT);
}

const DEFAULT = { ruleId: null, by: 'default' } as const;

/** The rules that speak of the action and are in force, with their filters for this client. */
function* filtersOf({ rules, client, action }: Omit<AskedRules, 'isOpen'>) {
  const other = action === 'publish' ? 'sub' : 'pub';
  for (const compiled of rules) {
    if (compiled.rule.access === other || compiled.expiresAt <= client.nowMs) continue;
    yield { rule: compiled.rule, compiled, filters: clientFilters(compiled, client.values) };
  }
}

/** The denies so far, and what the allows among them leave. */
class Parts {
  private readonly denied: RuleFilter[] = [];
  /** Parts of which nothing is cut out. */
  private readonly whole: string[] = [];

  constructor(private readonly action: Action) {}

  deny(placed: RuleFilter): void {
    this.denied.push(placed);
  }

  *reach(part: string, { ruleId, by }: Pick<Verdict, 'ruleId'> & Pick<ReachedPart, 'by'>): Generator<ReachedPart> {
    if (this.whole.some((wide) => covers(wide, part))) return;
    const cuts = this.denied.filter(({ filter }) => overlap(filter, part));
    const filters = cuts.map(({ filter }) => filter);
    const example = topicOutside(part, this.action === 'publish' ? [...filters, '$SYS/#'] : filters);
    if (example === null) return;
    if (cuts.length === 0) this.whole.push(part);
    const excludedBy = cuts.map(({ compiled }) => compiled.rule.id);
    yield { filter: shorten(part), ruleId, by, exclusions: filters.map(shorten), excludedBy, example };
  }
}
