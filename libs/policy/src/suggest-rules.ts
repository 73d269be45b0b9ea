import { compilePolicy } from './compile-policy.js';
import { topicOutside } from './example-topic.js';
import { splitSharedFilter } from './filter.js';
import { generalised, type UsedFilter } from './generalise.js';
import { covers, shorten, spellOut } from './levels.js';
import { fillIn, hasPlaceholder, placeholderValues, type PlaceholderValues } from './placeholders.js';
import type { Access, ClientIdentity, Policy, Rule } from './rule.js';
import { subjectMatches } from './subject.js';
import { type RuleDraft, topicProblem } from './validate-rule.js';
import type { Grants } from './verdict.js';

/** A topic that a client published to, or a filter that it subscribed with. */
export interface ObservedTopic {
  readonly topic: string;
  /** When it did so last, ms. */
  readonly lastMs: number;
}

/** What one client did. */
export interface ClientUse {
  readonly identity: ClientIdentity;
  readonly published: readonly ObservedTopic[];
  readonly subscribed: readonly ObservedTopic[];
}

/** What `suggestRules` is asked. */
export interface SuggestQuery {
  /** What is allowed now. */
  readonly policy: Policy;
  /** Whom the suggested rules are to speak of. */
  readonly subject: Pick<Rule, 'subject' | 'value'>;
  readonly uses: readonly ClientUse[];
  /** What was not used since is not suggested. */
  readonly sinceMs: number;
  readonly nowMs: number;
}

/** A filter of a suggested rule, and what speaks for it. */
export interface SuggestedTopic {
  readonly filter: string;
  /** How many topics that were used it stands for, the first of them, and when one was used last. */
  readonly count: number;
  readonly examples: readonly string[];
  readonly lastMs: number;
}

/** A rule with what speaks for each of its topics, in the same order. */
export interface SuggestedRule {
  readonly rule: RuleDraft;
  readonly evidence: readonly SuggestedTopic[];
}

/** A filter of a rule that gives these clients more than they used. */
export interface ExcessAccess {
  readonly ruleId: string;
  readonly filter: string;
  readonly access: 'pub' | 'sub';
  /** False when nothing that was used falls under it. */
  readonly isUsed: boolean;
  /** A topic that it allows and the suggestion does not. */
  readonly example: string;
}

/** The least that these clients need. */
export interface Suggestion {
  readonly rules: readonly SuggestedRule[];
  readonly excess: readonly ExcessAccess[];
  /** How much was used that the policy does not allow, or that no rule can say: it is not suggested. */
  readonly refused: number;
}

/**
 * The smallest sensible set of allow rules for what clients really did: their own id and name become `%c` and `%u`, and
 * three or more topics that differ in one level become one with `+`, where that is allowed now, too. And what could be
 * taken away.
 */
export function suggestRules(query: SuggestQuery): Suggestion {
  const publishing = new Observed(asSubscriptions(query.policy), query);
  const subscribing = new Observed(query.policy, query);
  for (const { identity, published, subscribed } of query.uses) {
    for (const each of published) publishing.add(identity, each);
    for (const each of subscribed) subscribing.add(identity, each);
  }
  const [pub, sub] = [publishing.filters(), subscribing.filters()];
  return {
    rules: rulesOf(query.subject, pub, sub),
    excess: [...excessOf(query, 'pub', pub), ...excessOf(query, 'sub', sub)],
    refused: publishing.refused + subscribing.refused,
  };
}

/** The policy in which to subscribe means to publish: so that a whole filter can be asked for. */
function asSubscriptions(policy: Policy): Policy {
  const rules = policy.rules
    .filter(({ access }) => access !== 'sub')
    .map((rule) => ({ ...rule, access: 'sub' as const }));
  return { ...policy, rules };
}

/** What was seen of one action. */
class Observed {
  refused = 0;
  private readonly grants = new Map<ClientIdentity, { readonly grants: Grants; readonly values: PlaceholderValues }>();
  private readonly seen = new Map<string, UsedFilter>();

  constructor(
    policy: Policy,
    private readonly query: SuggestQuery,
  ) {
    const compiled = compilePolicy(policy);
    for (const { identity } of query.uses) {
      const grants = compiled.grantsFor(identity, query.nowMs);
      this.grants.set(identity, { grants, values: placeholderValues(identity) });
    }
  }

