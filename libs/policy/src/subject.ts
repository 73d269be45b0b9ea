import { parseAddress, parseAddressRange, rangeContains } from './address.js';
import type { ClientIdentity, Rule } from './rule.js';

/** Whether the rule speaks of this client. */
export function subjectMatches(rule: Pick<Rule, 'subject' | 'value'>, identity: ClientIdentity): boolean {
  if (isAnyone(rule)) return true;
  switch (rule.subject) {
    case 'clientid':
      return rule.value === identity.clientId;
    case 'username':
      return rule.value === '*' ? hasUsername(identity) : rule.value === identity.username;
    case 'ipaddr':
      return addressMatches(rule.value, identity.address);
    case 'label':
      return rule.value === '*' ? hasLabel(identity) : (identity.labels?.includes(rule.value) ?? false);
    default:
      return false;
  }
}

/** Whether the rule speaks of every client. `username *` and `label *` do not: they ask for a user name, for a label. */
export function isAnyone({ subject, value }: Pick<Rule, 'subject' | 'value'>): boolean {
  return subject === 'everyone' || (value === '*' && subject !== 'username' && subject !== 'label');
}

/** Whether the client signed in under a name. */
export function hasUsername(identity: ClientIdentity): boolean {
  return identity.username !== null && identity.username !== '';
}

/** Whether the client carries a label; an empty one is none. */
export function hasLabel({ labels = [] }: ClientIdentity): boolean {
  return labels.some((label) => label !== '');
}

function addressMatches(value: string, address: string | null): boolean {
  const range = parseAddressRange(value);
  const own = address === null ? null : parseAddress(address);
  return range !== null && own !== null && rangeContains(range, own);
}
