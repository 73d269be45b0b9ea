import type { Broker } from '@perch/broker';
import { type Metric, metricsOf } from './metric.js';

/** What the broker counts, and what it holds. */
export function brokerMetrics(broker: Broker): readonly Metric[] {
  return [...connections(broker), ...messages(broker), ...bytes(broker), ...delivery(broker)];
}

function connections(broker: Broker): readonly Metric[] {
  const { counters, presence, limits } = broker;
  const { counter, gauge } = metricsOf('connections', 'count');
  return [
    gauge(
      'perch_clients',
      'Clients that are online, those that a session is kept for, and those remembered without one.',
      {
        label: 'state',
        read: () => ({
          online: presence.onlineCount,
          offline: presence.offlineCount,
          gone: presence.goneCount,
        }),
      },
    ),
    counter('perch_connects_total', 'Clients that came online.', () => counters.connects),
    counter('perch_disconnects_total', 'Clients that went offline.', () => counters.disconnects),
    counter(
      'perch_connections_opened_total',
      'Transports that were opened, let in or not.',
      () => counters.linksOpened,
    ),
    counter('perch_connections_closed_total', 'Transports that were closed.', () => counters.linksClosed),
    gauge('perch_connections_limit', 'Transports that may be open at a time.', () => limits.connections),
    gauge(
      'perch_connections_turning_away',
      'Transports that are open only to be told that there is no room.',
      () => broker.turnedAway,
    ),
  ];
}

function messages({ counters, subscriptions }: Broker): readonly Metric[] {
  const { counter, gauge } = metricsOf('messages', 'count');
  return [
    counter(
      'perch_messages_received_total',
      'Messages that were published, refused ones included.',
      () => counters.messagesReceived,
    ),
    counter(
      'perch_messages_sent_total',
      'Messages that were handed to connections, one for each receiver.',
      () => counters.messagesSent,
    ),
    counter(
      'perch_messages_dropped_total',
      'Deliveries lost to a slow reader, a full queue, an expired message or a packet too large.',
      () => counters.dropped,
    ),
    counter(
      'perch_packets_received_total',
      'Packets and frames of the protocols that came in.',
      () => counters.packetsReceived,
    ),
    counter(
      'perch_packets_sent_total',
      'Packets and frames of the protocols that went out.',
      () => counters.packetsSent,
    ),
    counter('perch_subscribes_total', 'Subscriptions granted.', () => counters.subscribes),
    counter('perch_unsubscribes_total', 'Subscriptions ended.', () => counters.unsubscribes),
    gauge('perch_subscriptions', 'Subscriptions that are in force.', () => subscriptions.size),
  ];
}

function bytes({ counters, pressure, limits }: Broker): readonly Metric[] {
  const { counter, gauge } = metricsOf('bytes', 'bytes');
  return [
    counter('perch_received_bytes_total', 'Bytes that came in from clients.', () => counters.bytesReceived),
    counter('perch_sent_bytes_total', 'Bytes that went out to clients.', () => counters.bytesSent),
    counter(
      'perch_received_payload_bytes_total',
      'Bytes of payload and properties that were published.',
      () => counters.payloadBytesReceived,
    ),
    counter(
      'perch_sent_payload_bytes_total',
      'Bytes of payload and properties that were delivered.',
      () => counters.payloadBytesSent,
    ),
    gauge('perch_waiting_bytes', 'Bytes that wait in memory for connections that take no more.', () => pressure.bytes),
    gauge('perch_waiting_limit_bytes', 'Above this publishers are held back.', () => limits.outboxBytesTotal),
  ];
}

function delivery({ counters, pressure }: Broker): readonly Metric[] {
  const { counter, gauge } = metricsOf('delivery', 'count');
  return [
    gauge('perch_slow_clients', 'Clients that are too far behind with what they are sent.', () => pressure.strained),
    counter(
      'perch_queue_overflows_total',
      'Those of the dropped deliveries that the queue of a durable session had no place for.',
      () => counters.queueOverflows,
    ),
  ];
}
