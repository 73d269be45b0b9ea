import { CompiledGrants } from './compiled-grants.js';
import { compileRule, type CompiledRule } from './compiled-rule.js';
import { isValidFilter, splitSharedFilter } from './filter.js';
import { overlap, spellOut } from './levels.js';
import { compileOwnRules } from './own-rules.js';
import { asWildcards, placeholderValues } from './placeholders.js';
import { partsOf, type ReachedPart, type SearchedClient } from './reach.js';
import type { Action, ClientIdentity, Policy, Rule } from './rule.js';
import type { RuleGroup } from './rule-group.js';
import { RuleGroups } from './rule-groups.js';
import { type RuleAccess, rulesThatAllow } from './search-rules.js';
import { SubjectIndex } from './subject-index.js';
import { isEnforced } from './validate-rule.js';
import { plainVerdict } from './verdict.js';

/** Who can do this? */
export interface AccessQuery {
  readonly action: Action;
  /** A topic, or a filter for anything under it; `$share/group/F` is F. */
  readonly filter: string;
  readonly nowMs: number;
  /** How many clients to name at most; 1,000 when left out. All are counted. */
  readonly limit?: number;
}

/** What one client may do of what was asked for. */
export interface ClientAccess {
  readonly identity: ClientIdentity;
  /** `all`: the whole filter, with nothing cut out of it. */
  readonly extent: 'all' | 'part';
  /** The parts that it may reach, in the order of the rules that allow them: the first few. */
  readonly parts: readonly ReachedPart[];
  readonly hasMoreParts: boolean;
}

/** Who can do it: of the clients that were given, and whoever may come. */
export interface AccessSearch {
  readonly clients: readonly ClientAccess[];
  readonly counts: { readonly all: number; readonly part: number; readonly none: number };
  /** What the rules say of any client, in their order. */
  readonly rules: readonly RuleAccess[];
}

/** Searches for who can do this, by the same rules as judging; null when it asks for a malformed filter. */
export function searchAccess(
  policy: Policy,
  query: AccessQuery,
  clients: Iterable<SearchedClient>,
): AccessSearch | null {
  const { action, filter, limit = 1_000 } = query;
  const inner = action === 'subscribe' ? (splitSharedFilter(filter)?.filter ?? '') : filter;
  if (!isValidFilter(inner)) return null;
  const wanted = { action, filter: spellOut(inner), nowMs: query.nowMs };
  const relevant = relevantRules(policy, wanted);
  const search = new ClientSearch(relevant, wanted, policy.settings.noMatch === 'allow');
  const found: ClientAccess[] = [];
  const counts = { all: 0, part: 0, none: 0 };
  for (const client of clients) {
    const answer = search.ask(client);
    counts[answer?.extent ?? 'none'] += 1;
    if (answer !== null && found.length < limit) found.push({ identity: client.identity, ...answer });
  }
  return { clients: found, counts, rules: rulesThatAllow(relevant, wanted, policy.settings) };
}

/** A query whose filter is well-formed and spelled out. */
export type WantedAccess = Pick<AccessQuery, 'action' | 'filter' | 'nowMs'>;

function relevantRules(policy: Policy, { action, filter, nowMs }: WantedAccess): CompiledRule[] {
  return speakingOf(action, policy.rules)
    .map((rule, position) => ({ rule, position, by: 'rule' as const }))
    .filter(({ rule }) => isEnforced(rule))
    .map(compileRule)
    .filter(({ expiresAt }) => expiresAt > nowMs)
    .filter(({ filters }) => filters.some((each) => overlap(asWildcards(each), filter)));
}

/** The rules about this action, as if they were about both: nothing else is asked of them here. */
function speakingOf(action: Action, rules: readonly Rule[]): Rule[] {
  const other = action === 'publish' ? 'sub' : 'pub';
  return rules.filter(({ access }) => access !== other).map((rule) => ({ ...rule, access: 'pubsub' }));
}

const PARTS_TOLD = 5;

type Answer = Omit<ClientAccess, 'identity'>;

/** Asks for one client after another. Clients of which the same rules speak get the same answer, worked out once. */
class ClientSearch {
  private readonly index: SubjectIndex;
  private readonly known = new Map<string, Answer | null>();
  private readonly numbers = new Map<RuleGroup, number>();

  constructor(
    relevant: readonly CompiledRule[],
    private readonly wanted: WantedAccess,
    private readonly isOpen: boolean,
  ) {
    this.index = new SubjectIndex(relevant);
  }

  ask({ identity, own }: SearchedClient): Answer | null {
    const groups = this.index.groupsOf(identity).list;
    const ofOwn = own ? compileOwnRules({ ...own, rules: speakingOf(this.wanted.action, own.rules) }, identity) : null;
    if (ofOwn !== null) return this.work(identity, [...groups, ofOwn]);
    if (groups.some(({ rules }) => rules.some(({ hasPlaceholder }) => hasPlaceholder))) {
      return this.work(identity, groups);
    }
    const key = groups.map((group) => this.numberOf(group)).join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const answer = this.work(identity, groups);
    this.known.set(key, answer);
    return answer;
  }

  private work(identity: ClientIdentity, groups: readonly RuleGroup[]): Answer | null {
    const { action, filter, nowMs } = this.wanted;
    const client = { values: placeholderValues(identity), nowMs };
    const parts: ReachedPart[] = [];
    for (const part of partsOf({ rules: inOrder(groups), client, action, isOpen: this.isOpen }, filter)) {
      if (isWhole(part, filter)) return { extent: 'all', parts: [part], hasMoreParts: false };
      parts.push(part);
      if (parts.length > PARTS_TOLD) break;
    }
    if (parts.length === 0) return null;
    const told = { parts: parts.slice(0, PARTS_TOLD), hasMoreParts: parts.length > PARTS_TOLD };
    return { extent: told.hasMoreParts && this.mayAll(identity, groups) ? 'all' : 'part', ...told };
  }

  /** Whether the client is granted the whole filter by one rule that stands far behind those that allow a part of it. */
  private mayAll(identity: ClientIdentity, groups: readonly RuleGroup[]): boolean {
    const fallback = plainVerdict({ allowed: this.isOpen, ruleId: null, by: 'default' });
    const context = { settings: { noMatch: 'deny', wildcardOverlap: 'exclude' } as const, fallback };
    const grants = new CompiledGrants(identity, context, { groups: new RuleGroups(groups), nowMs: this.wanted.nowMs });
    const { allowed, exclusions } = grants.subscribe(this.wanted.filter);
    return allowed && exclusions.length === 0;
  }

  private numberOf(group: RuleGroup): number {
    const number = this.numbers.get(group) ?? this.numbers.size;
    this.numbers.set(group, number);
    return number;
  }
}

function isWhole({ filter, exclusions }: ReachedPart, wanted: string): boolean {
  return exclusions.length === 0 && spellOut(filter) === wanted;
}

/** The rules of all groups in policy order, no further than they are asked for. */
function* inOrder(groups: readonly RuleGroup[]): Generator<CompiledRule> {
  const heads = groups.map(({ rules }) => ({ rules, at: 0 }));
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const head of heads)
      if (positionOf(head) < (first === null ? Number.POSITIVE_INFINITY : positionOf(first))) first = head;
    const rule = first?.rules[first.at];
    if (first === null || rule === undefined) return;
    first.at += 1;
    yield rule;
  }
}

function positionOf({ rules, at }: { readonly rules: readonly CompiledRule[]; readonly at: number }): number {
  return rules[at]?.position ?? Number.POSITIVE_INFINITY;
}
