import type { Action, ClientIdentity } from '@perch/policy';
import type { RulesSearch } from '../search.js';

/** Who is asked about, as the address says it. */
export function identitySearch({ clientId, username, address, labels = [] }: ClientIdentity) {
  return {
    client: clientId || undefined,
    username: username ?? undefined,
    address: address ?? undefined,
    labels: labels.join(',') || undefined,
  } satisfies RulesSearch;
}

/** A whole question, as the address says it; publishing is what is asked where nothing is said. */
export function questionSearch(identity: ClientIdentity, action: Action, topic: string) {
  return {
    ...identitySearch(identity),
    action: action === 'subscribe' ? action : undefined,
    topic: topic || undefined,
  } satisfies RulesSearch;
}

/** Whom the address speaks of. */
export function identityIn({ client = '', username, address, labels = '' }: RulesSearch): ClientIdentity {
  return {
    clientId: client,
    username: username ?? null,
    address: address ?? null,
    labels: labels.split(',').filter((label) => label !== ''),
  };
}
