import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Broker, type StopTimer } from '@perch/broker';
import { version } from '../../config/version.js';
import { nodeName } from '../server-info/node-name.js';
import type { Stats } from './stats.schemas.js';
import { StatsSeries } from './stats-series.js';

const stepMs = 5_000;
const stepsKept = (15 * 60_000) / stepMs;

/** Sums up what the broker counts. */
@Injectable()
export class StatsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly series: StatsSeries;
  private stop: StopTimer | null = null;

  constructor(private readonly broker: Broker) {
    this.series = new StatsSeries(broker.counters, stepsKept);
  }

  onApplicationBootstrap(): void {
    this.stop = this.broker.clock.every(stepMs, () => this.series.sample(new Date()));
  }

  onModuleDestroy(): void {
    this.stop?.();
  }

  current(): Stats {
    const { counters, presence, retained, sessions, log } = this.broker;
    return {
      node: nodeName,
      version,
      startedAt: new Date(this.broker.startedAt).toISOString(),
      clientsOnline: presence.onlineCount,
      clientsKnown: presence.onlineCount + presence.offlineCount + presence.goneCount,
      subscriptions: this.subscriptions(),
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
      series: { stepMs, points: [...this.series.points] },
    };
  }

  private subscriptions(): number {
    let count = 0;
    for (const { options, subscriptions } of this.broker.sessions) if (options.isClient) count += subscriptions.size;
    return count;
  }
}