  add(identity: ClientIdentity, { topic, lastMs }: ObservedTopic): void {
    if (lastMs < this.query.sinceMs) return;
    const asked = splitSharedFilter(topic)?.filter;
    const client = this.grants.get(identity);
    if (asked === undefined || client === undefined) return;
    const filter = shorten(spellOut(asked));
    // A level that reads like a placeholder would mean something else in a rule.
    if (!client.grants.subscribe(filter).allowed || hasPlaceholder(filter) || topicProblem(filter) !== null) {
      this.refused += 1;
      return;
    }
    const own = withPlaceholders(filter, client.values);
    const known = this.seen.get(own);
    this.seen.set(own, {
      filter: own,
      topics: known === undefined ? [filter] : [...new Set([...known.topics, filter])],
      lastMs: Math.max(lastMs, known?.lastMs ?? lastMs),
    });
  }

  filters(): UsedFilter[] {
    return generalised([...this.seen.values()], (filter) => this.isAllowed(filter));
  }

  /** Whether each of the clients may have all of the filter now. */
  private isAllowed(filter: string): boolean {
    return [...this.grants.values()].every(({ grants, values }) => {
      const own = fillIn(filter, values);
      if (own === null) return true;
      const { allowed, exclusions } = grants.subscribe(own);
      return allowed && exclusions.length === 0;
    });
  }
}

function withPlaceholders(filter: string, { clientId, username }: PlaceholderValues): string {
  const levels = filter.split('/');
  return levels
    .map((level, depth) => {
      // A placeholder in the first level never reaches a $-topic, and neither does the client's own id there.
      if (level === '' || (depth === 0 && level.startsWith('$'))) return level;
      if (level === clientId) return '%c';
      return level === username ? '%u' : level;
    })
    .join('/');
}

function rulesOf(
  subject: SuggestQuery['subject'],
  pub: readonly UsedFilter[],
  sub: readonly UsedFilter[],
): SuggestedRule[] {
  const both = new Set(pub.map(({ filter }) => filter).filter((filter) => sub.some((each) => each.filter === filter)));
  const groups = new Map<string, { readonly access: Access; readonly used: UsedFilter[] }>();
  const place = (access: Access, used: UsedFilter) => {
    // An allow with several filters falls away as a whole where one placeholder has no value that can stand there.
    const kinds = ['%c', '%u'].filter((name) => used.filter.split('/').includes(name));
    const key = [access, ...kinds, /^%[cu](?=\/|$)/.exec(used.filter)?.[0]].join(' ');
    const group = groups.get(key) ?? { access, used: [] };
    groups.set(key, group);
    group.used.push(used);
  };
  for (const used of pub) place(both.has(used.filter) ? 'pubsub' : 'pub', used);
  for (const used of sub) if (!both.has(used.filter)) place('sub', used);
  return [...groups.values()].map(({ access, used }) => ({
    rule: ruleOf(subject, access, used),
    evidence: used.map(evidenceOf),
  }));
}

function ruleOf({ subject, value }: SuggestQuery['subject'], access: Access, used: readonly UsedFilter[]): RuleDraft {
  const topics = used.map(({ filter }) => filter);
  return {
    effect: 'allow',
    subject,
    value,
    access,
    topics,
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
  };
}

const EXAMPLES = 3;

function evidenceOf({ filter, topics, lastMs }: UsedFilter): SuggestedTopic {
  return { filter, count: topics.length, examples: topics.slice(0, EXAMPLES), lastMs };
}

/** Filters of allows that hold more than what is suggested, for one of the clients at least. */
function excessOf({ policy, uses }: SuggestQuery, access: 'pub' | 'sub', used: readonly UsedFilter[]): ExcessAccess[] {
  const allows = policy.rules.filter(
    (rule) =>
      rule.effect === 'allow' &&
      rule.enabled &&
      rule.mode === 'enforce' &&
      (rule.access === 'pubsub' || rule.access === access),
  );
  return allows.flatMap((rule) =>
    rule.topics.flatMap((filter): ExcessAccess[] => {
      const example = firstOf(uses, ({ identity }) => beyond(rule, filter, { identity, used }));
      if (example === null) return [];
      const isUsed = used.some(({ topics }) =>
        topics.some((topic) => uses.some(({ identity }) => holds(filter, topic, identity))),
      );
      return [{ ruleId: rule.id, filter, access, isUsed, example }];
    }),
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function beyond(
  rule: Rule,
  filter: string,
  { identity, used }: { identity: ClientIdentity; used: readonly UsedFilter[] },
): string | null {
  const values = placeholderValues(identity);
  const own = subjectMatches(rule, identity) ? fillIn(filter, values) : null;
  if (own === null) return null;
  const needed = used.map((each) => fillIn(each.filter, values)).filter((each) => each !== null);
  return topicOutside(spellOut(own), needed.map(spellOut));
}

function holds(filter: string, topic: string, identity: ClientIdentity): boolean {
  const own = fillIn(filter, placeholderValues(identity));
  return own !== null && covers(spellOut(own), spellOut(topic));
}
