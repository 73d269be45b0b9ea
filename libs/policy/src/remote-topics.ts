import type { ClientIdentity } from './rule.js';
import { placeholderValues } from './placeholders.js';

const ROOT = '$remote/';

/**
 * What no rule can change about `$remote/<client id>/rx` and below, where a client is sent what is meant for it alone: it
 * may read that, and nobody else may. Null where the rules are asked. `ownLevel` is the client id as one level of a topic,
 * or null where it cannot be one.
 */
export function mayReadRemote(filter: string, ownLevel: string | null): boolean | null {
  if (!filter.startsWith(ROOT)) return null;
  const [, clientId, direction] = filter.split('/', 3);
  if (clientId === ownLevel) return direction === 'rx' ? true : null;
  return direction === 'rx' || direction === '+' || direction === '#' || clientId === '#' ? false : null;
}

/** The same as a sentence. */
export function remoteDecision(
  filter: string,
  identity: ClientIdentity,
): { readonly allowed: boolean; readonly reason: string } | null {
  const allowed = mayReadRemote(filter, placeholderValues(identity).clientId);
  if (allowed === null) return null;
  const reason = allowed
    ? 'Allowed: it is what is sent to this client alone.'
    : 'Denied: what is sent to one client under $remote/<client id>/rx is read by nobody else, whatever the rules say.';
  return { allowed, reason };
}
