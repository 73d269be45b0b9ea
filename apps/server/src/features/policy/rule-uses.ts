import { idleRules, isSameRule, type Policy, type RuleUse, ruleUse } from '@perch/policy';
import { Injectable } from '@nestjs/common';
import { RuleHits } from '../../broker/rule-hits/rule-hits.js';
import { PolicyService } from '../../policy/policy.service.js';
import { RevisionsService } from './revisions.service.js';

/** Knows which rules are of no use. */
@Injectable()
export class RuleUses {
  constructor(
    private readonly hits: RuleHits,
    private readonly live: PolicyService,
    private readonly revisions: RevisionsService,
  ) {}

  /** The rules of the policy that may have been of no use for long: those that are live, and say the same there. */
  async of({ rules }: Policy): Promise<ReadonlyMap<string, RuleUse>> {
    const used = await this.hits.read();
    const since = (await this.hits.since())?.toISOString() ?? null;
    const live = new Map(this.live.current.policy.rules.map((rule) => [rule.id, rule]));
    const hits = rules.flatMap((rule) => {
      const same = live.get(rule.id);
      if (!same || !isSameRule(rule, same)) return [];
      return { ruleId: rule.id, lastAt: used.get(rule.id)?.lastAt.toISOString() ?? null };
    });
    const idle = idleRules(hits, since, Date.now());
    if (since === null || idle.length === 0) return new Map();
    // Who changed what is read back from the revisions: only where it decides something.
    const { items } = await this.revisions.blame();
    const changes = new Map(items.map(({ ruleId, changed }) => [ruleId, changed?.createdAt]));
    return new Map(idle.map((hit) => [hit.ruleId, ruleUse(hit, since, changes.get(hit.ruleId))]));
  }
}
