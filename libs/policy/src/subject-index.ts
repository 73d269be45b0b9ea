import { type Address, type AddressRange, parseAddress, parseAddressRange, rangeContains } from './address.js';
import type { CompiledRule } from './compiled-rule.js';
import type { ClientIdentity, Rule, Subject } from './rule.js';
import { RuleGroup } from './rule-group.js';
import { RuleGroups } from './rule-groups.js';
import { hasLabel, hasUsername, isAnyone } from './subject.js';

/** The rules by subject, so that only those are asked that speak of a client. */
export class SubjectIndex {
  private readonly addressGroups: readonly AddressGroup[];
  /** What speaks of addresses that clients have come from: they come again, and each range would be asked anew. */
  private readonly ofAddresses = new Map<string, readonly RuleGroup[]>();
  /** What speaks of clients without a name, and of those with one that has no rules of its own. */
  private readonly ofNobody: RuleGroups;
  private readonly ofAnybody: RuleGroups;
  /** What speaks of each name, and of each client, that has rules of its own. */
  private readonly ofUsers = new Map<string, RuleGroups>();
  private readonly ofClients = new Map<string, RuleGroup>();
  /** What speaks of each label that has rules of its own, and of those with any label. */
  private readonly ofLabels = new Map<string, RuleGroup>();
  private readonly ofLabelled: RuleGroup | undefined;

  /** `rules` are in policy order. */
  constructor(rules: readonly CompiledRule[]) {
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
      if (key.startsWith(USERNAME))
        this.ofUsers.set(key.slice(USERNAME.length), new RuleGroups([...this.ofAnybody.list, group]));
    }
  }

  /** The groups of rules that speak of this client. */
  groupsOf(identity: ClientIdentity): RuleGroups {
    const { clientId, username } = identity;
    const named = hasUsername(identity) ? (this.ofUsers.get(username ?? '') ?? this.ofAnybody) : this.ofNobody;
    const own = this.ofClients.get(clientId);
    const more = [...this.groupsLabelled(identity), ...this.groupsAt(identity.address)];
    if (own === undefined && more.length === 0) return named;
    return new RuleGroups(own === undefined ? [...named.list, ...more] : [own, ...named.list, ...more]);
  }

  private groupsLabelled(identity: ClientIdentity): readonly RuleGroup[] {
    if (!hasLabel(identity)) return NONE;
    // A label that is there twice is the same label.
    const found = new Set(identity.labels?.map((label) => this.ofLabels.get(label)).concat(this.ofLabelled));
    return [...found].filter((group) => group !== undefined);
  }

  private groupsAt(text: string | null): readonly RuleGroup[] {
    if (text === null || this.addressGroups.length === 0) return NONE;
    const known = this.ofAddresses.get(text);
    if (known !== undefined) return known;
    if (this.ofAddresses.size >= KNOWN_ADDRESSES) this.ofAddresses.clear();
    const found = this.findAt(text);
    this.ofAddresses.set(text, found);
    return found;
  }

  private findAt(text: string): readonly RuleGroup[] {
    const address: Address | null = parseAddress(text);
    if (address === null) return NONE;
    let found = NONE;
    for (const { range, group } of this.addressGroups) if (rangeContains(range, address)) found = [...found, group];
    return found;
  }
}

function groupsUnder(groups: ReadonlyMap<string, RuleGroup>, keys: readonly string[]): RuleGroups {
  return new RuleGroups(keys.map((key) => groups.get(key)).filter((group) => group !== undefined));
}

interface AddressGroup {
  readonly range: AddressRange;
  readonly group: RuleGroup;
}

const NONE: readonly RuleGroup[] = [];

/** Addresses whose groups are remembered. */
const KNOWN_ADDRESSES = 1024;

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
