import type { Broker } from '@perch/broker';
import { type Metric, metricsOf } from './metric.js';

/** What the broker keeps: sessions with what they are owed, and retained messages. */
export function keptMetrics(broker: Broker): readonly Metric[] {
  return [...sessions(broker), ...retained(broker)];
}

function sessions({ sessions: registry, log, counters, limits, away }: Broker): readonly Metric[] {
  const { counter, gauge } = metricsOf('sessions', 'count');
  return [
    gauge('perch_sessions', 'Sessions, those that outlive their connection and those that do not.', {
      label: 'kind',
      read: () => ({ durable: registry.durable, volatile: registry.size - registry.durable }),
    }),
    gauge('perch_durable_sessions_limit', 'Durable sessions that there may be.', () => limits.durableSessions),
    gauge(
      'perch_stored_messages',
      'Messages that durable sessions are owed, counted for each of them.',
      () => log.queuedMessages,
    ),
    gauge('perch_stored_messages_limit', 'Messages that durable sessions may be owed.', () => limits.queuedMessages),
    gauge('perch_stored_bytes', 'Bytes of payload and properties that durable sessions are owed.', {
      unit: 'bytes',
      read: () => log.queuedBytes,
    }),
    counter(
      'perch_sessions_expired_total',
      'Durable sessions that ended because nobody came back in time.',
      () => counters.sessionsExpired,
    ),
    gauge('perch_resumable_sessions', 'Sessions of perch.json that can be resumed.', () => away.windows),
    gauge('perch_resume_bytes', 'Bytes of frames kept for them, counted for each.', {
      unit: 'bytes',
      read: () => away.bytes,
    }),
    gauge('perch_resume_limit_bytes', 'Bytes of frames that may be kept for them.', {
      unit: 'bytes',
      read: () => limits.resumeBytesTotal,
    }),
    counter('perch_resumes_total', 'Sessions of perch.json that went on after a break.', () => counters.resumes),
    counter(
      'perch_resume_lost_messages_total',
      'Messages that were not kept for them until then; each client was told how many.',
      () => counters.missedAtResume,
    ),
  ];
}

function retained({ retained: keeper, limits }: Broker): readonly Metric[] {
  const { gauge } = metricsOf('retained', 'count');
  return [
    gauge('perch_retained_messages', 'Topics that keep a message.', () => keeper.size),
    gauge('perch_retained_messages_limit', 'Topics that may keep a message.', () => limits.retainedMessages),
    gauge('perch_retained_bytes', 'Bytes of topics and payloads that are kept.', {
      unit: 'bytes',
      read: () => keeper.index.bytes,
    }),
    gauge('perch_retained_limit_bytes', 'Bytes of topics and payloads that may be kept.', {
      unit: 'bytes',
      read: () => limits.retainedBytes,
    }),
  ];
}
