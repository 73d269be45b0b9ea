import { filterMatches, filtersOverlap } from '@perch/policy';
import type { PresenceEntry, PresenceRegistry } from './presence-registry.js';

const PREFIX = '$SYS/broker/connection/clients/';

/**
 * The topic of a client's presence. A client id that cannot stand in a topic as one level
 * has its `%`, `/`, `+` and `#` percent-encoded; the payload always carries the id itself.
 */
export function presenceTopic(clientId: string): string {
  return PREFIX + clientId.replace(/[%/+#]/g, encodeURIComponent);
}

/**
 * The presence document: these three fields first, under these names; others may follow. With `sessionEndedAt`, in ms since
 * the epoch, it announces that the session of a client that was away has ended.
 */
export function presencePayload(entry: PresenceEntry, sessionEndedAt: number | null = null): Buffer {
  return Buffer.from(
    JSON.stringify({
      clientID: entry.clientId,
      online: entry.online,
      timestamp: `${new Date(entry.since).toISOString().slice(0, 19)}Z`,
      seq: entry.seq,
      session: entry.online ? undefined : entry.hasSession,
      sessionEndedAt: sessionEndedAt === null ? undefined : new Date(sessionEndedAt).toISOString(),
      reason: entry.reason ?? undefined,
      username: entry.username ?? undefined,
      authenticator: entry.authenticator ?? undefined,
      protocol: entry.protocol,
      address: entry.address ?? undefined,
      node: entry.node,
      durationMs: entry.connectedForMs ?? undefined,
    }),
  );
}

/**
 * The entries whose presence topics the filter matches, as they are now: read at leisure, it leaves out
 * those that have changed since it was asked, because their changes were published.
 */
export function presenceMatches(registry: PresenceRegistry, filter: string): Iterable<PresenceEntry> {
  if (!filtersOverlap(filter, `${PREFIX}+`)) return [];
  const levels = filter.split('/');
  const last = levels[4];
  if (levels.length !== 5 || last === '+' || last === '#') return listMatches(registry, filter, registry.seq);
  return filterMatches(filter, PREFIX + last) ? oneMatch(registry, decodeLevel(last as string), registry.seq) : [];
}

function* oneMatch(registry: PresenceRegistry, clientId: string, asOf: number): Generator<PresenceEntry> {
  const entry = registry.get(clientId);
  if (entry && entry.seq <= asOf) yield entry;
}

function* listMatches(registry: PresenceRegistry, filter: string, asOf: number): Generator<PresenceEntry> {
  for (const entry of registry.list()) {
    if (entry.seq <= asOf && filterMatches(filter, presenceTopic(entry.clientId))) yield entry;
  }
}

function decodeLevel(level: string): string {
  return level.replace(/%(25|2F|2B|23)/g, decodeURIComponent);
}
