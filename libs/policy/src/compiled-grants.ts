import { clientFilters, type CompiledRule, type JudgedClient } from './compiled-rule.js';
import { isValidTopic, splitSharedFilter } from './filter.js';
import { filterLevels, filterText, isWild, type Levels, levelsOverlap, topicLevels } from './levels.js';
import { placeholderValues } from './placeholders.js';
import type { ClientIdentity, PolicySettings } from './rule.js';
import { RecentVerdicts } from './recent-verdicts.js';
import type { RuleGroup } from './rule-group.js';
import {
  BUILT_IN_REFUSAL,
  type Grants,
  isBrokerTopic,
  plainVerdict,
  type SubscribeVerdict,
  type Verdict,
} from './verdict.js';

/** What the whole policy contributes to the grants of each client. */
export interface GrantsContext {
  readonly settings: PolicySettings;
  /** What is decided when no rule applies. */
  readonly fallback: SubscribeVerdict;
}

/** Grants over rule groups that are shared between clients; its own are only a few recent verdicts. */
export class CompiledGrants implements Grants {
  readonly validUntil: number | null;
  private readonly client: JudgedClient;
  private recent: RecentVerdicts | null = null;

  constructor(
    readonly identity: ClientIdentity,
    private readonly groups: readonly RuleGroup[],
    private readonly context: GrantsContext & { readonly nowMs: number },
  ) {
    this.client = { values: placeholderValues(identity), nowMs: context.nowMs };
    const next = Math.min(...groups.map((group) => group.nextExpiry(this.client)));
    this.validUntil = Number.isFinite(next) ? next : null;
  }

  publish(topic: string): Verdict {
    return this.recent?.get(topic) ?? this.judgePublish(topic);
  }

  subscribe(filter: string): SubscribeVerdict {
    const wanted = splitSharedFilter(filter);
    if (wanted === null) return BUILT_IN_REFUSAL;
    const levels = filterLevels(wanted.filter);
    const decider = this.first('subscribing', levels);
    const verdict = decider?.verdict ?? this.context.fallback;
    // Without a wildcard, whatever overlaps also covers.
    if (!verdict.allowed || !isWild(levels)) return verdict;
    return this.cutOut(verdict, this.overlappingDenies(levels, decider?.position ?? Number.POSITIVE_INFINITY));
  }

  private judgePublish(topic: string): Verdict {
    const verdict = this.decidePublish(topic);
    this.recent ??= new RecentVerdicts();
    this.recent.remember(topic, verdict);
    return verdict;
  }

  private decidePublish(topic: string): Verdict {
    if (isBrokerTopic(topic) || !isValidTopic(topic)) return BUILT_IN_REFUSAL;
    return this.first('publishing', topicLevels(topic))?.verdict ?? this.context.fallback;
  }

  private first(action: 'publishing' | 'subscribing', wanted: Levels): CompiledRule | null {
    let best: CompiledRule | null = null;
    for (const group of this.groups) {
      const found = group[action].first(wanted, this.client);
      if (found !== null && (best === null || found.position < best.position)) best = found;
    }
    return best;
  }

  private overlappingDenies(wanted: Levels, before: number): Exclusion[] {
    const found: Exclusion[] = [];
    for (const group of this.groups) {
      for (const compiled of group.subscribeDenies) {
        if (compiled.position >= before) break;
        if (compiled.expiresAt <= this.client.nowMs) continue;
        for (const filter of clientFilters(compiled, this.client.values)) {
          if (levelsOverlap(filter, wanted)) found.push({ compiled, filter });
        }
      }
    }
    return found.sort((a, b) => a.compiled.position - b.compiled.position);
  }

  private cutOut(verdict: SubscribeVerdict, excluded: readonly Exclusion[]): SubscribeVerdict {
    const [first] = excluded;
    if (first === undefined) return verdict;
    if (this.context.settings.wildcardOverlap === 'reject') return plainVerdict(false, first.compiled.rule.id);
    return {
      allowed: true,
      ruleId: verdict.ruleId,
      exclusions: excluded.map(({ filter }) => filterText(filter)),
      excludedBy: excluded.map(({ compiled }) => compiled.rule.id),
    };
  }
}

interface Exclusion {
  readonly compiled: CompiledRule;
  readonly filter: Levels;
}
