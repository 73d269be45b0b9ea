import type { PresenceEntry, Session } from '@perch/broker';
import { filtersOverlap, parseAddress, parseAddressRange, rangeContains, splitSharedFilter } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import type { ClientFilter } from './client.schemas.js';

/** What of a filter presence does not know. */
export interface ClientFacts {
  readonly isFlapping: (clientId: string) => boolean;
  readonly isBanned: (entry: PresenceEntry) => boolean;
  readonly sessionOf: (clientId: string) => Session | undefined;
  /** Who was refused something lately; null where nobody asks. */
  readonly denied: ReadonlySet<string> | null;
}

type Test = (entry: PresenceEntry) => boolean;

/** Says of each client whether the filter means it. 400 for an address or a topic filter that is none. */
export function clientTest(filter: ClientFilter, facts: ClientFacts): Test {
  const { state, username, protocol, reason, q, since, until } = filter;
  const text = q?.toLowerCase();
  const [from, to] = [since, until].map((moment) => (moment === undefined ? null : Date.parse(moment)));
  const others = [addressTest(filter), subscriptionTest(filter, facts), stateTest(filter, facts)];
  return (entry) =>
    (state === undefined || stateOf(entry) === state) &&
    (protocol === undefined || entry.protocol === protocol) &&
    (username === undefined || entry.username === username) &&
    (reason === undefined || entry.reason === reason) &&
    (from === null || from === undefined || entry.since >= from) &&
    (to === null || to === undefined || entry.since <= to) &&
    (!text || mentions(entry, text)) &&
    others.every((test) => test === null || test(entry));
}

function stateOf({ online, hasSession }: PresenceEntry): NonNullable<ClientFilter['state']> {
  if (online) return 'online';
  return hasSession ? 'offline' : 'gone';
}

function mentions({ clientId, username, address }: PresenceEntry, text: string): boolean {
  return [clientId, username, address].some((value) => value?.toLowerCase().includes(text));
}

function addressTest({ address }: ClientFilter): Test | null {
  if (address === undefined) return null;
  const range = parseAddressRange(address);
  if (range === null) throw badField('address', 'must be an IP address or a CIDR block');
  return (entry) => {
    const own = entry.address === null ? null : parseAddress(entry.address);
    return own !== null && rangeContains(range, own);
  };
}

/** Whoever is subscribed to something that the topic or filter shares a topic with. */
function subscriptionTest({ subscribedTo }: ClientFilter, { sessionOf }: ClientFacts): Test | null {
  if (subscribedTo === undefined) return null;
  if (splitSharedFilter(subscribedTo)?.group !== null) throw badField('subscribedTo', 'must be a topic or a filter');
  return ({ clientId }) => {
    for (const { topicFilter } of sessionOf(clientId)?.subscriptions.values() ?? []) {
      if (filtersOverlap(topicFilter, subscribedTo)) return true;
    }
    return false;
  };
}

function stateTest({ flapping, banned, denied }: ClientFilter, facts: ClientFacts): Test | null {
  if (flapping === undefined && banned === undefined && denied === undefined) return null;
  return (entry) =>
    (flapping === undefined || facts.isFlapping(entry.clientId) === flapping) &&
    (banned === undefined || facts.isBanned(entry) === banned) &&
    (denied === undefined || facts.denied?.has(entry.clientId) === denied);
}

function badField(path: string, message: string): ApiError {
  return new ApiError('bad-request', `“${path}” ${message}.`, { errors: [{ path, message }] });
}
