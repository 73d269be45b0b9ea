import type { Stores } from '../../../broker/stores/stores.js';
import type { Database } from '../../../database/database.js';
import type { DatabaseProbe } from '../database-probe.js';
import { type Metric, metricsOf } from './metric.js';

/** How the database is, as far as this process sees it. */
export function databaseMetrics({ pool }: Database, stores: Stores, probe: DatabaseProbe): readonly Metric[] {
  const { gauge } = metricsOf('database', 'count');
  const asNumber = (isTrue: boolean) => (isTrue ? 1 : 0);
  return [
    gauge('perch_database_up', 'Whether Postgres answered when it was last asked, every ten seconds.', {
      unit: 'bool',
      read: () => (probe.isUp === null ? null : asNumber(probe.isUp)),
    }),
    gauge('perch_database_answer_seconds', 'How long Postgres took for the smallest question when it was last asked.', {
      unit: 'seconds',
      summary: 'max',
      read: () => probe.answerSeconds,
    }),
    gauge('perch_database_connections', 'Connections of the shared pool.', {
      label: 'state',
      read: () => ({ busy: pool.totalCount - pool.idleCount, idle: pool.idleCount }),
    }),
    gauge('perch_database_waiting', 'Callers that wait for a connection of the shared pool.', () => pool.waitingCount),
    gauge('perch_store_up', 'Whether what must be durable is being written.', {
      unit: 'bool',
      label: 'store',
      read: () => ({ sessions: asNumber(stores.sessions.isWriting), retained: asNumber(stores.retained.isWriting) }),
    }),
  ];
}
