import { filterMatches } from '@perch/policy';
import type { Message } from '../message.js';
import type { Clock, StopTimer } from '../ports/clock.js';
import type { PresenceEntry, PresenceRegistry } from './presence-registry.js';
import { presenceMatches, presencePayload, presenceTopic } from './presence-topic.js';
import { Statistics, STATISTICS_INTERVAL_MS, type StatisticsSource } from './statistics.js';

/** What the `$SYS` topics are made from. */
export interface SystemTopicsOptions {
  readonly clock: Clock;
  readonly presence: PresenceRegistry;
  readonly statistics: StatisticsSource;
  /** Somebody may be subscribed to one of them. */
  readonly isHeard: () => boolean;
  /** Sends the message to whoever is subscribed. It is built only when somebody is. */
  readonly publish: (topic: string, build: () => Message) => void;
}

/** Everything under `$SYS`: published by the broker alone, answered to new subscribers from what the broker knows. */
export class SystemTopics {
  private readonly statistics: Statistics;

  constructor(private readonly options: SystemTopicsOptions) {
    this.statistics = new Statistics(options.statistics);
  }

  /** Publishes the statistics now and then every ten seconds, changed ones only. */
  start(): StopTimer {
    const refresh = (): void => {
      const now = this.options.clock.now();
      this.statistics.refresh(now, (topic, value) =>
        this.options.publish(topic, () => systemMessage(topic, Buffer.from(value), now)),
      );
    };
    refresh();
    return this.options.clock.every(STATISTICS_INTERVAL_MS, refresh);
  }

  /** Publishes one presence event: a client came or went, or its session ended later, at that time. */
  announce(entry: PresenceEntry, sessionEndedAt: number | null = null): void {
    if (!this.options.isHeard()) return;
    const topic = presenceTopic(entry.clientId);
    this.options.publish(topic, () =>
      systemMessage(topic, presencePayload(entry, sessionEndedAt), sessionEndedAt ?? entry.since),
    );
  }

  /** What a new subscriber of this filter is sent as retained. */
  match(filter: string): Iterable<Message> {
    return this.messages(filter, presenceMatches(this.options.presence, filter));
  }

  private *messages(filter: string, entries: Iterable<PresenceEntry>): Generator<Message> {
    const now = this.options.clock.now();
    for (const [topic, value] of this.statistics.current()) {
      if (filterMatches(filter, topic)) yield systemMessage(topic, Buffer.from(value), now);
    }
    for (const entry of entries) yield systemMessage(presenceTopic(entry.clientId), presencePayload(entry), now);
  }
}

/** A message of the broker itself. */
function systemMessage(topic: string, payload: Buffer, now: number): Message {
  return {
    topic,
    payload,
    qos: 0,
    retain: true,
    properties: null,
    publisher: '$broker',
    receivedAt: now,
    expiresAt: null,
  };
}
