import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { version } from '../../config/version.js';
import { nodeName } from '../server-info/node-name.js';
import type { Stats } from './stats.schemas.js';

/** Sums up what the broker counts. */
@Injectable()
export class StatsService {
  constructor(private readonly broker: Broker) {}

  current(): Stats {
    const { counters, presence, retained, sessions, log, subscriptions } = this.broker;
    return {
      node: nodeName,
      version,
      startedAt: new Date(this.broker.startedAt).toISOString(),
      clientsOnline: presence.onlineCount,
      clientsKnown: presence.onlineCount + presence.offlineCount + presence.goneCount,
      subscriptions: subscriptions.ofClients,
      retained: retained.size,
      messagesReceived: counters.messagesReceived,
      messagesSent: counters.messagesSent,
      bytesReceived: counters.bytesReceived,
      bytesSent: counters.bytesSent,
      durableSessions: sessions.durable,
      storedMessages: log.queuedMessages,
      storedBytes: log.queuedBytes,
      sessionsExpired: counters.sessionsExpired,
      dropped: counters.dropped,
      queueOverflows: counters.queueOverflows,
      waitingBytes: this.broker.pressure.bytes,
      refused: counters.refused,
      refusals: { ...counters.refusals },
      connects: counters.connects,
      disconnects: counters.disconnects,
    };
  }
}
