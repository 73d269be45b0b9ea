import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { RefusalLog } from '../../broker/refusals/refusal-log.js';
import { PolicyService } from '../../policy/policy.service.js';
import { accessMetrics } from './catalogue/access-metrics.js';
import { bridgeMetrics } from './catalogue/bridge-metrics.js';
import { brokerMetrics } from './catalogue/broker-metrics.js';
import { databaseMetrics } from './catalogue/database-metrics.js';
import { httpMetrics } from './catalogue/http-metrics.js';
import { keptMetrics } from './catalogue/kept-metrics.js';
import type { Metric, Reading } from './catalogue/metric.js';
import { processMetrics } from './catalogue/process-metrics.js';
import { TrafficWatch } from '../traffic/traffic-watch.js';
import { trafficMetrics } from './catalogue/traffic-metrics.js';
import { Probes } from './probes.js';

/** Every figure that the server tells of itself: to Prometheus, in its history and on the dashboard alike. */
@Injectable()
export class MetricCatalogue {
  readonly metrics: readonly Metric[];

  constructor(
    broker: Broker,
    policy: PolicyService,
    refusals: RefusalLog,
    { database, stores, ...probes }: Probes,
    { scan }: TrafficWatch,
  ) {
    this.metrics = [
      ...brokerMetrics(broker),
      ...trafficMetrics(scan),
      ...keptMetrics(broker),
      ...bridgeMetrics(probes.bridges),
      ...httpMetrics(probes.http),
      ...accessMetrics(broker, policy, refusals),
      ...databaseMetrics(database, stores, probes.ofDatabase),
      ...processMetrics(probes.ofProcess),
    ];
  }

  /** All that is known now, metric by metric. */
  read(): Reading[] {
    return this.metrics.flatMap(readingsOf);
  }
}

function readingsOf(metric: Metric): Reading[] {
  const read = metric.read();
  if (read === null) return [];
  if (typeof read === 'number') return [{ metric, labelValue: null, value: read }];
  return Object.entries(read).flatMap(([labelValue, value]) => (value === null ? [] : [{ metric, labelValue, value }]));
}
