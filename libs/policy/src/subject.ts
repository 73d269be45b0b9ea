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
    default:
      return false;
  }
}

/** Whether the rule speaks of every client. `username *` does not: it asks for a user name. */
export function isAnyone(rule: Pick<Rule, 'subject' | 'value'>): boolean {
  return rule.subject === 'everyone' || (rule.value === '*' && rule.subject !== 'username');
}

/** Whether the client signed in under a name. */
export function hasUsername(identity: ClientIdentity): boolean {
  return identity.username !== null && identity.username !== '';
}

function addressMatches(value: string, address: string | null): boolean {
  const range = parseAddressRange(value);
  const own = address === null ? null : parseAddress(address);
  return range !== null && own !== null && rangeContains(range, own);
}
