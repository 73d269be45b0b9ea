import type { LeaseBook } from '../../../broker/registry/lease-book.js';
import { type Metric, metricsOf } from './metric.js';

/** What is registered over FLOCK. */
export function registryMetrics(book: LeaseBook): readonly Metric[] {
  const { counter, gauge } = metricsOf('connections', 'count');
  return [
    gauge('perch_registry_instances', 'Instances of services in the registry of FLOCK.', () => book.size),
    counter('perch_registry_registered_total', 'Instances that were registered there.', () => book.registered),
    counter('perch_registry_expired_total', 'Instances whose lease ended there.', () => book.expired),
  ];
}
