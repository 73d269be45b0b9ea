import {
  type ClientIdentity,
  type Policy,
  type Rule,
  diffPolicies,
  filtersOverlap,
  splitSharedFilter,
} from '@perch/policy';

/** Beyond so many rules, judging a client anew is as cheap as finding out what they can touch. */
const MOST_RULES = 64;

/** When a policy was put in force, in ms since the epoch. */
export interface Dated {
  readonly policy: Policy;
  readonly atMs: number;
}

/** A rule that decides otherwise than before. */
interface ChangedRule {
  readonly rule: Rule;
  /** Those that it has for any client. */
  readonly filters: readonly string[];
}

/** What a change of the policy can touch of one client's rights. Errs on the side of touching. */
export class Touch {
  constructor(private readonly rules: readonly ChangedRule[]) {}

  /** A publish to this topic may be decided otherwise. */
  publish(topic: string): boolean {
    return this.touches('sub', topic);
  }

  /** A subscription with this filter may be decided otherwise. */
  subscribe(filter: string): boolean {
    return this.touches('pub', filter.startsWith('$share/') ? (splitSharedFilter(filter)?.filter ?? filter) : filter);
  }

  private touches(otherAccess: Rule['access'], topic: string): boolean {
    for (const { rule, filters } of this.rules) {
      if (rule.access === otherAccess) continue;
      for (const filter of filters) if (!isElsewhere(filter, topic) && filtersOverlap(filter, topic)) return true;
    }
    return false;
  }
}

/** Everything may be decided otherwise. */
export const EVERYTHING: Pick<Touch, 'publish' | 'subscribe'> = { publish: () => true, subscribe: () => true };

/** What the rules by which two policies differ can touch: whatever none of them speaks of is decided as before. */
export class PolicyChange {
  private readonly ofAnybody: readonly ChangedRule[];
  private readonly ofSome = new Map<string, ChangedRule[]>();

  private constructor(rules: readonly ChangedRule[]) {
    this.ofAnybody = rules.filter(({ rule }) => keyOf(rule) === null);
    for (const changed of rules) {
      const key = keyOf(changed.rule);
      if (key !== null) this.ofSome.set(key, [...(this.ofSome.get(key) ?? []), changed]);
    }
  }

  /** Null when everything may be decided otherwise, for everybody. */
  static between(former: Dated, next: Dated): PolicyChange | null {
    const { rules, settings } = diffPolicies(former.policy, next.policy);
    if (settings.length > 0) return null;
    const changed = new Set(
      rules.flatMap((each) => (each.kind === 'changed' ? [each.before, each.rule] : [each.rule])),
    );
    for (const rule of next.policy.rules) if (hasEndedBetween(rule, former.atMs, next.atMs)) changed.add(rule);
    return new PolicyChange([...changed].map((rule) => ({ rule, filters: rule.topics.map(widened) })));
  }

  /** What it touches of this client; null for nothing. */
  of({ clientId, username, labels = [] }: ClientIdentity): Pick<Touch, 'publish' | 'subscribe'> | null {
    let rules = this.ofAnybody;
    if (this.ofSome.size > 0) {
      for (const key of [`clientid ${clientId}`, `username ${username}`, ...labels.map((label) => `label ${label}`)]) {
        const more = this.ofSome.get(key);
        if (more) rules = [...rules, ...more];
      }
    }
    if (rules.length > MOST_RULES) return EVERYTHING;
    return rules.length === 0 ? null : new Touch(rules);
  }
}

/** Whom a rule speaks of, or null where that may be anybody: addresses are written in more ways than one. */
function keyOf({ subject, value }: Rule): string | null {
  return value === '*' || subject === 'ipaddr' || subject === 'everyone' ? null : `${subject} ${value}`;
}

/** Whoever the placeholders stand for; like a wildcard, they never lead to a `$` topic. */
function widened(filter: string): string {
  return filter.replaceAll(/(?<=^|\/)%[cu](?=\/|$)/g, '+');
}

/** They differ before either has a wildcard or an end: quicker than asking whether they overlap. */
function isElsewhere(a: string, b: string): boolean {
  const end = Math.min(a.length, b.length);
  for (let at = 0; at < end; at++) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return !isWildcard(one) && !isWildcard(other) && one !== SLASH && other !== SLASH;
  }
  return false;
}

const SLASH = 0x2f;

function isWildcard(code: number): boolean {
  return code === 0x2b || code === 0x23;
}

function hasEndedBetween({ validUntil }: Rule, a: number, b: number): boolean {
  if (validUntil === null) return false;
  const end = Date.parse(validUntil);
  return end >= Math.min(a, b) && end <= Math.max(a, b);
}
