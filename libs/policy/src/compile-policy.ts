import { type Address, type AddressRange, parseAddress, parseAddressRange, rangeContains } from './address.js';
import { CompiledGrants, type GrantsContext } from './compiled-grants.js';
import { compileRule, type CompiledRule } from './compiled-rule.js';
import type { ClientIdentity, Policy, Rule } from './rule.js';
import { RuleGroup } from './rule-group.js';
import { hasUsername, isAnyone } from './subject.js';
import { validateRule } from './validate-rule.js';
import { type Grants, plainVerdict } from './verdict.js';

/** A policy made ready for judging many clients. */
export interface CompiledPolicy {
  readonly policy: Policy;
  /** What this client may do from `nowMs` on, until the grants' own `validUntil`. */
  grantsFor(identity: ClientIdentity, nowMs: number): Grants;
}

/** Makes a policy ready for judging. Rules that are invalid, disabled or in shadow mode never apply. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  const rules = policy.rules
    .map((rule, position) => ({ rule, position }))
    .filter(({ rule }) => rule.enabled && rule.mode === 'enforce' && validateRule(rule).length === 0)
    .map(({ rule, position }) => compileRule(rule, position));
  return new SubjectIndex(policy, rules);
}

/** The rules by subject, so that a client's grants ask only those that speak of it. */
class SubjectIndex implements CompiledPolicy {
  private readonly context: GrantsContext;
  private readonly groups: ReadonlyMap<string, RuleGroup>;
  private readonly addressGroups: readonly AddressGroup[];

  constructor(
    readonly policy: Policy,
    rules: readonly CompiledRule[],
  ) {
    this.context = { settings: policy.settings, fallback: plainVerdict(policy.settings.noMatch === 'allow', null) };
    this.groups = new Map([...bySubject(rules)].map(([key, group]) => [key, new RuleGroup(group)]));
    this.addressGroups = [...this.groups].flatMap(([key, group]) => {
      const range = key.startsWith(ADDRESS) ? parseAddressRange(key.slice(ADDRESS.length)) : null;
      return range === null ? [] : [{ range, group }];
    });
  }

  grantsFor(identity: ClientIdentity, nowMs: number): Grants {
    return new CompiledGrants(identity, this.groupsOf(identity), { ...this.context, nowMs });
  }

  private groupsOf(identity: ClientIdentity): RuleGroup[] {
    const keys = [ANYONE, CLIENT_ID + identity.clientId];
    if (hasUsername(identity)) keys.push(USERNAME, USERNAME + (identity.username ?? ''));
    const named = keys.map((key) => this.groups.get(key)).filter((group) => group !== undefined);
    return [...named, ...this.groupsAt(identity.address)];
  }

  private groupsAt(text: string | null): RuleGroup[] {
    if (text === null || this.addressGroups.length === 0) return [];
    const address: Address | null = parseAddress(text);
    if (address === null) return [];
    return this.addressGroups.filter(({ range }) => rangeContains(range, address)).map(({ group }) => group);
  }
}

interface AddressGroup {
  readonly range: AddressRange;
  readonly group: RuleGroup;
}

const ANYONE = 'anyone';
const CLIENT_ID = 'clientid ';
/** Alone: any client with a name. A rule's value is never empty, so no exact name has this key. */
const USERNAME = 'username ';
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
  if (rule.subject === 'username') return rule.value === '*' ? USERNAME : USERNAME + rule.value;
  return (rule.subject === 'clientid' ? CLIENT_ID : ADDRESS) + rule.value;
}
