import type { CompiledRule } from './compiled-rule.js';
import { isValidTopic, subscribedFilter } from './filter.js';
import { isWild, shorten, spellOut } from './levels.js';
import { fillIn } from './placeholders.js';
import type { ClientIdentity, PolicySettings } from './rule.js';
import { mayReadRemote } from './remote-topics.js';
import { RecentVerdicts } from './recent-verdicts.js';
import type { RuleGroups } from './rule-groups.js';
import type { RuleFilter } from './rule-tree.js';
import {
  BUILT_IN_GRANT,
  BUILT_IN_REFUSAL,
  type Grants,
  isBrokerTopic,
  type JudgedTopic,
  type SubscribeVerdict,
  type Verdict,
} from './verdict.js';
import { WatchedClient } from './watched-client.js';

/** What the whole policy contributes to the grants of each client. */
export interface GrantsContext {
  readonly settings: PolicySettings;
  /** What is decided when no rule applies. */
  readonly fallback: SubscribeVerdict;
}

/** The groups that speak of a client, and the moment from which they are asked. */
export interface GrantsBasis {
  readonly groups: RuleGroups;
  readonly nowMs: number;
}

/** Grants over rule groups that are shared between clients; its own are only a few recent verdicts. */
export class CompiledGrants implements Grants {
  /** Made when something is judged for the first time: clients that only connect are many. */
  private judged: WatchedClient | null = null;
  private recent: RecentVerdicts | null = null;
  private readonly groups: RuleGroups;
  private readonly nowMs: number;

  constructor(
    readonly identity: ClientIdentity,
    private readonly context: GrantsContext,
    { groups, nowMs }: GrantsBasis,
  ) {
    this.groups = groups;
    this.nowMs = nowMs;
  }

  get validUntil(): number | null {
    let next = Number.POSITIVE_INFINITY;
    for (const group of this.groups.list) if (group.mayExpire) next = Math.min(next, group.nextExpiry(this.client));
    return Number.isFinite(next) ? next : null;
  }

  private get client(): WatchedClient {
    return (this.judged ??= new WatchedClient(this.identity, this.nowMs));
  }

  publish(topic: string, known: JudgedTopic | null = null): Verdict {
    return this.recent?.get(topic) ?? this.judgePublish(topic, known);
  }

  recentTopics(): readonly string[] {
    return this.recent?.allowed() ?? NO_TOPICS;
  }

  subscribe(filter: string): SubscribeVerdict {
    const wanted = subscribedFilter(filter);
    if (wanted === null) return BUILT_IN_REFUSAL;
    const ofRemote = mayReadRemote(wanted, this.client.values.clientId);
    if (ofRemote !== null) return ofRemote ? BUILT_IN_GRANT : BUILT_IN_REFUSAL;
    const text = spellOut(wanted);
    const decider = this.first('subscribing', text);
    const verdict = decider?.verdict ?? this.context.fallback;
    // Without a wildcard, whatever overlaps also covers.
    if (!verdict.allowed || !isWild(text)) return verdict;
    return this.cutOut(verdict, this.overlappingDenies(text, decider?.position ?? Number.POSITIVE_INFINITY));
  }

  private judgePublish(topic: string, known: JudgedTopic | null): Verdict {
    const verdict = this.decidePublish(topic, known);
    this.recent ??= new RecentVerdicts();
    this.recent.remember(topic, verdict);
    return verdict;
  }

  /** Judges a publish of which no verdict is remembered. */
  protected decidePublish(topic: string, known: JudgedTopic | null): Verdict {
    if (known !== null && known.judgedBy === this.groups.key) return known.verdict as Verdict;
    if (isBrokerTopic(topic) || !isValidTopic(topic)) return BUILT_IN_REFUSAL;
    const { client } = this;
    client.wasLookedAt = false;
    const verdict = this.first('publishing', topic)?.verdict ?? this.context.fallback;
    if (known !== null && !client.wasLookedAt) {
      known.judgedBy = this.groups.key;
      known.verdict = verdict;
    }
    return verdict;
  }

  private first(action: 'publishing' | 'subscribing', wanted: string): CompiledRule | null {
    let best: CompiledRule | null = null;
    for (const group of this.groups.list) {
      const found = group[action].first(wanted, this.client);
      if (found !== null && (best === null || found.position < best.position)) best = found;
    }
    return best;
  }

  private overlappingDenies(wanted: string, before: number): RuleFilter[] {
    let found: RuleFilter[] = NOTHING;
    for (const group of this.groups.list) {
      const denies = group.subscribeDenies.overlapping(wanted, this.client);
      if (denies.length > 0) found = found.concat(denies.filter(({ compiled }) => compiled.position < before));
    }
    return found === NOTHING ? found : found.sort(inPolicyOrder);
  }

  private cutOut(verdict: SubscribeVerdict, excluded: readonly RuleFilter[]): SubscribeVerdict {
    const [first] = excluded;
    if (first === undefined) return verdict;
    if (this.context.settings.wildcardOverlap === 'reject') return first.compiled.verdict;
    return {
      allowed: true,
      ruleId: verdict.ruleId,
      by: verdict.by,
      exclusions: excluded.map(({ filter }) => shorten(fillIn(filter, this.client.values) ?? filter)),
      excludedBy: excluded.map(({ compiled }) => compiled.rule.id),
    };
  }
}

const NOTHING: RuleFilter[] = [];
const NO_TOPICS: readonly string[] = [];

function inPolicyOrder(a: RuleFilter, b: RuleFilter): number {
  const { filters } = a.compiled;
  return a.compiled.position - b.compiled.position || filters.indexOf(a.filter) - filters.indexOf(b.filter);
}
