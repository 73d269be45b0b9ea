import type { SessionScan } from '../../traffic/session-scan.js';
import { type Metric, metricsOf } from './metric.js';

/** What is found out by looking at every session, every ten seconds. Unknown before the first look. */
export function trafficMetrics(scan: SessionScan): readonly Metric[] {
  const ofClients = metricsOf('connections', 'count');
  const ofMessages = metricsOf('messages', 'count');
  const { gauge } = metricsOf('delivery', 'count');
  const byProtocol = (way: 'in' | 'out') => () =>
    Object.fromEntries(Object.entries(scan.totals).map(([protocol, total]) => [protocol, total[way]]));
  return [
    ofClients.gauge('perch_connected_clients', 'Clients that are online, counted every ten seconds.', {
      label: 'protocol',
      read: () => scan.last?.online ?? null,
    }),
    ofMessages.counter('perch_client_messages_received_total', 'Messages from clients, counted every ten seconds.', {
      label: 'protocol',
      read: byProtocol('in'),
    }),
    ofMessages.counter('perch_client_messages_sent_total', 'Messages to clients, counted every ten seconds.', {
      label: 'protocol',
      read: byProtocol('out'),
    }),
    gauge('perch_in_flight_messages', 'Messages sent and not yet acknowledged.', () => scan.last?.inFlight ?? null),
    gauge('perch_queued_messages', 'Messages that wait in the queues of clients.', () => scan.last?.queued ?? null),
    gauge('perch_longest_queue_messages', 'Messages that wait for the one client that is owed most.', {
      summary: 'max',
      read: () => scan.last?.longestQueue ?? null,
    }),
  ];
}
