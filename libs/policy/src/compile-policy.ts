import { type Address, type AddressRange, parseAddress, parseAddressRange, rangeContains } from './address.js';
import { CompiledGrants, type GrantsBasis, type GrantsContext } from './compiled-grants.js';
import { compileRule, type CompiledRule } from './compiled-rule.js';
import { compileOwnRules } from './own-rules.js';
import type { ClientIdentity, OwnRules, Policy, Rule, Subject } from './rule.js';
import { RuleGroup } from './rule-group.js';
import { hasLabel, hasUsername, isAnyone } from './subject.js';
import type { Shadow } from './shadow.js';
import { ShadowedGrants } from './shadowed-grants.js';
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
  const live = indexOf(policy);
  return shadow === null ? live : new ShadowedPolicy(live, shadow);
}

function indexOf(policy: Policy): SubjectIndex {
  const rules = policy.rules
    .map((rule, position) => ({ rule, position, by: 'rule' as const }))
    .filter(({ rule }) => isEnforced(rule))
    .map(compileRule);
  return new SubjectIndex(policy, rules);
}

/** A policy whose fresh judgements are compared with those of another one. */
class ShadowedPolicy implements CompiledPolicy {
  readonly policy: Policy;
  private readonly beside: SubjectIndex;

  constructor(
    private readonly live: SubjectIndex,
    private readonly shadow: Shadow,
  ) {
    this.policy = live.policy;
    this.beside = indexOf(shadow.policy);
  }

  grantsFor(identity: ClientIdentity, nowMs: number, own: OwnRules | null = null): Grants {
    const beside = () => this.beside.grantsFor(identity, nowMs, own);
    const basis = this.live.basisOf(identity, nowMs, own);
    return new ShadowedGrants(identity, this.live.context, { ...basis, beside, shadow: this.shadow });
  }
}

/** The rules by subject, so that a client's grants ask only those that speak of it. */
class SubjectIndex implements CompiledPolicy {
  readonly context: GrantsContext;
  private readonly addressGroups: readonly AddressGroup[];
  /** What speaks of clients without a name, and of those with one that has no rules of its own. */
  private readonly ofNobody: readonly RuleGroup[];
  private readonly ofAnybody: readonly RuleGroup[];
  /** What speaks of each name, and of each client, that has rules of its own. */
  private readonly ofUsers = new Map<string, readonly RuleGroup[]>();
  private readonly ofClients = new Map<string, RuleGroup>();
  /** What speaks of each label that has rules of its own, and of those with any label. */
  private readonly ofLabels = new Map<string, RuleGroup>();
  private readonly ofLabelled: RuleGroup | undefined;

  constructor(
    readonly policy: Policy,
    rules: readonly CompiledRule[],
  ) {
    const allowed = policy.settings.noMatch === 'allow';
    this.context = { settings: policy.settings, fallback: plainVerdict({ allowed, ruleId: null, by: 'default' }) };
    const groups = new Map([...bySubject(rules)].map(([key, group]) => [key, new RuleGroup(group)]));
    this.ofNobody = groupsUnder(groups, [ANYONE]);
    this.ofAnybody = groupsUnder(groups, [ANYONE, USERNAME]);
    this.ofLabelled = groups.get(LABEL);
    this.addressGroups = [...groups].flatMap(([key, group]) => {
      const range = key.startsWith(ADDRESS) ? parseAddressRange(key.slice(ADDRESS.length)) : null;
      return range === null ? [] : [{ range, group }];
    });
    for (const [key, group] of groups) {
      if (key.startsWith(CLIENT_ID)) this.ofClients.set(key.slice(CLIENT_ID.length), group);
      if (key.startsWith(LABEL)) this.ofLabels.set(key.slice(LABEL.length), group);
      if (key.startsWith(USERNAME)) this.ofUsers.set(key.slice(USERNAME.length), [...this.ofAnybody, group]);
    }
  }

  grantsFor(identity: ClientIdentity, nowMs: number, own: OwnRules | null = null): Grants {
    return new CompiledGrants(identity, this.context, this.basisOf(identity, nowMs, own));
  }

  /** The groups that speak of this client, its own rules among them. */
  basisOf(identity: ClientIdentity, nowMs: number, own: OwnRules | null): GrantsBasis {
    const groups = this.groupsOf(identity);
    const ofOwn = own === null ? null : compileOwnRules(own, identity);
    return { groups: ofOwn === null ? groups : [ofOwn, ...groups], nowMs };
  }

  /** Clients of which the same rules speak have the same list. */
  private groupsOf(identity: ClientIdentity): readonly RuleGroup[] {
    const { clientId, username } = identity;
    const named = hasUsername(identity) ? (this.ofUsers.get(username ?? '') ?? this.ofAnybody) : this.ofNobody;
    const own = this.ofClients.get(clientId);
    const more = [...this.groupsLabelled(identity), ...this.groupsAt(identity.address)];
    if (own === undefined && more.length === 0) return named;
    return own === undefined ? [...named, ...more] : [own, ...named, ...more];
  }

  private groupsLabelled(identity: ClientIdentity): readonly RuleGroup[] {
    if (!hasLabel(identity)) return NONE;
    // A label that is there twice is the same label.
    const found = new Set(identity.labels?.map((label) => this.ofLabels.get(label)).concat(this.ofLabelled));
    return [...found].filter((group) => group !== undefined);
  }

  private groupsAt(text: string | null): readonly RuleGroup[] {
    if (text === null || this.addressGroups.length === 0) return NONE;
    const address: Address | null = parseAddress(text);
    if (address === null) return NONE;
    let found = NONE;
    for (const { range, group } of this.addressGroups) if (rangeContains(range, address)) found = [...found, group];
    return found;
  }
}

function groupsUnder(groups: ReadonlyMap<string, RuleGroup>, keys: readonly string[]): RuleGroup[] {
  return keys.map((key) => groups.get(key)).filter((group) => group !== undefined);
}

interface AddressGroup {
  readonly range: AddressRange;
  readonly group: RuleGroup;
}

const NONE: readonly RuleGroup[] = [];

const ANYONE = 'anyone';
const CLIENT_ID = 'clientid ';
/** Alone: any client with a name. A rule's value is never empty, so no exact name has this key. */
const USERNAME = 'username ';
/** Alone: any client with a label. */
const LABEL = 'label ';
const ADDRESS = 'ipaddr ';

function bySubject(rules: readonly CompiledRule[]): Map<string, CompiledRule[]> {
  const groups = new Map<string, CompiledRule[]>();
  for (const compiled of rules) {
    const key = subjectKey(compiled.rule);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [compiled]);
    else group.push(compiled);
  }
  return groups;
}

function subjectKey(rule: Rule): string {
  if (isAnyone(rule)) return ANYONE;
  const prefix = PREFIXES[rule.subject];
  return (prefix === USERNAME || prefix === LABEL) && rule.value === '*' ? prefix : prefix + rule.value;
}

const PREFIXES: Readonly<Record<Subject, string>> = {
  clientid: CLIENT_ID,
  username: USERNAME,
  ipaddr: ADDRESS,
  label: LABEL,
  everyone: ANYONE,
};
