import type { Broker } from '../broker.js';
import type { StatisticsSource } from './statistics.js';

/** The figures of a broker, read when they are due. */
export function statisticsOf(broker: Broker, version: string): StatisticsSource {
  return {
    version,
    startedAt: broker.startedAt,
    counters: broker.counters,
    clientsOnline: () => broker.presence.onlineCount,
    clientsOffline: () => broker.presence.offlineCount,
    clientsMaximum: () => broker.presence.maximumOnline,
    subscriptions: () => broker.subscriptions.size,
    retained: () => broker.retained.size,
    retainedBytes: () => broker.retained.index.bytes,
  };
}
