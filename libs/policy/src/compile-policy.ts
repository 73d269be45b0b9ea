import { compileRule } from './compiled-rule.js';
import { CompiledGrants, type GrantsBasis, type GrantsContext } from './compiled-grants.js';
import { compileOwnRules } from './own-rules.js';
import type { ClientIdentity, OwnRules, Policy } from './rule.js';
import type { Shadow } from './shadow.js';
import { ShadowedGrants } from './shadowed-grants.js';
import { RuleGroups } from './rule-groups.js';
import { SubjectIndex } from './subject-index.js';
import { isEnforced } from './validate-rule.js';
import { type Grants, type GrantsSource, plainVerdict } from './verdict.js';

/** A policy made ready for judging many clients. */
export interface CompiledPolicy extends GrantsSource {
  readonly policy: Policy;
}

/**
 * Makes a policy ready for judging. Rules that are invalid, disabled or in shadow mode never apply. With a shadow, another
 * policy is judged beside it, and told of where it would have decided otherwise.
 */
export function compilePolicy(policy: Policy, shadow: Shadow | null = null): CompiledPolicy {
  const live = new PlainPolicy(policy);
  return shadow === null ? live : new ShadowedPolicy(live, shadow);
}

class PlainPolicy implements CompiledPolicy {
  readonly context: GrantsContext;
  private readonly index: SubjectIndex;

  constructor(readonly policy: Policy) {
    const allowed = policy.settings.noMatch === 'allow';
    this.context = { settings: policy.settings, fallback: plainVerdict({ allowed, ruleId: null, by: 'default' }) };
    const placed = policy.rules.map((rule, position) => ({ rule, position, by: 'rule' as const }));
    this.index = new SubjectIndex(placed.filter(({ rule }) => isEnforced(rule)).map(compileRule));
  }

  grantsFor(identity: ClientIdentity, nowMs: number, own: OwnRules | null = null): Grants {
    return new CompiledGrants(identity, this.context, this.basisOf(identity, nowMs, own));
  }

  /** The groups that speak of this client, its own rules among them. */
  basisOf(identity: ClientIdentity, nowMs: number, own: OwnRules | null): GrantsBasis {
    const groups = this.index.groupsOf(identity);
    const ofOwn = own === null ? null : compileOwnRules(own, identity);
    return { groups: ofOwn === null ? groups : new RuleGroups([ofOwn, ...groups.list]), nowMs };
  }
}

/** A policy whose fresh judgements are compared with those of another one. */
class ShadowedPolicy implements CompiledPolicy {
  readonly policy: Policy;
  private readonly beside: PlainPolicy;

  constructor(
    private readonly live: PlainPolicy,
    private readonly shadow: Shadow,
  ) {
    this.policy = live.policy;
    this.beside = new PlainPolicy(shadow.policy);
  }

  grantsFor(identity: ClientIdentity, nowMs: number, own: OwnRules | null = null): Grants {
    const beside = () => this.beside.grantsFor(identity, nowMs, own);
    const basis = this.live.basisOf(identity, nowMs, own);
    return new ShadowedGrants(identity, this.live.context, { ...basis, beside, shadow: this.shadow });
  }
}
